"""A module for services: typed documents and repositories of collections, for pymongo alone.

It is one file that a service copies. It needs Python 3.11 and pymongo 4.6, neither Django nor
modeler. What is the same for every schema stands in ``runtime``; the rest is written here.
"""

from __future__ import annotations

from collections.abc import Iterable

from modeler.mongo.service.definitions import definition
from modeler.mongo.service.imports import Imports, mentioned
from modeler.mongo.service.layout import Raw, docstring, laid_out, plain
from modeler.mongo.service.names import Names, class_name
from modeler.mongo.service.repositories import Written, repositories
from modeler.mongo.service.runtime_source import runtime_source
from modeler.mongo.service.typed import DocumentTypes
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema

HEAD = '''\
{opening}

Written by manage.py collection_specs --format pymongo; write it anew when the models
change. It needs pymongo alone:

    client = connect()  # $MONGO_URL; see Settings
    database = open_database(client, "…")
    ensure_collections(database)
    {variable} = {repository}(database)
    page = {variable}.page(limit=20)

A collection that modeler keeps in step with PostgreSQL is for reading: what a service
writes there gives way to the row when that changes.
"""
# ruff: noqa: E501
'''
# What the written part may need beside what the rest imports.
OFFERED = {
    "base64": ("b64decode",),
    "bson.binary": ("Binary",),
    "bson.datetime_ms": ("DatetimeMS",),
    "bson.decimal128": ("Decimal128",),
    "bson.int64": ("Int64",),
    "bson.objectid": ("ObjectId",),
    "collections.abc": ("Mapping",),
    "datetime": ("datetime",),
    "typing": ("Any", "Literal", "NotRequired", "TypedDict"),
    "uuid": ("UUID",),
}
LISTED = "REPOSITORIES: tuple[type[Repository[Any, Any]], ...] = "
ENSURE = '''\
def ensure_collections(database: Database[dict[str, Any]]) -> None:
    """Make all collections with their rules and indexes; again is harmless."""
    for repository in REPOSITORIES:
        repository.definition.ensure(database)
'''


def to_pymongo(schema: Schema, specs: Iterable[CollectionSpec]) -> str:
    """Return the source of the module; equal specifications give equal bytes.

    Args:
        schema: that the specifications were made from.
        specs: of the collections.
    """
    runtime = runtime_source()
    offered = {name for names in OFFERED.values() for name in names}
    names = Names(
        {*runtime.names, *runtime.imports.bound(), *offered, "REPOSITORIES", "ensure_collections"}
    )
    specs = tuple(specs)
    # Documents get the plain names, before parts of others can take them.
    called = [_names(schema, spec, names) for spec in specs]
    types = DocumentTypes(schema, names)
    written = [
        Written(spec, types.write(spec, document), constant, repository)
        for spec, (document, repository, constant) in zip(specs, called, strict=True)
    ]
    classes = repositories(schema, written)
    blocks = []
    for one, source in zip(written, classes, strict=True):
        lead = f"{one.definition} = "
        blocks.append(one.types.source)
        blocks.append(lead + laid_out(definition(one.spec), 0, len(lead)))
        blocks.append(source)
    listed = laid_out(tuple(Raw(one.repository) for one in written), 0, len(LISTED))
    end = f"{LISTED}{listed}\n\n\n{ENSURE}"
    body = "\n\n\n".join([*blocks, end])
    imports = Imports(set(runtime.imports.modules))
    for module, given in runtime.imports.names.items():
        imports.names[module] |= given
    spoken = mentioned(body)
    for module, members in OFFERED.items():
        if used := spoken & set(members):
            imports.names[module] |= used
    return "\n".join([_head(written), imports.text(), "\n", runtime.text, "\n", body])


def _names(schema: Schema, spec: CollectionSpec, names: Names) -> tuple[str, str, str]:
    """Return names of the document's class, of the repository and of the definition."""
    table = schema.table(spec.table)
    document = names.take(class_name(table.name), class_name(f"{table.app} {table.name}"))
    constant = "".join(
        f"_{one}" if one.isupper() and number else one for number, one in enumerate(document)
    )
    return (
        document,
        names.take(f"{document}Repository"),
        names.take(f"{constant.upper()}_COLLECTION"),
    )


def _head(written: list[Written]) -> str:
    first = written[0].repository if written else "Repository"
    told = plain(", ".join(one.spec.name for one in written)) or "none"
    short = told if len(told) <= 60 else f"{len(written)} collections"
    opening = docstring(f"Documents of MongoDB: {short}", 0).removesuffix('"""')
    return HEAD.format(opening=opening, variable="documents", repository=first)
