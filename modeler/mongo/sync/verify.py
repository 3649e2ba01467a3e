"""Compares documents with the rows they stand for.

Three depths: figures (counts, sums of the root's numbers), hashes (of what the rows say now and
what was written last), and contents (the stored bytes themselves, which also shows what others
changed). What differs is compared again after the queue has drained: a change on its way is no
difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bson.codec_options import CodecOptions
from bson.decimal128 import Decimal128
from bson.raw_bson import RawBSONDocument
from pymongo.collection import Collection
from pymongo.database import Database

from modeler.mongo.documents.sql import Key, quoted, rows_of
from modeler.mongo.sync.building import build
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.ids import key_of_id
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.sync.stamp import stored_hash
from modeler.mongo.validator import SYNC_FIELD

PAGE = 1_000
# How often differences are looked at again: rows may change while they are compared.
ROUNDS = 3
FOREIGN = (
    "no row can have this _id: somebody else wrote it, or a label of its key was renamed; it is "
    "deleted by hand"
)
NUMBERS = frozenset({"int", "long", "decimal"})


class Depth(StrEnum):
    """How far a comparison goes."""

    FIGURES = "figures"
    HASHES = "hashes"
    CONTENTS = "contents"


class Fault(StrEnum):
    """In which way a document and its row differ."""

    MISSING = "missing"  # a row without a document
    EXTRA = "extra"  # a document without a row
    STALE = "stale"  # what was written last is not what the row says now
    EDITED = "edited"  # what is stored is not what was written last
    UNBUILDABLE = "unbuildable"  # the row cannot become a document


@dataclass(frozen=True, slots=True)
class Difference:
    """A document that differs: the row's key, or for an extra one its ``_id`` as text."""

    fault: Fault
    key: Key
    detail: str = ""


@dataclass(slots=True)
class Verification:
    """What a comparison found.

    Attributes:
        collection: its name.
        rows, documents: how many there are.
        sharing: rows without a document of their own, see ``KeyPages.sharing``.
        sums: ``(field, sum over rows, sum over documents)`` where they differ.
        compared: documents compared one by one.
        differences: at most as many as were asked for.
        more: how many differences are not listed.
    """

    collection: str
    rows: int = 0
    documents: int = 0
    sharing: int = 0
    sums: list[tuple[str, str, str]] = field(default_factory=list)
    compared: int = 0
    differences: list[Difference] = field(default_factory=list)
    more: int = 0

    @property
    def equal(self) -> bool:
        return not self.differences and not self.sums and self.rows == self.documents


