"""A small schema with everything that a picture must tell apart."""

from __future__ import annotations

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import App, Schema
from modeler.schema.table import Table, TableKind

EVIL = 'he"ad<b>&amp;\\|{}%\u202e\U0001f600\n'


def location(table: str) -> Location:
    return Location("default", "", table)


def foreign_key(owner: str, field: str, target: str, **changes: object) -> Relation:
    app, _, name = target.partition(".")
    facts: dict = {
        "columns": (f"{field}_id",),
        "target": target,
        "target_location": location(f"{app}_{name.lower()}"),
        "target_columns": ("id",),
        "on_delete": "CASCADE",
    }
    return Relation(owner, field, RelationKind.FOREIGN_KEY, **{**facts, **changes})


def table(key: str, *columns: Column, kind: TableKind = TableKind.MODEL, **facts: object) -> Table:
    app, _, name = key.partition(".")
    all_columns = (Column("id", "uuid"), *columns) if kind is not TableKind.PROXY else ()
    return Table(
        key, location(f"{app}_{name.lower()}"), kind, name, app=app, label=name,
        primary_key=("id",), columns=all_columns, **facts,
    )  # fmt: skip


SHOP = Schema(
    tables=(
        table(
            "catalog.Category",
            Column("parent_id", "uuid", null=True),
            Column("slug", "character varying(64)"),
            relations=(
                foreign_key(
                    "catalog.Category", "parent", "catalog.Category",
                    at_target=Cardinality.ZERO_OR_ONE,
                ),
            ),
            constraints=(Constraint("slug_once", ConstraintKind.UNIQUE, ("slug",)),),
        ),
        table(
            "catalog.Product",
            Column("category_id", "uuid"),
            Column(EVIL, "timestamp(3) with time zone"),
            Column("head", "numeric(12,2)[]", null=True),
            relations=(
                foreign_key("catalog.Product", "category", "catalog.Category"),
                Relation(
                    "catalog.Product", "tags", RelationKind.MANY_TO_MANY, target="catalog.Tag",
                    target_location=location("catalog_tag"), through="catalog.Product_tags",
                    at_target=Cardinality.ZERO_OR_MORE,
                ),
            ),
        ),
        table(
            "catalog.Product_tags",
            Column("product_id", "uuid"),
            Column("tag_id", "uuid"),
            kind=TableKind.JOIN,
            relations=(
                foreign_key("catalog.Product_tags", "product", "catalog.Product"),
                foreign_key("catalog.Product_tags", "tag", "catalog.Tag"),
            ),
        ),
        table("catalog.Tag"),
        table(
            "orders.Order",
            Column("customer_id", "uuid"),
            Column("payer_id", "uuid", null=True),
            relations=(
                foreign_key("orders.Order", "customer", "shop.Customer"),
                foreign_key(
                    "orders.Order", "payer", "shop.Customer", enforced=False,
                    at_owner=Cardinality.ZERO_OR_ONE, at_target=Cardinality.ZERO_OR_ONE,
                ),
            ),
        ),
        table("shop.Customer"),
        table("shop.Vip", kind=TableKind.PROXY, bases=("shop.Customer",)),
        Table("auth.User", None, TableKind.SWAPPED, "User", app="auth"),
    ),
    apps=(App("catalog", "catalog", "Catalog & more"), App("shop", "shop", "Shop")),
)  # fmt: skip
