"""From claimed entries to the documents that must be built, and what is left for later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from pymongo.database import Database

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.claim import Entry
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.ids import key_of_id
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.watch import SWEEP

PAGE = 500  # documents that one entry of many puts into the queue at once
NUMBERS = frozenset({"int", "long", "double", "decimal"})
Root = tuple[str, Key]


@dataclass(slots=True)
class Wanted:
    """What a batch has to do.

    Attributes:
        roots: ``(collection, key)`` with the entry it comes from, the oldest change first.
        later: entries to put into the queue.
    """

    roots: dict[Root, Entry] = field(default_factory=dict)
    later: list[Entry] = field(default_factory=list)


def wanted(
    look: BaseDatabaseWrapper,
    entries: Iterable[Entry],
    collections: Mapping[str, Followed],
    database: Database[Any],
) -> Wanted:
    """Find the documents that entries belong to.

    Args:
        look: a connection in autocommit: each statement sees what is committed by then, and keeps
            no lock. Locks of tables kept until MongoDB has answered would hold up who wants to
            change a table, behind that all others, and behind those the reading of the rows.
        entries: claimed.
        collections: by name.
        database: of MongoDB, for a sweep over what is stored there.
    """
    result = Wanted()
    by_watch = {one.watch: one for one in collections.values()}
    climbing: defaultdict[str, dict[Key, Entry]] = defaultdict(dict)
    with look.cursor() as cursor:
        for entry in entries:
            root, part, _ = entry.watch.partition("/")
            one = by_watch[root.removesuffix(SWEEP)]
            if root.endswith(SWEEP):
                _sweep(cursor, entry, one, database, result)
            elif entry.key is None:
                if not part and entry.after is None:
                    result.later.append(replace(entry, watch=root + SWEEP))
                _page(cursor, entry, one, one.all_roots, [], result)
            elif one.watches[entry.watch].direct:
                result.roots.setdefault((one.name, entry.key), entry)
            elif one.watches[entry.watch].many:
                columns = [[part] for part in entry.key]
                _page(cursor, entry, one, one.pages[entry.watch], columns, result)
            else:
                climbing[entry.watch].setdefault(entry.key, entry)
        for name, keys in climbing.items():
            _climb(cursor, by_watch[name.partition("/")[0]], name, keys, result)
        for one in collections.values():
            if one.spellings:
                _spell(cursor, one, result)
    return result


def _spell(cursor: Any, one: Followed, result: Wanted) -> None:
    """Add the keys as their rows spell them, where a reference may spell them otherwise.

    What was queued stays: a document of that spelling may be there, and its row gone from it.
    """
    queued = {key: entry for (name, key), entry in result.roots.items() if name == one.name}
    if not queued:
        return
    cursor.execute(one.spellings, [list(part) for part in zip(*queued, strict=True)])
    width = len(one.root.primary_key)
    for row in cursor.fetchall():
        spelt, key = tuple(row[:width]), tuple(row[width:])
        result.roots.setdefault((one.name, spelt), replace(queued[key], key=spelt))


def _climb(
    cursor: Any, one: Followed, name: str, keys: Mapping[Key, Entry], result: Wanted
) -> None:
    """Find the documents that changed rows of one watch belong to."""
    first = min(keys.values(), key=_age)
    cursor.execute(one.climbs[name], [list(part) for part in zip(*keys, strict=True)])
    for row in cursor.fetchall():
        # Which of the keys led to it no longer matters; the oldest change says how late it is.
        result.roots.setdefault((one.name, tuple(row)), replace(first, key=tuple(row)))


def _page(
    cursor: Any, entry: Entry, one: Followed, sql: str, parameters: list[Any], result: Wanted
) -> None:
    """Queue a page of the documents that an entry of many stands for."""
    width = len(one.root.primary_key)
    after = list(entry.after) if entry.after else [None] * width
    cursor.execute(sql, [*parameters, after[0], *after, PAGE])
    found = [tuple(row) for row in cursor.fetchall()]
    _queue(found, entry, one, result)
    if len(found) == PAGE:
        result.later.append(replace(entry, after=found[-1]))


def _sweep(
    cursor: Any, entry: Entry, one: Followed, database: Database[Any], result: Wanted
) -> None:
    """Queue those of a page of stored documents that have no row; they will be deleted.

    What no row can have written is somebody else's, and left alone.
    """
    pages = KeyPages(one.root)
    condition: dict[str, Any] = {"$type": _kinds(one)}
    if entry.after:
        condition["$gt"] = one.builder.ids(cursor, [entry.after])[entry.after]
    found = database[one.name].find({"_id": condition}, {"_id": 1})
    ids = [document["_id"] for document in found.sort("_id", 1).limit(PAGE)]
    keys = [key for one_id in ids if (key := key_of_id(one_id, one.key_types))]
    there, impossible = pages.existing(cursor, keys)
    gone = [key for key in keys if key not in there and key not in impossible]
    _queue(gone, entry, one, result)
    possible = [key for key in keys if key not in impossible]
    if len(ids) == PAGE and possible:
        result.later.append(replace(entry, after=possible[-1]))


def _kinds(one: Followed) -> list[str]:
    """The BSON types that an ``_id`` of this collection may have."""
    if len(one.spec.key) > 1:
        return ["object"]
    kinds = one.spec.key[0].types or ("string",)  # a type that is not known is kept as text
    return ["number" if kind in NUMBERS else kind for kind in kinds]


def _queue(keys: list[Key], entry: Entry, one: Followed, result: Wanted) -> None:
    result.later += [
        replace(entry, watch=one.watch, key=key, low=True, after=None, attempts=0) for key in keys
    ]


_age: Callable[[Entry], datetime] = lambda entry: entry.at  # noqa: E731
