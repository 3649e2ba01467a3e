"""Example queries: exact ones as cases, and every one of the blog run on its database."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import connections, router
from django.db.models import QuerySet

from modeler.diagrams.examples.example import Examples, examples_of
from modeler.diagrams.examples.snippet import Snippet
from modeler.diagrams.examples.values import Value, value_of
from modeler.errors import UnknownName
from modeler.schema.column import Choice, Column
from modeler.schema.schema import Schema
from modeler.schema.table import Source
from modeler.web.project import project_schema
from tests.modeler.diagrams.samples import EVIL, foreign_key, table


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (Column("a", "bigint"), Value("1", "1")),
        (Column("a", "numeric(12,2)"), Value("1", "1")),
        (Column("a", "smallint", choices=(Choice("3", "Three"),)), Value("3", "3")),
        (Column("a", "double precision"), Value("1.5", "1.5")),
        (Column("a", "boolean"), Value("True", "TRUE")),
        (Column("a", "character varying(3)", max_length=3), Value('"tex"', "'tex'")),
        (
            Column("a", "text", choices=(Choice("", "None"), Choice("o'\"", "O"))),
            Value("'o\\'\"'", "'o''\"'"),
        ),
        (Column("a", "timestamp(3) with time zone"),
         Value('"2026-01-31T00:00:00Z"', "'2026-01-31T00:00:00Z'")),
        (Column("a", "jsonb"), None),
        (Column("a", "integer[]"), None),
        (Column("a", "daterange"), None),
    ],
)  # fmt: skip
def test_values_by_type(column, expected):
    assert value_of(column) == expected


def test_whole_examples_of_a_small_table():
    parent = table(
        "shop.Customer", Column("name", "text", field="name"),
        source=Source("shop.models", "/shop/models.py", 3),
    )  # fmt: skip
    order = table(
        "shop.Order", Column("customer_id", "uuid", field="customer", field_type="ForeignKey"),
        relations=(
            foreign_key("shop.Order", "customer", "shop.Customer", accessor="orders",
                        query_name="orders"),
        ),
    )  # fmt: skip
    found = examples_of(Schema((parent, order)), "shop.Customer")
    key = "'00000000-0000-4000-8000-000000000001'"
    assert found == Examples(
        "from django.db.models import Count\nfrom shop.models import Customer",
        (
            Snippet(
                "One row by its key",
                'Customer.objects.get(pk="00000000-0000-4000-8000-000000000001")',
                f"SELECT *\nFROM shop_customer\nWHERE id = {key};",
            ),
            Snippet(
                "Rows with those that refer to them, in two queries",
                'Customer.objects.prefetch_related("orders")[:10]',
                "SELECT *\nFROM shop_order\nWHERE (customer_id) IN (\n"
                "    SELECT shop_customer.id\n    FROM shop_customer\n    LIMIT 10\n);",
            ),
            Snippet(
                "How many refer to each row, the most first",
                'Customer.objects.annotate(orders_count=Count("orders"))'
                '.order_by("-orders_count")[:10]',
                "SELECT shop_customer.id, count(shop_order.id) AS orders_count\n"
                "FROM shop_customer\n"
                "LEFT JOIN shop_order ON shop_order.customer_id = shop_customer.id\n"
                "GROUP BY shop_customer.id\nORDER BY orders_count DESC\nLIMIT 10;",
                ("Count",),
            ),
            Snippet(
                "Rows with a word in them",
                'Customer.objects.filter(name__icontains="word")',
                "SELECT *\nFROM shop_customer\nWHERE name ILIKE '%word%';",
            ),
        ),
    )


def test_names_are_quoted():
    evil = table("shop.Evil", Column(EVIL, "text"))
    (last,) = examples_of(Schema((evil,)), "shop.Evil").examples[-1:]
    quoted = EVIL.replace('"', '""')
    assert last.sql == f"SELECT *\nFROM shop_evil\nWHERE \"{quoted}\" ILIKE '%word%';"
    assert last.orm == ""


def test_an_unknown_table_and_a_swapped_one():
    with pytest.raises(UnknownName):
        examples_of(Schema(), "shop.None")
    assert examples_of(project_schema(), "auth.User") == Examples()


@pytest.mark.django_db(databases="__all__")
def test_every_example_of_the_blog_runs():
    """The Python ones are executed, the SQL ones explained by the server."""
    schema, kinds = project_schema(), set()
    for each in schema.tables:
        if each.location is None or each.key in {"blog.LateNote"}:  # in no migration
            continue
        model = apps.get_model(each.key)
        manager = model._default_manager.name
        found = examples_of(schema, each.key, manager=manager)
        assert found.examples, each.key
        for example in found.examples:
            kinds.add(example.title)
            run_python(f"{found.imports}\nfound = {example.orm}", each.key)
            with connections[router.db_for_read(model)].cursor() as cursor:
                cursor.execute(f"EXPLAIN {example.sql.replace('%', '%%')}", [])
    assert len(kinds) >= 8  # every sort of example was among them


def run_python(text: str, key: str) -> None:
    names: dict = {}
    try:
        exec(text, names)
        if isinstance(names["found"], QuerySet):
            list(names["found"])
    except ObjectDoesNotExist:
        pass  # it ran, and there is no such row
    except Exception as error:
        pytest.fail(f"{key}: {text}\n{type(error).__name__}: {error}")
