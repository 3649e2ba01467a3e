"""Types that come from elsewhere: a key refers, a generic relation does not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from modeler.mongo.aggregate import Aggregate, Part, PartKind
from modeler.mongo.spec import aggregate_specs, collection_specs
from modeler.mongo.text import describe
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind


def schema_of(kind: RelationKind) -> Schema:
    """Two tables, the first with a relation from its UUID to an integer of the second."""
    near, far = Location("default", "", "near"), Location("default", "", "far")
    relation = Relation(
        "a.Near", "r", kind, ("id",), target="a.Far", target_location=far,
        target_columns=("number",),
    )  # fmt: skip
    return Schema(
        tables=(
            Table(
                "a.Far", far, TableKind.MODEL, "Far", primary_key=("number",),
                columns=(Column("number", "integer", field_type="IntegerField"),),
            ),
            Table(
                "a.Near", near, TableKind.MODEL, "Near", primary_key=("id",),
                relations=(relation,),
                columns=(Column("id", "uuid", field_type="UUIDField"),),
            ),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        (RelationKind.FOREIGN_KEY, ("int",)),
        (RelationKind.ONE_TO_ONE, ("int",)),
        (RelationKind.PARENT_LINK, ("int",)),
        (RelationKind.JOIN, ("int",)),
        (RelationKind.GENERIC, ("binData",)),
        (RelationKind.GENERIC_REVERSE, ("binData",)),
    ],
)
def test_a_field_has_the_type_of_the_column_it_refers_to(kind, types):
    _, near = collection_specs(schema_of(kind))
    assert (near.name, near.key[0].types) == ("near", types)


def test_two_tables_of_one_name_are_two_collections():
    tables = tuple(
        Table(f"a.{name}", Location("default", name, "notes"), TableKind.MODEL, name)
        for name in ("Far", "Near")
    )
    names = ["Far.notes", "Near.notes"]
    assert [spec.name for spec in collection_specs(Schema(tables=tables))] == names
    # Asked for alone, a table keeps the name that it has among all.
    assert [s.name for s in collection_specs(Schema(tables=tables), tables[1:])] == names[1:]


def test_a_field_without_rule_is_said_to_take_anything():
    table = Table(
        "a.B", Location("default", "", "b"), TableKind.MODEL, "B",
        columns=(Column("bits", "bit varying(9)", null=True, field_type="Bits"),),
    )  # fmt: skip
    (spec,) = collection_specs(Schema(tables=(table,)))
    assert [describe(field) for field in spec.fields] == ["any"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": TableKind.UNMANAGED, "managed": False}, ["a.Far", "a.Near"]),
        ({"kind": TableKind.UNMANAGED, "managed": False, "informed": True}, []),
        ({"kind": TableKind.TABLE, "managed": False, "app": ""}, []),
        ({"kind": TableKind.MODEL}, []),
    ],
)
def test_what_is_not_managed_may_have_rules_that_models_do_not_know(changes, said):
    """Of a table that was read from its database all is known."""
    schema = schema_of(RelationKind.FOREIGN_KEY)
    tables = tuple(replace(table, **{"app": "a", **changes}) for table in schema.tables)
    specs = collection_specs(replace(schema, tables=tables))
    found = [one for spec in specs for one in spec.findings if one.code == "MS104"]
    assert [one.subject for one in found] == said
    parts = (Part("near", PartKind.ARRAY, "a.Near.r"),)
    (whole,) = aggregate_specs(replace(schema, tables=tables), [Aggregate("a.Far", parts=parts)])
    assert [one.subject for one in whole.findings if one.code == "MS104"] == said
