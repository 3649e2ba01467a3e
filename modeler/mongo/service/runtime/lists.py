"""Pipelines of lists, and of references that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modeler.mongo.service.runtime.collection import HIDDEN
from modeler.mongo.service.runtime.errors import UnknownField

# A stage of a pipeline, or a filter.
Stage = dict[str, Any]


@dataclass(frozen=True)
class Reference:
    """A field that holds the key of a document elsewhere.

    Attributes:
        name: what it is called here.
        path: of the field.
        collection: where the other document lies.
        target: the field there that has the value.
        arrays: on the way to the field, from the outermost in.
    """

    name: str
    path: str
    collection: str
    target: str
    arrays: tuple[str, ...] = ()

    def orphans(self) -> list[Stage]:
        """Return a pipeline for what no document there has.

        A row of its result has the document's _id and the missing value.
        """
        return [
            *({"$unwind": f"${array}"} for array in self.arrays),
            {"$match": {self.path: {"$ne": None}}},
            self.lookup("found"),
            {"$match": {"found": {"$eq": []}}},
            {"$project": {"_id": 1, "missing": f"${self.path}"}},
        ]

    def lookup(self, field: str) -> Stage:
        """Return a stage that puts the other documents in an array."""
        return {
            "$lookup": {
                "from": self.collection,
                "localField": self.path,
                "foreignField": self.target,
                "pipeline": [{"$unset": list(HIDDEN)}],
                "as": field,
            },
        }


@dataclass(frozen=True)
class ListView:
    """A list as people know it.

    Attributes:
        columns: name and the path that it shows.
        lookups: references that some column or search needs; the document
            found lies in a field of the reference's name.
        search: path and way: icontains, istartswith, iexact or exact.
        filters: name and path.
        order: path and direction.
    """

    columns: tuple[tuple[str, str], ...]
    lookups: tuple[Reference, ...] = ()
    search: tuple[tuple[str, str], ...] = ()
    filters: tuple[tuple[str, str], ...] = ()
    order: tuple[tuple[str, int], ...] = ()

    def pipeline(
        self,
        collection: str,
        *,
        where: Mapping[str, Any] | None = None,
        search: str = "",
        filters: Mapping[str, Any] | None = None,
        limit: int = 100,
    ) -> list[Stage]:
        """Return the pipeline: match, look up, sort, limit, project.

        Args:
            collection: its name, for messages.
            where: what must hold before anything else.
            search: every word of it must be found in one of the places.
            filters: value by name.
            limit: at most so many rows.

        Raises:
            UnknownField: the list has no filter of that name.
        """
        paths = dict(self.filters)
        own: list[Stage] = [dict(where)] if where else []
        far: list[Stage] = []
        for name, value in (filters or {}).items():
            if name not in paths:
                raise UnknownField(collection, name, "is no filter")
            test = {paths[name]: {"$eq": value}}
            (far if self._looked_up(paths[name]) else own).append(test)
        for word in search.split():
            ways = [word_filter(path, way, word) for path, way in self.search]
            beyond = any(self._looked_up(path) for path, _ in self.search)
            # Without a place to search in, nothing is found.
            some: Stage = {"$or": ways} if ways else {"_id": {"$in": []}}
            (far if beyond else own).append(some)
        late = any(self._looked_up(path) for path, _ in self.order)
        end: list[Stage] = [
            *([{"$sort": dict(self.order)}] if self.order else []),
            {"$limit": limit},
        ]
        joined = self._joined()
        first = not far and not late
        return [
            *([{"$match": {"$and": own}}] if own else []),
            *(end if first else []),
            *joined,
            *([{"$match": {"$and": far}}] if far else []),
            *([] if first else end),
            {"$project": {name: f"${path}" for name, path in self.columns}},
        ]

    def _looked_up(self, path: str) -> bool:
        fields = {reference.name for reference in self.lookups}
        return path.partition(".")[0] in fields

    def _joined(self) -> list[Stage]:
        stages: list[Stage] = []
        for reference in self.lookups:
            stages.append(reference.lookup(reference.name))
            one = {"$first": f"${reference.name}"}
            stages.append({"$set": {reference.name: one}})
        return stages


def word_filter(path: str, way: str, word: str) -> Stage:
    """Return a filter: a word in a text, without regard to case."""
    if way == "exact":
        return {path: {"$eq": word}}
    text = re.escape(word)
    pattern = {
        "icontains": text,
        "istartswith": f"^{text}",
        "iexact": rf"^{text}\z",
    }[way]
    return {path: {"$regex": pattern, "$options": "i"}}
