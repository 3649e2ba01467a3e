"""No index too many, none too few, and every kind between them."""

from __future__ import annotations

from itertools import product

from tests.orders.installed import TABLES, execute, rows

# One row an index: its columns as the server describes them, operator classes, condition, kind.
INDEXES = f"""
SELECT c.relname, i.indexrelid::regclass::text, am.amname,
       ARRAY(
           SELECT pg_get_indexdef(i.indexrelid, n, false) || ' ' || i.indclass[n - 1]
                  || ' ' || i.indoption[n - 1]
           FROM generate_series(1, i.indnkeyatts) AS n
       ),
       coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
       i.indisunique,
       EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid),
       pg_get_indexdef(i.indexrelid)
FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid
JOIN pg_class AS ic ON ic.oid = i.indexrelid
JOIN pg_am AS am ON am.oid = ic.relam
WHERE {TABLES}
"""


def redundant() -> set[tuple[str, str]]:
    """Return each index that another of the same table and kind makes redundant, with that one.

    It leads with the same columns, holds the same rows or more, and promises no uniqueness that
    would be lost.
    """
    found = set()
    indexes = rows(INDEXES)
    for one, other in product(indexes, repeat=2):
        table, name, method, columns, condition, unique, constraint, _ = one
        longer, other_condition = other[3:5]
        same = (table, method) == (other[0], other[2]) and name != other[1]
        leads = longer[: len(columns)] == columns and method in ("btree", "hash")
        holds = other_condition in ("", condition)
        kept = not (unique or constraint) or (other[5] and longer == columns)
        if same and leads and holds and kept:
            found.add((name, other[1]))
    return found


def test_no_index_makes_another_redundant(db: None) -> None:
    assert redundant() == set()


def test_a_redundant_index_is_found(db: None) -> None:
    execute("CREATE INDEX extra ON orders_orderitem (order_id)")
    assert redundant() == {("extra", "order_item_unique_product")}


def test_every_foreign_key_is_covered(db: None) -> None:
    covered = """
        SELECT k.conname
        FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND {tables} AND NOT EXISTS (
            SELECT FROM pg_index AS i
            WHERE i.indrelid = k.conrelid AND i.indpred IS NULL AND i.indkey[0] = k.conkey[1]
        )
    """
    assert rows(covered.format(tables=TABLES)) == []
    keys = "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE contype = 'f'"
    assert rows(f"SELECT count(*) {keys} AND {TABLES}") == [(12,)]


def test_every_kind_is_there(db: None) -> None:
    definitions = {name: sql for _, name, *_, sql in rows(INDEXES)}
    kinds = {
        "order_of_customer": "USING btree (customer_id, status, created_at DESC)",
        "order_open": "WHERE ((status)::text = ANY",
        "product_on_sale": "(category_id, base_price) WHERE ((deleted_at IS NULL) AND is_active)",
        "item_sales": "(product_id) INCLUDE (quantity, total_price)",
        "product_name_any_case": "(lower((name)::text), id)",
        "product_search": "USING gin (search_vector)",
        "product_attributes": "USING gin (attributes jsonb_path_ops)",
        "price_list_no_overlap": "USING gist (valid)",
        "status_change_when": "USING brin (created_at)",
        "customer_phone_hash": "USING hash (phone)",
    }
    assert {name: text for name, text in kinds.items() if text in definitions[name]} == kinds


def test_the_database_documents_itself(db: None) -> None:
    silent = rows(
        "SELECT c.relname, a.attname FROM pg_class c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
        f" WHERE c.relkind = 'r' AND {TABLES} AND a.attname !~ '^pgh_'"
        " AND col_description(c.oid, a.attnum) IS NULL"
        " UNION ALL SELECT c.relname, '' FROM pg_class c"
        f" WHERE c.relkind = 'r' AND {TABLES} AND obj_description(c.oid, 'pg_class') IS NULL"
    )
    assert silent == []
