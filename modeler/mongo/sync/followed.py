"""The collections that a worker keeps in step, ready to use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.sync.routes import all_roots_sql, roots_sql, spellings_sql
from modeler.mongo.sync.watch import Watch, entry_names, root_watch, watches
from modeler.schema.named_types import with_named_types
from modeler.schema.schema import Schema
from modeler.schema.table import Table


@dataclass(frozen=True, slots=True)
class Followed:
    """A collection with all that leads to its documents.

    Attributes:
        spec: its specification.
        root: the table of its root.
        builder: of its documents.
        watches: by name.
        climbs: query of the root keys, for watches whose key is not the root's.
        pages: the same in pages, for those that belong to many documents.
        all_roots: a page of all root keys.
        spellings: query of keys as their rows spell them; ``""`` where that is always the same.
    """

    spec: CollectionSpec
    root: Table
    builder: DocumentBuilder
    watches: Mapping[str, Watch]
    climbs: Mapping[str, str]
    pages: Mapping[str, str]
    all_roots: str
    spellings: str = ""

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def watch(self) -> str:
        """The name of the root's watch: what queues a document."""
        return root_watch(self.name)

    @property
    def key_types(self) -> tuple[str, ...]:
        return self.builder.key_types


def known_watches(collections: Iterable[Followed]) -> list[str]:
    """Return what entries of these collections are called."""
    return entry_names([watch for one in collections for watch in one.watches.values()])


def followed(schema: Schema, specs: Iterable[CollectionSpec]) -> dict[str, Followed]:
    """Return the collections that have a key, by name."""
    schema = with_named_types(schema)
    made = {}
    for spec in specs:
        if not spec.key:
            continue
        root = schema.table(spec.table)
        named = {watch.name: watch for watch in watches(schema, [spec])}
        led = {name: watch for name, watch in named.items() if watch.joins and not watch.direct}
        made[spec.name] = Followed(
            spec,
            root,
            DocumentBuilder(schema, spec),
            named,
            {name: roots_sql(watch, root) for name, watch in led.items()},
            {name: roots_sql(watch, root, page=True) for name, watch in led.items()},
            all_roots_sql(root),
            spellings_sql(root),
        )
    return made
