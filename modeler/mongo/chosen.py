"""The collections that a project has chosen: those it declares, else one a table."""

from __future__ import annotations

from collections.abc import Sequence

from modeler.conf import modeler_settings
from modeler.errors import UnknownName
from modeler.mongo.design.project import declared_collections
from modeler.mongo.server_features import OLDEST, Version, read_version
from modeler.mongo.spec import CollectionSpec, aggregate_specs, collection_specs
from modeler.schema.schema import Schema


def chosen_version() -> Version:
    """Return the version of MongoDB that the project's settings name, else the oldest.

    Raises:
        ConfigurationError: the setting is no version.
    """
    named = modeler_settings()["MONGO_VERSION"]
    return OLDEST if named is None else read_version(named)


def chosen_specs(
    schema: Schema, names: Sequence[str] = (), server: Version | None = None
) -> tuple[CollectionSpec, ...]:
    """Return the specifications that commands and pages speak of, by name.

    Args:
        schema: of the project's models.
        names: of apps, models or collections; all without any.
        server: version of the oldest MongoDB that shall hold them; else the settings'.

    Raises:
        ConfigurationError: ``MODELER["COLLECTIONS"]`` cannot be used.
        ShapeError: a declared shape does not fit the models.
        UnknownName: a name is none of these.
    """
    aggregates = declared_collections()
    server = server or chosen_version()
    specs = (
        aggregate_specs(schema, aggregates, server=server)
        if aggregates
        else collection_specs(schema, server=server)
    )
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
