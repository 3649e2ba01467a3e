"""Repositories of documents that are marked as deleted, or searched by words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from modeler.mongo.service.runtime.repository import (
    SHOWN,
    DocumentT,
    KeyT,
    Repository,
)


class SoftDeleting(Repository[DocumentT, KeyT]):
    """Documents that are marked, not deleted; the marked ones are not seen.

    Attributes:
        deleted_field: the mark: a moment, or true.
        deleted_is_moment: which of the two.
    """

    deleted_field: ClassVar[str]
    deleted_is_moment: ClassVar[bool] = True

    def soft_delete(
        self,
        key: KeyT,
        *,
        version: int | None = None,
        changes: Mapping[str, Any] | None = None,
    ) -> DocumentT:
        """Mark a document as deleted, and return it.

        Args:
            key: of the document.
            version: as for update.
            changes: of further fields, in the same write.

        Raises:
            NotFound, VersionConflict, Refused: as for update.
        """
        for name in changes or {}:
            self._settable(name)
        mark: Any = True
        if self.deleted_is_moment:
            # BSON keeps milliseconds.
            now = datetime.now(UTC)
            mark = now.replace(microsecond=now.microsecond // 1000 * 1000)
        values = {**(changes or {}), self.deleted_field: mark}
        return self._change(key, values, version)

    def with_deleted(self, key: KeyT) -> DocumentT | None:
        """Return the document of a key, deleted or not."""
        found = self.collection.find_one(
            {"_id": {"$eq": self._key(key)}},
            SHOWN,
            session=self.session,
        )
        return cast("DocumentT | None", found)

    def _among(self, where: Mapping[str, Any] | None) -> dict[str, Any]:
        mark = None if self.deleted_is_moment else {"$ne": True}
        living = {self.deleted_field: mark}
        return {"$and": [dict(where), living]} if where else dict(living)


class Searching(Repository[DocumentT, KeyT]):
    """Documents with a text index."""

    def search(
        self,
        text: str,
        limit: int = 50,
        *,
        where: Mapping[str, Any] | None = None,
    ) -> list[DocumentT]:
        """Return documents with these words, the best first.

        Args:
            text: words; one in quotes must be there, one after - must not.
            limit: at most so many.
            where: a filter besides.
        """
        score = {"$meta": "textScore"}
        query = {"$and": [{"$text": {"$search": text}}, self._among(where)]}
        found = self.collection.find(query, SHOWN, session=self.session)
        ordered = found.sort([("score", score), ("_id", 1)])
        return cast("list[DocumentT]", list(ordered.limit(limit)))
