"""Reads the rows of a part and puts them into the documents above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from modeler.mongo.aggregate import PartKind
from modeler.mongo.documents.rows import Document, Link, RowQuery, is_null, row_query
from modeler.mongo.parts.spec import PartSpec
from modeler.schema.schema import Schema
from modeler.schema.table import Table

Row = Sequence[Any]
Groups = tuple[tuple["PartReader", ...], ...]


def links_of(parts: Iterable[PartSpec]) -> list[str]:
    """Return the columns of a table that lead to what is embedded in its rows."""
    return [above for part in parts for _, above in part.link]


def part_readers(
    schema: Schema, above: Table, holder: RowQuery, parts: Iterable[PartSpec]
) -> Groups:
    """Return the readers of parts; those that ask the same of different keys are in one group.

    An order's two addresses, for example: one query reads both.
    """
    groups: list[tuple[PartReader, ...]] = []
    for part in parts:
        reader = part_reader(schema, above, holder, part)
        for number, group in enumerate(groups):
            if group[0].reads_like(reader):
                groups[number] = (*group, reader)
                break
        else:
            groups.append((reader,))
    return tuple(groups)


def fill_parts(
    cursor: Any, groups: Groups, documents: Sequence[Document], rows: Sequence[Row]
) -> None:
    """Put parts into documents, as ``PartReader.fill`` one."""
    for group in groups:
        first, *others = group
        if not others:
            first.fill(cursor, documents, rows)
            continue
        found = first.read(cursor, set[Link]().union(*(one.wanted(rows) for one in group)))
        for one in group:
            one.place(documents, rows, found)


def part_reader(schema: Schema, above: Table, holder: RowQuery, part: PartSpec) -> PartReader:
    """Return the reader of a part, and with it those of the parts within.

    Args:
        schema: the whole.
        above: the table of the documents that the part lies in.
        holder: the query of their rows, which has the part's links.
        part: that is read.
    """
    table = schema.table(part.table)
    key = [(near, above.column(far).database_type) for near, far in part.link]
    up = [near for near, _ in part.up]
    through = part.kind is PartKind.VALUES and bool(part.parts)
    order = part.part.order or tuple(
        column.name for column in table.columns if column.name == "_order"
    )
    query = row_query(
        table, key, () if through else part.fields, [*links_of(part.parts), *up], order,
        part.part.first, within=True,
    )  # fmt: skip
    within = part_readers(schema, table, query, part.parts)
    leading = holder.leading([far for _, far in part.link])
    if part.kind is PartKind.PATH:
        return PathReader(part, query, leading, within, query.leading(up))
    return PartReader(part, query, leading, within)


class PartReader:
    """Reads one part.

    Args:
        part: its specification.
        query: of its rows.
        leading: from a row above to the key by which the part's rows are found.
        within: readers of the parts of each row, see ``part_readers``.
    """

    def __init__(
        self,
        part: PartSpec,
        query: RowQuery,
        leading: Callable[[Row], Link],
        within: Groups,
    ) -> None:
        self.part, self.query, self.leading, self.within = part, query, leading, within
        self.key = query.key()

    def reads_like(self, other: PartReader) -> bool:
        """Tell whether the other makes the same documents of the same rows."""
        mine, theirs = self.part, other.part
        return (
            type(self) is type(other) is PartReader
            and self.query.sql == other.query.sql
            and (mine.fields, mine.parts) == (theirs.fields, theirs.parts)
        )

    def fill(self, cursor: Any, documents: Sequence[Document], rows: Sequence[Row]) -> None:
        """Put the part into every document.

        Args:
            cursor: of the snapshot that the rows above are of.
            documents: above.
            rows: that they were made of, one each.
        """
        self.place(documents, rows, self.read(cursor, self.wanted(rows)))

    def wanted(self, rows: Sequence[Row]) -> set[Link]:
        """Return the keys of the part's rows, given the rows above."""
        return {link for link in map(self.leading, rows) if not is_null(link)}

    def place(
        self,
        documents: Sequence[Document],
        rows: Sequence[Row],
        found: Mapping[Link, list[Document]],
    ) -> None:
        """Put what was read into every document."""
        field, kind = self.part.field, self.part.kind
        nothing: list[Document] = []
        for document, link in zip(documents, map(self.leading, rows), strict=True):
            here = found.get(link, nothing)
            if kind is PartKind.ARRAY:
                document[field] = here
            elif kind is PartKind.VALUES:
                document[field] = [_value(one) for one in here]
            else:
                document[field] = here[0] if here else None

    def read(self, cursor: Any, links: Collection[Link]) -> dict[Link, list[Document]]:
        """Return the part's documents with all within them, by the key they were found by."""
        return self._grouped(cursor, self.query.read(cursor, links))

    def _grouped(self, cursor: Any, rows: Sequence[Row]) -> dict[Link, list[Document]]:
        documents = list(map(self.query.make, rows))
        fill_parts(cursor, self.within, documents, rows)
        found: defaultdict[Link, list[Document]] = defaultdict(list)
        for link, document in zip(map(self.key, rows), documents, strict=True):
            found[link].append(document)
        return found


class PathReader(PartReader):
    """Reads ancestors: the row that is referred to, and all above it.

    Args:
        up: from a row to the key of the one above; the others as of ``PartReader``.
    """

    def __init__(
        self,
        part: PartSpec,
        query: RowQuery,
        leading: Callable[[Row], Link],
        within: Groups,
        up: Callable[[Row], Link],
    ) -> None:
        super().__init__(part, query, leading, within)
        self.up = up

    def fill(self, cursor: Any, documents: Sequence[Document], rows: Sequence[Row]) -> None:
        """Put the path into every document, from the top down to the row it refers to."""
        links = list(map(self.leading, rows))
        known: dict[Link, tuple[Document, Link]] = {}
        missing = {link for link in links if not is_null(link)}
        while missing:
            for row in self.query.read(cursor, missing):
                known[self.key(row)] = self.query.make(row), self.up(row)
            # A reference that leads nowhere is not asked for again.
            asked, missing = missing, set()
            for link in asked:
                above = known[link][1] if link in known else None
                if not is_null(above) and above not in known:
                    missing.add(above)
        for document, link in zip(documents, links, strict=True):
            path: list[Document] = []
            seen: set[Link] = set()
            while link in known and link not in seen:
                seen.add(link)
                one, link = known[link]
                path.append(one)
            document[self.part.field] = path[::-1]


def _value(document: Document) -> Any:
    """Return the only value of a row of an array of values; of a copy within, its own."""
    (value,) = document.values()
    if isinstance(value, dict):
        (value,) = value.values()
    return value
