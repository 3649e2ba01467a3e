"""What can be done with the documents of one collection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Generic, TypeVar, cast

from pymongo import ReturnDocument
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure

from modeler.mongo.service.runtime.changes import Watch
from modeler.mongo.service.runtime.collection import HIDDEN, Definition
from modeler.mongo.service.runtime.errors import (
    Duplicate,
    NotFound,
    Refused,
    UnknownField,
    VersionConflict,
)
from modeler.mongo.service.runtime.lists import ListView, Reference
from modeler.mongo.service.runtime.paging import (
    Page,
    after_place,
    place_text,
    place_values,
    within,
    without_inner,
)
from modeler.mongo.service.runtime.refusals import broken_rules, taken

DocumentT = TypeVar("DocumentT")
KeyT = TypeVar("KeyT")
SHOWN = dict.fromkeys(HIDDEN, 0)
OPERATIONS = ["insert", "update", "replace", "delete"]


class Repository(Generic[DocumentT, KeyT]):
    """Documents of one collection.

    Args:
        database: of a client that connect() made: keys that are UUIDs and
            moments need its settings.
        session: of a transaction that all calls take part in.
    """

    definition: ClassVar[Definition]
    # The order of pages; it ends with _id, which no two documents share.
    order: ClassVar[tuple[tuple[str, int], ...]] = (("_id", 1),)
    # Counts changes, so that two who change at once do not undo each other.
    version_field: ClassVar[str] = ""
    list_view: ClassVar[ListView | None] = None
    references: ClassVar[tuple[Reference, ...]] = ()

    def __init__(
        self,
        database: Database[dict[str, Any]],
        session: ClientSession | None = None,
    ) -> None:
        self.database = database
        self.session = session
        name = self.definition.name
        self.collection: Collection[dict[str, Any]] = database[name]

    def create(self, document: DocumentT) -> DocumentT:
        """Store a new document, and return it with its _id.

        Raises:
            Duplicate: another has the same unique values.
            Refused: a rule is broken.
        """
        made = dict(cast("Mapping[str, Any]", document))
        if self.definition.key and "_id" in made:
            made["_id"] = self._key(made["_id"])
        with self._refusals([{"$documents": [{"$literal": made}]}], made):
            self.collection.insert_one(made, session=self.session)
        return cast("DocumentT", made)

    def get(self, key: KeyT) -> DocumentT | None:
        """Return the document of a key, None if there is none."""
        found = self.collection.find_one(
            self._one(key),
            SHOWN,
            session=self.session,
        )
        return cast("DocumentT | None", found)

    def update(
        self,
        key: KeyT,
        changes: Mapping[str, Any],
        *,
        version: int | None = None,
    ) -> DocumentT:
        """Change fields of a document, and return it as it is then.

        Args:
            key: of the document.
            changes: value by field; what lies deeper by its dotted path.
            version: as it was read; needed where documents have a version.

        Raises:
            UnknownField: documents have no such field.
            NotFound: no document has that key.
            VersionConflict: it was changed since it was read.
            Duplicate, Refused: as for create.
        """
        for name in changes:
            self._settable(name)
        return self._change(key, dict(changes), version)

    def delete(self, key: KeyT) -> None:
        """Delete a document for good.

        Raises:
            NotFound: no document has that key.
        """
        done = self.collection.delete_one(
            {"_id": {"$eq": self._key(key)}},
            session=self.session,
        )
        if not done.deleted_count:
            raise NotFound(self.definition.name, key)

    def page(
        self,
        after: str | None = None,
        limit: int = 50,
        *,
        where: Mapping[str, Any] | None = None,
    ) -> Page[DocumentT]:
        """Return documents in the order of the collection.

        Args:
            after: Page.next of the page before; from the start if None.
            limit: at most so many.
            where: a filter, as pymongo takes it.

        Raises:
            WrongPlace: after is no place.
        """
        rows, place = self._page(after, limit, where, SHOWN)
        return Page(cast("list[DocumentT]", rows), place)

    def project(
        self,
        fields: Sequence[str],
        after: str | None = None,
        limit: int = 50,
        *,
        where: Mapping[str, Any] | None = None,
    ) -> Page[dict[str, Any]]:
        """Return some fields of documents, _id always, otherwise as page.

        Raises:
            UnknownField: documents have no such field.
            WrongPlace: after is no place.
        """
        for name in fields:
            self._known(name)
        # The order's own fields are read too, to know the next place.
        wanted = {*fields, *(name for name, _ in self.order)}
        projection = dict.fromkeys(without_inner(wanted), 1)
        rows, place = self._page(after, limit, where, projection)
        tops = {name.partition(".")[0] for name in fields} | {"_id"}
        shown = [
            {name: value for name, value in row.items() if name in tops} for row in rows
        ]
        return Page(shown, place)

    def count(self, where: Mapping[str, Any] | None = None) -> int:
        """Return how many documents there are."""
        return self.collection.count_documents(
            self._among(where),
            session=self.session,
        )

    def watch(
        self,
        *,
        full_document: str = "updateLookup",
        resume_token: Mapping[str, Any] | None = None,
        where: Mapping[str, Any] | None = None,
    ) -> Watch[DocumentT]:
        """Return changes from now on, or after a token.

        Args:
            full_document: what an update carries; updateLookup is the
                document as it is when the change is read.
            resume_token: Change.resume_token of the last one seen.
            where: value by field. A deleted document has no fields any
                more: its change comes only where the collection keeps the
                states before (changeStreamPreAndPostImages).

        Raises:
            HistoryLost: the token is too old.
        """
        match: dict[str, Any] = {"operationType": {"$in": OPERATIONS}}
        if where:
            match["$or"] = [
                {f"{side}.{name}": {"$eq": value} for name, value in where.items()}
                for side in ("fullDocument", "fullDocumentBeforeChange")
            ]
        return Watch(
            self.collection,
            [{"$match": match}],
            full_document,
            resume_token,
            HIDDEN,
            before=bool(where),
        )

    def orphans(self, name: str, limit: int = 100) -> list[dict[str, Any]]:
        """Return what refers to documents that are not there.

        MongoDB does not ask whether they are.

        Args:
            name: of one of references.
            limit: at most so many.

        Raises:
            UnknownField: there is no such reference.
        """
        for reference in self.references:
            if reference.name == name:
                pipeline = [*reference.orphans(), {"$limit": limit}]
                return list(
                    self.collection.aggregate(pipeline, session=self.session),
                )
        raise UnknownField(self.definition.name, name, "is no reference")

    def rows(
        self,
        *,
        search: str = "",
        filters: Mapping[str, Any] | None = None,
        limit: int = 100,
    ) -> list[dict[str, Any]]:
        """Return rows of the list that people know; see list_view.

        Raises:
            UnknownField: there is no such filter, or no list.
        """
        if self.list_view is None:
            raise UnknownField(self.definition.name, "list_view", "is not there")
        pipeline = self.list_view.pipeline(
            self.definition.name,
            where=self._among(None),
            search=search,
            filters=filters,
            limit=limit,
        )
        return list(self.collection.aggregate(pipeline, session=self.session))

    def _change(
        self,
        key: KeyT,
        values: dict[str, Any],
        version: int | None,
    ) -> DocumentT:
        query = self._one(key)
        update: dict[str, Any] = {"$set": values} if values else {}
        if self.version_field and version is None:
            raise UnknownField(
                self.definition.name,
                "version",
                "must say which version was read",
            )
        if self.version_field:
            query[self.version_field] = {"$eq": version}
            update["$inc"] = {self.version_field: 1}
        if not update:
            found = self.get(key)
            if found is None:
                raise NotFound(self.definition.name, key)
            return found
        tried = [
            {"$match": query},
            {"$set": {name: {"$literal": v} for name, v in values.items()}},
        ]
        with self._refusals(tried[: 2 if values else 1], values):
            changed = self.collection.find_one_and_update(
                query,
                update,
                SHOWN,
                return_document=ReturnDocument.AFTER,
                session=self.session,
            )
        if changed is not None:
            return cast("DocumentT", changed)
        if version is not None and self.get(key) is not None:
            raise VersionConflict(self.definition.name, key, version)
        raise NotFound(self.definition.name, key)

    def _page(
        self,
        after: str | None,
        limit: int,
        where: Mapping[str, Any] | None,
        projection: Mapping[str, int],
    ) -> tuple[list[dict[str, Any]], str | None]:
        names = [name for name, _ in self.order]
        query = self._among(where)
        if after is not None:
            beyond = after_place(self.order, place_values(names, after))
            query = {"$and": [query, beyond]} if query else beyond
        cursor = self.collection.find(query, projection, session=self.session)
        rows = list(cursor.sort(list(self.order)).limit(limit + 1))
        shown = rows[:limit]
        if len(rows) <= limit or not shown:
            return shown, None
        values = [within(shown[-1], name) for name in names]
        return shown, place_text(names, values)

    def _among(self, where: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the filter of all that is not deleted."""
        return dict(where or {})

    def _one(self, key: KeyT) -> dict[str, Any]:
        return self._among({"_id": {"$eq": self._key(key)}})

    def _key(self, key: Any) -> Any:
        """Return a key as it is stored: a composite one in its order."""
        if not self.definition.key:
            return key
        try:
            return {name: key[name] for name in self.definition.key}
        except (KeyError, TypeError) as error:
            named = ", ".join(self.definition.key)
            why = f"must name {named}"
            raise UnknownField(self.definition.name, "_id", why) from error

    def _known(self, path: str) -> None:
        top = path.partition(".")[0]
        if top != "_id" and top not in self.definition.fields:
            raise UnknownField(self.definition.name, path)

    def _settable(self, path: str) -> None:
        self._known(path)
        if path.partition(".")[0] == "_id":
            raise UnknownField(self.definition.name, path, "never changes")
        if path == self.version_field:
            raise UnknownField(self.definition.name, path, "counts by itself")

    @contextmanager
    def _refusals(
        self,
        tried: list[dict[str, Any]],
        values: Mapping[str, Any],
    ) -> Iterator[None]:
        """Turn what the server refuses into errors that name the rule."""
        definition = self.definition
        try:
            yield
        except DuplicateKeyError as error:
            index, found = taken(error, values)
            rules = {one.name: one.rule for one in definition.indexes}
            rule = rules.get(index, "_id" if index == "_id_" else index)
            raise Duplicate(definition.name, index, rule, found) from error
        except OperationFailure as error:
            if error.code != 121:
                raise
            place = self.database if "$documents" in tried[0] else self.collection
            rules_broken = broken_rules(error, definition, place, tried)
            raise Refused(definition.name, rules_broken) from error
