"""Rules of a table in PostgreSQL's words, and relations in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.diagrams.descriptions.columns import describe_columns
from modeler.diagrams.descriptions.consequences import rows_text
from modeler.diagrams.descriptions.constraints import constraint_text
from modeler.diagrams.descriptions.indexes import index_text
from modeler.diagrams.descriptions.partitions import partition_text, partitioning_text
from modeler.diagrams.descriptions.relations import (
    cardinality_sentences,
    columns_text,
    delete_sentence,
)
from modeler.diagrams.descriptions.triggers import trigger_text
from modeler.schema.column import Choice, Column, Generated, Validator
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Function, Literal, Opaque, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.table import Partition, Partitioning, Trigger
from tests.modeler.diagrams.samples import foreign_key, location, table

ACTIVE = ColumnRef("active")
LOWER = Function("lower", (ColumnRef("slug"),))
SUM = Operation("+", (ColumnRef("a"), ColumnRef("b")))


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        (Constraint("p", ConstraintKind.PRIMARY_KEY, ("a", "B")), 'PRIMARY KEY (a, "B")'),
        (Constraint("u", ConstraintKind.UNIQUE, ("slug",), condition=ACTIVE),
         "UNIQUE (slug) WHERE active"),
        (Constraint("u", ConstraintKind.UNIQUE, parts=(IndexPart(expression=LOWER),),
                    nulls_distinct=False, include=("b",)),
         "UNIQUE NULLS NOT DISTINCT (lower(slug)) INCLUDE (b)"),
        (Constraint("u", ConstraintKind.UNIQUE, ("a",), deferrable="deferred"),
         "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED"),
        (Constraint("u", ConstraintKind.UNIQUE, ("a",), deferrable="immediate"),
         "UNIQUE (a) DEFERRABLE"),
        (Constraint("c", ConstraintKind.CHECK, expression=Operation(">", (ColumnRef("price"),
                    Literal("integer", "0"))), valid=False, enforced=False),
         "CHECK (price > 0) NOT VALID NOT ENFORCED"),
        (Constraint("x", ConstraintKind.EXCLUSION, method="gist", condition=ACTIVE,
                    parts=(IndexPart("room", operator="="), IndexPart("during", operator="&&"))),
         "EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (active)"),
        (Constraint("f", ConstraintKind.FOREIGN_KEY, ("a",), target=Location("d", "s", "T"),
                    target_columns=("id",), on_delete="cascade", on_update="set null",
                    deferrable="immediate"),
         'FOREIGN KEY (a) REFERENCES s."T" (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE'),
        (Constraint("n", ConstraintKind.NOT_NULL, ("a",)), "NOT NULL a"),
    ],
)  # fmt: skip
def test_constraints(constraint, expected):
    assert constraint_text(constraint) == expected


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (Index("i", (IndexPart("a"), IndexPart("b", descending=True, nulls="last"))),
         "btree (a, b DESC NULLS LAST)"),
        (Index("i", (IndexPart("tags", operator_class="gin_trgm_ops"),), "gin",
               options=(("fastupdate", "off"),)),
         "gin (tags gin_trgm_ops) WITH (fastupdate = off)"),
        (Index("i", (IndexPart(expression=LOWER), IndexPart(expression=SUM, collation="C")),
               unique=True, nulls_distinct=False, include=("c",), condition=ACTIVE, valid=False),
         'UNIQUE btree (lower(slug), (a + b) COLLATE "C") INCLUDE (c) NULLS NOT DISTINCT '
         "WHERE active INVALID"),
        (Index("i", (IndexPart(expression=Opaque("a || b")),)), "btree ((a || b))"),
        (Index("i", (IndexPart(expression=Function("timezone", (Literal("text", "UTC"),
                                                                ColumnRef("at")))),)),
         "btree ((at AT TIME ZONE 'UTC'))"),
    ],
)  # fmt: skip
def test_indexes(index, expected):
    assert index_text(index) == expected


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        (Trigger("t", "before", ("insert", "update"), "row", "round_price", ("price",)),
         "BEFORE INSERT OR UPDATE OF price FOR EACH ROW EXECUTE FUNCTION round_price()"),
        (Trigger("t", "after", ("delete",), "row", "audit.log", (), ACTIVE, constraint=True,
                 deferrable="deferred", enabled="disabled"),
         "CONSTRAINT AFTER DELETE DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (active) "
         "EXECUTE FUNCTION audit.log() DISABLED"),
        (Trigger("t", "instead of", ("truncate",), "statement"),
         "INSTEAD OF TRUNCATE FOR EACH STATEMENT"),
    ],
)  # fmt: skip
def test_triggers(trigger, expected):
    assert trigger_text(trigger) == expected


def test_partitions():
    key = (ColumnRef("made_at"), Function("lower", (ColumnRef("x"),)), SUM)
    assert (
        partitioning_text(Partitioning("range", key))
        == "PARTITION BY RANGE (made_at, lower(x), (a + b))"
    )
    bound = "FOR VALUES FROM ('a') TO ('b')"
    assert partition_text(Partition(location("event"), bound)) == f"PARTITION OF event {bound}"


def test_columns():
    sample = table(
        "x.A",
        Column("b_id", "uuid", null=True),
        Column("state", "character varying(9)", default=Literal("text", "new"),
               choices=(Choice("new", "New"), Choice("x", "Old <one>")), collation="C",
               comment="Said once", help_text="Said once"),
        Column("made", "timestamp with time zone", database_default=Function("now")),
        Column("key", "uuid", default=Opaque("uuid.uuid4", language="python")),
        Column("sum", "integer", generated=Generated(SUM), sensitive=True),
        Column("n", "bigint", identity="by default",
               validators=(Validator("django.core.validators.MinValueValidator",
                                     (("limit_value", "3"),)),)),
        relations=(foreign_key("x.A", "b", "x.B"),),
        constraints=(Constraint("u", ConstraintKind.UNIQUE, ("n",)),),
        indexes=(Index("i", (IndexPart("state"),)),),
    )  # fmt: skip
    said = {
        each.column.name: (
            each.type,
            each.marks,
            each.default,
            each.by_django,
            each.facts,
            each.targets,
        )
        for each in describe_columns(sample)
    }  # fmt: skip
    assert said == {
        "id": ("uuid", ("primary key",), "", False, (), ()),
        "b_id": ("uuid", ("foreign key",), "", False, (), ("x.B",)),
        "state": ("varchar(9)", ("indexed",), "'new'", True,
                  ("COLLATE C", "one of new, x (Old <one>)"), ()),
        "made": ("timestamptz", (), "now()", False, (), ()),
        "key": ("uuid", (), "uuid.uuid4", True, (), ()),
        "sum": ("integer", ("generated", "sensitive"), "", False,
                ("GENERATED ALWAYS AS (a + b) STORED",), ()),
        "n": ("bigint", ("unique", "identity"), "", False,
              ("GENERATED BY DEFAULT AS IDENTITY", "MinValueValidator(limit_value=3)"), ()),
    }  # fmt: skip
    assert describe_columns(sample)[2].text == "Said once"


ORDER = replace(table("shop.Order"), label="order", label_plural="orders")
CUSTOMER = replace(table("shop.Customer"), label="customer", label_plural="customers")
BOUGHT = foreign_key("shop.Order", "customer", "shop.Customer", on_delete="PROTECT")


@pytest.mark.parametrize(
    ("at_target", "at_owner", "expected"),
    [
        (Cardinality.ONE, Cardinality.ZERO_OR_MORE,
         ("each order has exactly one customer", "each customer has any number of orders")),
        (Cardinality.ZERO_OR_ONE, Cardinality.ONE_OR_MORE,
         ("each order has at most one customer", "each customer has at least one order")),
    ],
)  # fmt: skip
def test_cardinalities(at_target, at_owner, expected):
    relation = replace(BOUGHT, at_target=at_target, at_owner=at_owner)
    assert cardinality_sentences(relation, ORDER, CUSTOMER) == expected


def test_a_generic_foreign_key_has_one_end():
    generic = Relation("shop.Order", "about", RelationKind.GENERIC, ("kind_id", "number"))
    assert cardinality_sentences(generic, ORDER, None) == (
        "each order has exactly one row of any table",
    )
    assert columns_text(generic, ORDER) == "kind_id, number"


@pytest.mark.parametrize(
    ("on_delete", "enforced", "expected"),
    [
        ("", True, ""),
        ("CASCADE", True, "deleting the customer deletes its orders"),
        ("SET_NULL", True, "deleting the customer sets the reference to NULL"),
        ("SET_DEFAULT", True, "deleting the customer sets the reference to its default"),
        ("SET", True, "deleting the customer sets the reference to a given value"),
        ("PROTECT", True, "the customer cannot be deleted while it has orders"),
        ("RESTRICT", True, "the customer cannot be deleted while it has orders that stay"),
        ("DO_NOTHING", True, "the database keeps the customer while it has orders"),
        ("DO_NOTHING", False, "deleting the customer leaves its orders as they are"),
        ("shop.keep", True, "shop.keep decides when the customer is deleted"),
    ],
)
def test_deletes(on_delete, enforced, expected):
    relation = replace(BOUGHT, on_delete=on_delete, enforced=enforced)
    assert delete_sentence(relation, ORDER, CUSTOMER) == expected


def test_a_generic_relation_is_declared_at_the_row_that_is_deleted():
    relation = Relation(
        "shop.Customer", "orders", RelationKind.GENERIC_REVERSE, target="shop.Order",
        on_delete="CASCADE",
    )  # fmt: skip
    assert delete_sentence(relation, CUSTOMER, ORDER) == "deleting the customer deletes its orders"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(None, "unknown"), (0, "0"), (0.004, "almost none"), (0.3, "0.3"), (1.0, "1"), (2.34, "2.3"),
     (12.4, "12"), (12345.0, "12\u202f345")],
)  # fmt: skip
def test_rows(rows, expected):
    assert rows_text(rows) == expected
