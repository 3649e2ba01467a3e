"""Schemas to design: made by hand for cases, and generated."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import AdminFacts, Table, TableKind


def place(name: str, alias: str = "default") -> Location:
    return Location(alias, "", name.casefold())


def key_column() -> Column:
    return Column("id", "bigint", field="id", field_type="BigAutoField")


def table(name: str, *columns: Column, **more) -> Table:
    """A table of the app ``a`` with a key of its own."""
    return Table(
        f"a.{name}", place(name), TableKind.MODEL, name, app="a", label_plural=f"{name}s",
        primary_key=("id",), columns=(key_column(), *columns), **more,
    )  # fmt: skip


def text(name: str, **more) -> Column:
    return Column(
        name, "character varying(40)", field=name, field_type="CharField", max_length=40, **more
    )


def made() -> Column:
    return Column(
        "created_at", "timestamp with time zone", field="created_at", field_type="DateTimeField",
        editable=False,
    )  # fmt: skip


def refers(
    owner: Table, field: str, target: Table, *, null: bool = False, one: bool = False, **more
) -> Table:
    """Return the table with a foreign key to another more, as a model declares it."""
    column = Column(f"{field}_id", "bigint", null=null, field=field, field_type="ForeignKey")
    relation = Relation(
        owner.key, field, RelationKind.ONE_TO_ONE if one else RelationKind.FOREIGN_KEY,
        (column.name,), target.key, target.location, ("id",),
        **{
            "accessor": f"{owner.name.casefold()}_set",
            "on_delete": "CASCADE",
            "at_owner": Cardinality.ZERO_OR_ONE if one else Cardinality.ZERO_OR_MORE,
            "at_target": Cardinality.ZERO_OR_ONE if null else Cardinality.ONE,
            **more,
        },
    )  # fmt: skip
    return replace(owner, columns=(*owner.columns, column), relations=(*owner.relations, relation))


def unique(owner: Table, *columns: str) -> Table:
    constraint = Constraint(f"{owner.name}_unique", ConstraintKind.UNIQUE, columns)
    return replace(owner, constraints=(*owner.constraints, constraint))


def inlined(parent: Table, *children: Table, listed: tuple[str, ...] = ()) -> Table:
    facts = AdminFacts("admin", "a.Admin", listed, inlines=tuple(one.key for one in children))
    return replace(parent, admin=(facts,))


def schema(*tables: Table) -> Schema:
    return Schema(tables=tuple(sorted(tables, key=lambda one: one.key)))


def orders() -> Schema:
    """Orders with items, of products that have tags."""
    product = inlined(table("Product", text("name"), text("sku"), made()), listed=("name",))
    order = table("Order", made())
    item = unique(refers(refers(table("OrderItem"), "order", order), "product", product,
                         on_delete="PROTECT"), "order_id", "product_id")  # fmt: skip
    tag = table("Tag", text("name"))
    join = replace(
        unique(
            refers(refers(table("Product_tags"), "product", product), "tag", tag),
            "product_id", "tag_id",
        ),
        kind=TableKind.JOIN,
    )  # fmt: skip
    tags = Relation(
        "a.Product", "tags", RelationKind.MANY_TO_MANY, target="a.Tag",
        target_location=tag.location, through="a.Product_tags",
        through_fields=("product", "tag"), accessor="products",
    )  # fmt: skip
    product = replace(product, relations=(tags,))
    return schema(product, inlined(order, item), item, tag, join)


NAMES = ("Order", "OrderItem", "Node", "Node_set", "Tag", "TagLink", "Note")
DELETES = ("CASCADE", "PROTECT", "SET_NULL", "DO_NOTHING", "")


@st.composite
def schemas(draw) -> Schema:
    """Any graph of references: cycles, several to one table, to itself, two databases."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    bare = {
        name: replace(
            table(name, *draw(st.sampled_from([(), (text("name"),), (text("items"), made())]))),
            location=place(name, draw(st.sampled_from(["default"] * 5 + ["other"]))),
            kind=draw(
                st.sampled_from(
                    [TableKind.MODEL] * 4 + [TableKind.JOIN, TableKind.HISTORY, TableKind.VIEW]
                )
            ),
        )
        for name in names
    }
    finished = []
    for name in names:
        own = bare[name]
        for number in range(draw(st.integers(0, 3))):
            target = bare[draw(st.sampled_from(names))]
            own = refers(
                own, f"{draw(st.sampled_from(['parent', 'of', 'items']))}{number}", target,
                null=draw(st.booleans()), one=draw(st.integers(0, 4)) == 0,
                on_delete=draw(st.sampled_from(DELETES)),
                accessor=draw(st.sampled_from(["", "items", "name", f"{name.casefold()}_set"])),
                enforced=draw(st.integers(0, 4)) > 0,
            )  # fmt: skip
        columns = [column.name for column in own.columns if column.name.endswith("_id")]
        if len(columns) > 1 and draw(st.booleans()):
            own = unique(own, *columns[:2])
        if columns and draw(st.integers(0, 5)) == 0:
            own = replace(own, primary_key=tuple(columns[:2]))
        if draw(st.booleans()):
            own = inlined(
                own, bare[draw(st.sampled_from(names))],
                listed=draw(st.sampled_from([(), ("name",), ("items_count", "note_count")])),
            )  # fmt: skip
        finished.append(own)
    # What refers to a table whose key is not "id" refers to nothing that is there.
    keys = {one.key: one.primary_key for one in finished}
    return schema(
        *(
            replace(
                one,
                relations=tuple(r for r in one.relations if keys[r.target] == ("id",)),
            )
            for one in finished
        )
    )
