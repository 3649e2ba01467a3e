"""Changes as they happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar, cast

from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError

from modeler.mongo.service.runtime.errors import HistoryLost

Changed = TypeVar("Changed")
# The server's codes for a token that leads to nothing any more.
LOST = frozenset({280, 286})


class Change(NamedTuple, Generic[Changed]):
    """One change.

    Attributes:
        operation: insert, update, replace or delete.
        key: the document's.
        document: as it is now; None where it is gone.
        resume_token: to go on after this change, also in another process.
    """

    operation: str
    key: Any
    document: Changed | None
    resume_token: Mapping[str, Any]


class Watch(Generic[Changed]):
    """Changes of a collection, from the moment it is made or a token on.

    Use it in a with statement. Iterating waits for the next change.
    """

    def __init__(
        self,
        collection: Collection[dict[str, Any]],
        pipeline: Sequence[Mapping[str, Any]],
        full_document: str,
        resume_token: Mapping[str, Any] | None,
        hidden: Sequence[str] = (),
        before: bool = False,
    ) -> None:
        self.hidden = hidden
        self.closed = False
        with Lost():
            self.stream = collection.watch(
                pipeline,
                full_document=full_document,
                resume_after=resume_token,
                full_document_before_change="whenAvailable" if before else None,
            )

    @property
    def resume_token(self) -> Mapping[str, Any] | None:
        """The place up to which all was seen; also without a change."""
        return self.stream.resume_token

    def __iter__(self) -> Iterator[Change[Changed]]:
        return self

    def __next__(self) -> Change[Changed]:
        try:
            with Lost():
                return self._change(next(self.stream))
        except PyMongoError as error:
            if self.closed:
                raise StopIteration from error
            raise

    def try_next(self) -> Change[Changed] | None:
        """Return the next change, or None if there is none for now."""
        with Lost():
            found = self.stream.try_next()
        return None if found is None else self._change(found)

    def close(self) -> None:
        """End it, also for a thread that waits for the next change."""
        self.closed = True
        self.stream.close()

    def __enter__(self) -> Watch[Changed]:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _change(self, found: Mapping[str, Any]) -> Change[Changed]:
        document = found.get("fullDocument")
        if document is not None:
            for name in self.hidden:
                document.pop(name, None)
        return Change(
            found["operationType"],
            found["documentKey"]["_id"],
            cast("Changed | None", document),
            found["_id"],
        )


class Lost:
    """Says what to do when a resume token is too old."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, OperationFailure) and error.code in LOST:
            raise HistoryLost(
                "The server no longer knows the changes after that token. "
                "Read the collection anew, and watch without a token."
            ) from error
