"""From claimed entries to the documents that must be built, and what is left for later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pymongo.database import Database

from modeler.mongo.documents.sql import Key
from modeler.mongo.sync.claim import Entry
from modeler.mongo.sync.followed import SWEEP, Followed
from modeler.mongo.sync.ids import key_of_id

PAGE = 500  # documents that one entry of many puts into the queue at once
Root = tuple[str, Key]


@dataclass(slots=True)
class Wanted:
    """What a batch has to do.

    Attributes:
        roots: ``(collection, key)`` with the entry it comes from, the oldest change first.
        later: entries to put into the queue.
        unknown: watches that no specification has.
    """

    roots: dict[Root, Entry] = field(default_factory=dict)
    later: list[Entry] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)


def wanted(
    cursor: Any,
    entries: Iterable[Entry],
    collections: Mapping[str, Followed],
    database: Database[Any],
) -> Wanted:
    """Find the documents that entries belong to.

    Args:
        cursor: of the claiming transaction; each statement sees what is committed by then.
        entries: claimed.
        collections: by name.
        database: of MongoDB, for a sweep over what is stored there.
    """
    result = Wanted()
    climbing: defaultdict[str, dict[Key, Entry]] = defaultdict(dict)
    for entry in entries:
        name = entry.watch.partition("/")[0].removesuffix(SWEEP)
        one = collections.get(name)
        watch = one.watches.get(entry.watch.removesuffix(SWEEP)) if one else None
        if one is None or watch is None:
            result.unknown.add(entry.watch)
        elif entry.watch.endswith(SWEEP):
            _sweep(cursor, entry, one, database, result)
        elif entry.key is None:
            if entry.watch == one.name and entry.after is None:
                result.later.append(replace(entry, watch=one.name + SWEEP))
            _page(cursor, entry, one, one.all_roots, [], result)
        elif watch.direct:
            result.roots.setdefault((one.name, entry.key), entry)
        elif watch.many:
            columns = [[part] for part in entry.key]
            _page(cursor, entry, one, one.pages[entry.watch], columns, result)
        else:
            climbing[entry.watch].setdefault(entry.key, entry)
    for name, keys in climbing.items():
        one = collections[name.partition("/")[0]]
        first = min(keys.values(), key=_age)
        cursor.execute(one.climbs[name], [list(part) for part in zip(*keys, strict=True)])
        for row in cursor.fetchall():
            # Which of the keys led to it no longer matters; the oldest change says how late it is.
            result.roots.setdefault((one.name, tuple(row)), replace(first, key=tuple(row)))
    return result


def _page(
    cursor: Any, entry: Entry, one: Followed, sql: str, parameters: list[Any], result: Wanted
) -> None:
    """Queue a page of the documents that an entry of many stands for."""
    width = len(one.root.primary_key)
    after = list(entry.after) if entry.after else [None] * width
    cursor.execute(sql, [*parameters, after[0], *after, PAGE])
    found = [tuple(row) for row in cursor.fetchall()]
    _queue(found, entry, one, result)


def _sweep(
    cursor: Any, entry: Entry, one: Followed, database: Database[Any], result: Wanted
) -> None:
    """Queue a page of the documents that are stored: those without a row will be deleted."""
    query: dict[str, Any] = {}
    if entry.after:
        query = {"_id": {"$gt": one.builder.ids(cursor, [entry.after])[entry.after]}}
    stored = database[one.name].find(query, {"_id": 1}).sort("_id", 1).limit(PAGE)
    width = len(one.root.primary_key)
    keys = [key for document in stored if (key := key_of_id(document["_id"], width))]
    _queue(keys, entry, one, result)


def _queue(keys: list[Key], entry: Entry, one: Followed, result: Wanted) -> None:
    result.later += [
        Entry(one.name, key, low=True, after=None, attempts=0, at=entry.at) for key in keys
    ]
    if len(keys) == PAGE:
        result.later.append(replace(entry, after=keys[-1]))


_age: Callable[[Entry], datetime] = lambda entry: entry.at  # noqa: E731