class Verifier:
    """Compares one collection.

    Args:
        connections: to PostgreSQL.
        database: of MongoDB.
        one: the collection.
        target: its name there, the specification's if not given.
        limit: differences that are listed.
    """

    def __init__(
        self,
        connections: WorkerConnections,
        database: Database[Any],
        one: Followed,
        target: str = "",
        limit: int = 1_000,
    ) -> None:
        self.connections = connections
        self.one = one
        raw: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
        name = target or one.name
        self.collection: Collection[Any] = database[name]
        self.raw: Collection[RawBSONDocument] = database.get_collection(name, codec_options=raw)
        self.pages = KeyPages(one.root)
        self.limit = limit

    def verify(
        self,
        depth: Depth = Depth.HASHES,
        settle: Callable[[], None] = lambda: None,
        progress: Callable[[int], None] = lambda done: None,
    ) -> Verification:
        """Compare all.

        Args:
            depth: see Depth.
            settle: waits until the queue has drained; called before differences are compared
                again.
            progress: told after every page how many were compared.

        Raises:
            django.db.Error, pymongo.errors.PyMongoError: a server does not answer.
        """
        result = Verification(self.one.name)
        suspects: list[Key] = []
        if depth is not Depth.FIGURES:
            for keys in self._pages():
                suspects += [one.key for one in self._compare(keys, depth)]
                result.compared += len(keys)
                progress(len(keys))
        self._count(result)
        extra = self._extra() if result.documents > result.rows - len(suspects) else []
        result.sums = self._sums()
        found: list[Difference] = []
        for _ in range(ROUNDS):
            if not (suspects or extra or result.sums or result.rows != result.documents):
                break
            settle()
            self._count(result)
            result.sums = self._sums()
            found = []
            for start in range(0, len(suspects), PAGE):
                found += self._compare(suspects[start : start + PAGE], depth)
            suspects = [one.key for one in found]
            extras = self._still_extra(extra)
            extra = [one for one, _ in extras]
            found += [difference for _, difference in extras]
        result.differences = found[: self.limit]
        result.more = len(found) - len(result.differences)
        return result

    def _pages(self) -> Iterator[list[Key]]:
        after: Key | None = None
        while True:
            with self.connections.versions.cursor() as cursor:
                keys = self.pages.page(cursor, after, None, PAGE)
            if not keys:
                return
            yield keys
            after = keys[-1]

    def _count(self, result: Verification) -> None:
        with self.connections.versions.cursor() as cursor:
            result.rows = self.pages.count(cursor)
            result.sharing = self.pages.sharing(cursor)
        result.documents = self.collection.count_documents({})

    def _compare(self, keys: Sequence[Key], depth: Depth) -> list[Difference]:
        """Return what differs among these rows."""
        built = build(self.connections, self.one, keys, 0)
        found = [Difference(Fault.UNBUILDABLE, key, why) for key, why in built.failed.items()]
        ids = [document.id for document in built.documents.values()]
        shown = None if depth is Depth.CONTENTS else {f"{SYNC_FIELD}.h": 1}
        stored = {repr(one["_id"]): one for one in self.raw.find({"_id": {"$in": ids}}, shown)}
        for key, document in built.documents.items():
            there = stored.get(repr(document.raw["_id"]))
            if there is None:
                found.append(Difference(Fault.MISSING, key))
            elif _hash(there) != document.hash:
                found.append(Difference(Fault.STALE, key))
            elif depth is Depth.CONTENTS and stored_hash(there) != document.hash:
                found.append(Difference(Fault.EDITED, key))
        return found

    def _extra(self) -> list[Any]:
        """Return the ``_id`` of every document without a row."""
        found: list[Any] = []
        page: list[Any] = []
        for document in self.collection.find({}, {"_id": 1}).sort("_id", 1):
            page.append(document["_id"])
            if len(page) == PAGE:
                found += self._without_row(page)
                page = []
        return [*found, *self._without_row(page)]

    def _without_row(self, ids: Sequence[Any]) -> list[Any]:
        keys = {repr(one): key_of_id(one, self.pages.kinds) for one in ids}
        asked = [key for key in keys.values() if key is not None]
        with self.connections.versions.cursor() as cursor:
            there, _ = self.pages.existing(cursor, asked)
        return [one for one in ids if keys[repr(one)] not in there]

    def _still_extra(self, ids: Iterable[Any]) -> list[tuple[Any, Difference]]:
        ids = list(ids)
        stored = {
            repr(document["_id"])
            for document in self.collection.find({"_id": {"$in": ids}}, {"_id": 1})
        }
        missing = self._without_row([one for one in ids if repr(one) in stored])
        return [(one, self._extra_one(one)) for one in missing]

    def _extra_one(self, document_id: Any) -> Difference:
        key = key_of_id(document_id, self.pages.kinds)
        with self.connections.versions.cursor() as cursor:
            _, impossible = self.pages.existing(cursor, [key] if key else [])
        if key is None or impossible:
            return Difference(Fault.EXTRA, (str(document_id),), FOREIGN)
        return Difference(Fault.EXTRA, key)

    def _sums(self) -> list[tuple[str, str, str]]:
        """Return the sums of the root's numbers that differ."""
        types = {column.name: column.database_type for column in self.one.root.columns}
        fields = [
            one
            for one in self.one.spec.fields
            if one.stored and one.types[:1] and one.types[0] in NUMBERS
            if one.formula is None and types[one.column] != "interval"
        ]
        if not fields:
            return []
        sums = ", ".join(f"sum({quoted(one.column)})::numeric::text" for one in fields)
        with self.connections.versions.cursor() as cursor:
            cursor.execute(f"SELECT {sums} FROM {rows_of(self.one.root)}")
            rows = cursor.fetchone()
        group: dict[str, Any] = {"_id": None}
        group.update({f"s{n}": {"$sum": f"${one.name}"} for n, one in enumerate(fields)})
        reply: dict[str, Any] = next(iter(self.collection.aggregate([{"$group": group}])), {})
        found = []
        for number, (one, text) in enumerate(zip(fields, rows, strict=True)):
            left, right = Decimal(text or 0), _decimal(reply.get(f"s{number}", 0))
            if left != right:
                found.append((one.name, str(left), str(right)))
        return found


def _hash(document: RawBSONDocument) -> bytes:
    """Return the hash that was kept when it was written, nothing where it never was by us."""
    mark = document.get(SYNC_FIELD)
    return bytes(mark.get("h", b"")) if mark else b""


def _decimal(value: Any) -> Decimal:
    return value.to_decimal() if isinstance(value, Decimal128) else Decimal(value)
