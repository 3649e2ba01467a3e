"""Types of a database: domains down to their base, operator classes, casts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from modeler.previews.effects import catalog_queries as queries
from modeler.previews.effects.catalog import Type
from modeler.previews.effects.type_text import read_type_text

FIRST_USER_OID = 16384
# The types that operator classes of arrays, enums and the like are declared for.
FAMILIES = {"e": 3500, "r": 3831, "m": 4537, "c": 2249}
ANY_ARRAY = 2277
# Of several types that one is stored as, the preferred of its category counts.
PREFERRED = frozenset({25, 869, 1562})  # text, inet, varbit
CAST_METHODS = {"b": "binary", "f": "function", "i": ""}


class LiveTypes:
    """Rows of ``pg_type`` and their kin, each asked for once; ``rows`` runs a query."""

    def __init__(self, rows: Callable[..., list[tuple]]) -> None:
        self.rows = rows
        self._types: dict[int, tuple] = {}
        self._collations: dict[int, str] = {}
        self._classes: dict[int, tuple] = {}
        self._casts: dict[int, list[int]] = {}
        self._texts: dict[str, Type | None] = {}
        self._defaults: dict[int, tuple[tuple[str, str], ...]] = {}

    def forget(self) -> None:
        """Forget the types that statements can change."""
        for oid in [oid for oid in self._types if oid >= FIRST_USER_OID]:
            del self._types[oid]
        for oid in [oid for oid in self._defaults if oid >= FIRST_USER_OID]:
            del self._defaults[oid]
        self._texts.clear()

    def learn(self, types: Iterable[int], collations: Iterable[int]) -> None:
        """Read the rows of some types, and of what they are made of."""
        missing = {oid for oid in types if oid and oid not in self._types}
        while missing:
            found = self.rows(queries.TYPES, [sorted(missing)])
            self._types.update((row[0], row) for row in found)
            parts = {part for row in found for part in (row[4], row[6])}
            missing = {oid for oid in parts if oid and oid not in self._types}
        unknown = sorted({oid for oid in collations if oid and oid not in self._collations})
        if unknown:
            self._collations.update(self.rows(queries.COLLATIONS, [unknown]))

    def collation(self, oid: int) -> str:
        if oid not in self._collations:
            self.learn((), [oid])
        return self._collations.get(oid, "")

    def operator_class(self, oid: int) -> str:
        if oid not in self._classes:
            self._classes = {row[0]: row for row in self.rows(queries.OPERATOR_CLASSES)}
        return self._classes[oid][1] if oid in self._classes else ""

    def of_text(self, text: str) -> Type | None:
        if text not in self._texts:
            self._texts[text] = self._read(text)
        return self._texts[text]

    def _read(self, text: str) -> Type | None:
        parts = read_type_text(text)
        if parts is None:
            return None
        found = self.rows(queries.TYPE_OF_NAME, [parts.name, parts.schema, parts.schema])
        if not found:
            return None
        self._types[found[0][0]] = found[0]
        made = self.of_oid(found[0][0], text)
        return self._array_of(made) if parts.array else made

    def of_oid(self, oid: int, text: str) -> Type:
        """Return a type; ``text`` as ``format_type`` prints it, for the modifiers."""
        self.learn([oid], ())
        row = self._types[oid]
        parts = read_type_text(text)
        _, _, name, kind, base, base_text, element, collation, constrained = row
        if kind == "d":
            inner = self.of_oid(base, base_text)
            return Type(
                inner.name, inner.modifiers, name, constrained or inner.constrained,
                inner.array, inner.polymorphic, inner.classes, inner.collation,
            )  # fmt: skip
        modifiers = parts.modifiers if parts else ()
        if element:
            self.learn([element], ())
            return self._array_of(Type(self._types[element][2], modifiers,
                                       collation=self.collation(collation)))  # fmt: skip
        return Type(
            name, modifiers, polymorphic=kind in FAMILIES,
            classes=self._default_classes(FAMILIES.get(kind, oid)),
            collation=self.collation(collation),
        )  # fmt: skip

    def _array_of(self, element: Type) -> Type:
        return Type(
            element.name, element.modifiers, array=True, polymorphic=True,
            classes=self._default_classes(ANY_ARRAY), collation=element.collation,
        )  # fmt: skip

    def _default_classes(self, oid: int) -> tuple[tuple[str, str], ...]:
        """The default operator class by method: of the type itself, else of one it is stored as.

        The server asks in that order (``GetDefaultOpClass``).
        """
        if oid in self._defaults:
            return self._defaults[oid]
        if not self._casts or oid >= FIRST_USER_OID:
            self._read_casts()
        stored_as = sorted(self._casts.get(oid, ()), key=lambda target: target in PREFERRED)
        found: dict[str, str] = {}
        stored_as = sorted(self._casts.get(oid, ()), key=lambda target: target in PREFERRED)
        for wanted in (*stored_as, oid):
            for _, name, is_default, made_for, method in self._classes.values():
                if is_default and made_for == wanted:
                    found[method] = name
        self._defaults[oid] = tuple(sorted(found.items()))
        return self._defaults[oid]

    def _read_casts(self) -> None:
        self._casts = {}
        for source, target in self.rows(queries.BINARY_CASTS):
            self._casts.setdefault(source, []).append(target)
        self._classes = {row[0]: row for row in self.rows(queries.OPERATOR_CLASSES)}

    def cast(self, source: Type, target: Type) -> str:
        """What ``pg_cast`` says of two base types, by their names."""
        oids = []
        for kind in (source, target):
            rows = self.rows(queries.TYPE_OF_NAME, [kind.name, "", ""])
            if not rows:
                return ""
            oids.append(rows[0][0])
        found = self.rows(queries.CAST, oids)
        return CAST_METHODS.get(found[0][0], "") if found else ""
