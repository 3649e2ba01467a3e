from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.diagrams.hints import hints_of
from modeler.schema.column import Column
from modeler.schema.index import Index, IndexPart
from modeler.schema.schema import Schema
from modeler.schema.table import TableKind
from tests.modeler.diagrams.samples import foreign_key, table

CUSTOMER = table("shop.Customer")
KEY = foreign_key("shop.Order", "customer", "shop.Customer")
INDEX = Index("i", (IndexPart("customer_id"),))


def order(*columns: Column, **facts: object):
    return table("shop.Order", *columns, **facts)


@pytest.mark.parametrize(
    ("asked", "others", "hints"),
    [
        pytest.param(
            order(Column("customer_id", "uuid"), relations=(KEY,), indexes=(INDEX,)),
            [CUSTOMER], [], id="in order",
        ),
        pytest.param(
            order(Column("customer_id", "uuid")), [CUSTOMER],
            ["customer_id looks like a reference to shop.Customer, but no relation says so.",
             "Nothing refers to it, and it refers to nothing."],
            id="named like a reference",
        ),
        pytest.param(
            order(Column("customer_id", "bigint")), [CUSTOMER],
            ["Nothing refers to it, and it refers to nothing."], id="of another type",
        ),
        pytest.param(
            order(Column("customer_id", "uuid")), [CUSTOMER, table("crm.Customer")],
            ["Nothing refers to it, and it refers to nothing."], id="of two likely tables none",
        ),
        pytest.param(
            order(Column("customer_id", "uuid"), relations=(KEY,)), [CUSTOMER],
            ["No index starts with customer_id: deleting a row of shop.Customer reads this whole "
             "table."],
            id="without an index",
        ),
        pytest.param(
            order(Column("customer_id", "uuid"), relations=(replace(KEY, enforced=False),)),
            [CUSTOMER],
            ["The database does not enforce customer: its rows may refer to nothing."],
            id="not enforced",
        ),
        pytest.param(
            replace(
                order(Column("customer_id", "uuid"), relations=(KEY,), indexes=(INDEX,)),
                primary_key=(),
            ),
            [CUSTOMER], ["There is no primary key: rows cannot be told apart."],
            id="without a key",
        ),
        pytest.param(
            order(Column("customer_id", "uuid"), kind=TableKind.VIEW), [CUSTOMER], [], id="a view",
        ),
    ],
)  # fmt: skip
def test_hints(asked, others, hints):
    schema = Schema((asked, *others))
    assert [hint.sentence for hint in hints_of(schema, "shop.Order")] == hints
