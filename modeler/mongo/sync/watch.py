"""Which rows of PostgreSQL a collection's documents are made of, and how a row leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from modeler.mongo.aggregate import PartKind
from modeler.mongo.field import FieldSpec
from modeler.mongo.parts.spec import REFERS_HERE, PartSpec
from modeler.mongo.spec import CollectionSpec
from modeler.schema.location import Location
from modeler.schema.schema import Schema
from modeler.schema.table import Table

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Join:
    """A step towards the root: rows of ``table`` that match what was reached so far.

    Attributes:
        table: where they lie.
        on: ``(column of this table, column of the table below)``.
    """

    table: Location
    on: Pairs


@dataclass(frozen=True, slots=True)
class Watch:
    """Rows of one table that are part of a collection's documents.

    Attributes:
        name: ``orders`` for the root, ``orders/items.product`` below it.
        collection: the specification's name.
        table: that is watched.
        key: ``(column, type)``: what a changed row queues; the type is that of the other side.
        columns: ``(column, type)`` whose change matters; an update of others queues nothing.
        identity: ``(column, type)`` of the watched table's primary key, by which old and new rows
            are paired.
        direct: the key is the root's.
        many: a row may belong to any number of documents, which are then queued one by one.
        inserts: a new row may belong to a document that was there before.
        above: the columns of the next table up that equal the key, with its steps to the root.
        up: of a path: ``(column of a row, column of the row above)``.
        unwatched: see ``Table.unwatched``.
    """

    name: str
    collection: str
    table: Location
    key: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, str], ...]
    identity: tuple[tuple[str, str], ...]
    direct: bool = True
    many: bool = False
    inserts: bool = True
    above: tuple[str, ...] = ()
    joins: tuple[Join, ...] = ()
    up: Pairs = ()
    unwatched: str = ""


def watches(schema: Schema, specs: Iterable[CollectionSpec]) -> tuple[Watch, ...]:
    """Return all that must be watched, the root of each collection first.

    Collections without a primary key have no document that could be found again: none for them.
    """
    found: list[Watch] = []
    for spec in specs:
        if not spec.key:
            continue
        root = schema.table(spec.table)
        types = tuple((name, root.column(name).database_type) for name in root.primary_key)
        columns = set(_columns((*spec.key, *spec.fields)))
        columns |= {above for part in spec.parts for _, above in part.link}
        found.append(_watch(root_watch(spec.name), spec, root, types, columns))
        for part in spec.parts:
            found += _part(schema, spec, root, part, ())
        for one in spec.computed:
            table = schema.table(one.table)
            key = tuple((near, root.column(far).database_type) for near, far in one.link)
            used = {near for near, _ in one.link} | {one.computed.column} - {""}
            found.append(
                _watch(
                    f"{root_watch(spec.name)}/{one.field.name}", spec, table, key, used,
                    direct=[far for _, far in one.link] == list(root.primary_key),
                    above=tuple(far for _, far in one.link),
                    joins=(Join(_location(root), ()),),
                )
            )  # fmt: skip
    return _merged(found)


def _columns(fields: Iterable[FieldSpec]) -> Iterator[str]:
    for field in fields:
        if field.formula is not None:
            yield from field.formula.columns
        elif field.stored:
            yield field.column


def _merged(found: Sequence[Watch]) -> tuple[Watch, ...]:
    """Let one watch stand for all whose rows lead to the root's key in the same way."""
    merged: dict[object, Watch] = {}
    for watch in found:
        alone = watch.name if not watch.direct else ""
        mark = (watch.collection, watch.table, watch.key, alone)
        if mark in merged:
            first = merged[mark]
            columns = tuple(dict.fromkeys((*first.columns, *watch.columns)))
            merged[mark] = replace(first, columns=columns)
        else:
            merged[mark] = watch
    return tuple(merged.values())


def _part(
    schema: Schema, spec: CollectionSpec, above: Table, part: PartSpec, joins: tuple[Join, ...]
) -> list[Watch]:
    """Watch a part and all within it.

    Args:
        joins: from the table above to the root, without the table above.
    """
    table = schema.table(part.table)
    root = schema.table(spec.table)
    key = tuple((near, above.column(far).database_type) for near, far in part.link)
    far = tuple(far for _, far in part.link)
    used = {near for near, _ in part.link} | {near for near, _ in part.up}
    used |= set(_columns(part.fields)) if part.kind is not PartKind.VALUES else set()
    if part.kind is PartKind.VALUES and not part.parts:
        used |= {part.fields[0].column}
    used |= {column for inner in part.parts for _, column in inner.link}
    used |= {name.removeprefix("-") for name in part.part.order} | {"_order"}
    refers = part.kind in REFERS_HERE
    route = (Join(_location(above), ()), *joins)
    made = [
        _watch(
            f"{root_watch(spec.name)}/{part.place.path}", spec, table, key, used,
            direct=refers and not joins and list(far) == list(root.primary_key),
            many=not refers,
            # A referenced row is there when the transaction ends that refers to it.
            inserts=refers or not _enforced(schema, part),
            above=far,
            joins=route,
            up=part.up,
        )
    ]  # fmt: skip
    below = _down(part)
    for inner in part.parts:
        made += _part(schema, spec, table, inner, (Join(_location(above), below), *joins))
    return made


def _down(part: PartSpec) -> Pairs:
    """How a row of the table above is found from one of the part: (above, part)."""
    return tuple((above, near) for near, above in part.link)


def _enforced(schema: Schema, part: PartSpec) -> bool:
    return next(r.enforced for r in schema.relations if r.key == part.part.relation)


def _watch(
    name: str,
    spec: CollectionSpec,
    table: Table,
    key: tuple[tuple[str, str], ...],
    used: Iterable[str],
    **how: object,
) -> Watch:
    wanted = set(used)
    columns = tuple(
        (column.name, column.database_type) for column in table.columns if column.name in wanted
    )
    identity = tuple((name, table.column(name).database_type) for name in table.primary_key)
    return Watch(
        name, spec.name, _location(table), key, columns, identity, unwatched=table.unwatched,
        **how,  # type: ignore[arg-type]
    )  # fmt: skip


def _location(table: Table) -> Location:
    assert table.location is not None
    return table.location


def tables_of(found: Sequence[Watch]) -> tuple[Location, ...]:
    """Return the tables that need triggers, each once."""
    return tuple(dict.fromkeys(watch.table for watch in found if not watch.unwatched))


def unwatched_of(found: Sequence[Watch]) -> tuple[tuple[str, Location], ...]:
    """Return what can have no triggers, each once: ``(view, its place)``."""
    return tuple(
        dict.fromkeys((watch.unwatched, watch.table) for watch in found if watch.unwatched)
    )


def root_watch(collection: str) -> str:
    """Return the name of the watch of a collection's root: without what separates names."""
    return collection.replace("%", "%25").replace("/", "%2F").replace("?", "%3F")


SWEEP = "?"  # after a root's watch: documents of MongoDB whose rows may be gone


def entry_names(found: Iterable[Watch]) -> list[str]:
    """Return what entries of the queue are called that these watches and their roots make."""
    roots = {root_watch(watch.collection) for watch in found}
    return sorted({*(watch.name for watch in found), *roots, *(root + SWEEP for root in roots)})
