"""The collections that a project has chosen: those it declares, else one a table."""

from __future__ import annotations

from collections.abc import Sequence

from modeler.errors import UnknownName
from modeler.mongo.design.project import declared_collections
from modeler.mongo.spec import CollectionSpec, aggregate_specs, collection_specs
from modeler.schema.schema import Schema


def chosen_specs(schema: Schema, names: Sequence[str] = ()) -> tuple[CollectionSpec, ...]:
    """Return the specifications that commands and pages speak of, by name.

    Args:
        schema: of the project's models.
        names: of apps, models or collections; all without any.

    Raises:
        ConfigurationError: ``MODELER["COLLECTIONS"]`` cannot be used.
        ShapeError: a declared shape does not fit the models.
        UnknownName: a name is none of these.
    """
    aggregates = declared_collections()
    specs = aggregate_specs(schema, aggregates) if aggregates else collection_specs(schema)
    if not names:
        return specs
    by_name = {spec.name: spec for spec in specs}
    wanted = {name for name in names if name in by_name}
    others = [name for name in names if name not in by_name]
    if others:
        tables = {table.key for table in schema.select(others).tables}
        found = {spec.name for spec in specs if spec.table in tables}
        if not found and aggregates:
            raise UnknownName("collection", others[0], by_name)
        wanted |= found
    return tuple(spec for spec in specs if spec.name in wanted)
