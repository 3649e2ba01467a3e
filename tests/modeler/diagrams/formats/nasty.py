"""Schemas with names that mean something to one format or another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from modeler.diagrams.formats.plain_text import one_line
from modeler.schema.column import Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Function, Literal, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import App, Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.diagrams.samples import EVIL

T = TypeVar("T")

WORDS = (
    "end", "note", "end note", "style", "label", "shape", "class", "pk", "FK", "null", "Table",
    "Ref", "erDiagram", "_", "__x__", "**b**", "~~s~~", "//i//", "--", "..", "==", "<b>x</b>",
    "&lt;", "&#60;", "#60;", "#quot;", "<U+0041>", "%%", "%date()", "$x", "${x}", "`", "```",
    "'''", '"""', "\\", "\\n", "@enduml", "@startuml", "!include x", "/* x", "// x", "-- x",
    "classDef a:#b;",
    "style x:\"y", "{", "}", "[[x]]", "(a)", "a.b", "*", "a*b", "<T>", "x" * 63, "ß" * 31, "שלום",
    "‏عربى", "\U0001f468\u200d\U0001f469", EVIL, "a\nb", "a\tb", "{static} a", "+ a", "# a", "~a",
    "it's", "constructor", "__proto__", "direction", "title", "->", "<->", "null null", "head",
)  # fmt: skip
LETTERS = st.sampled_from("aB1_ '\"\\`{}[]()<>|#;:%$&*~-=+/.,!?@^é߶ש\u4e2d\U0001f600\u202e\n\t")
NAMES = st.one_of(st.sampled_from(WORDS), st.text(LETTERS, min_size=1, max_size=12)).filter(
    lambda name: bool(one_line(name).strip())
)
TYPES = st.sampled_from(
    ["bigint", "character varying(64)", "numeric(12,2)[]", "timestamp(3) with time zone",
     '"odd ""type""".x', "text"]
)  # fmt: skip


def distinct(names: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    """Names that stay apart when control characters become spaces and case means nothing."""
    return st.lists(
        names, min_size=least, max_size=most, unique_by=lambda n: one_line(n).strip().casefold()
    )


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """One to four tables in up to two apps, with keys, relations, indexes and notes."""
    titles = draw(distinct(NAMES, 1, 4))
    apps = [draw(st.sampled_from(["shop", "blog", ""])) for _ in titles]
    columns = [draw(distinct(NAMES, 1, 5)) for _ in titles]
    keys = [tuple(names[: draw(st.integers(1, min(2, len(names))))]) for names in columns]
    tables = []
    for at, title in enumerate(titles):
        key = f"{apps[at]}.{title}" if apps[at] else title
        relations, used = [], set()
        for field in draw(distinct(NAMES, 0, 3)):
            target = draw(st.integers(0, len(titles) - 1))
            near = tuple(draw(st.permutations(columns[at]))[: len(keys[target])])
            ends = frozenset([(at, tuple(sorted(near))), (target, tuple(sorted(keys[target])))])
            if len(near) < len(keys[target]) or len(ends) == 1 or ends in used:
                continue
            used.add(ends)
            far = f"{apps[target]}.{titles[target]}" if apps[target] else titles[target]
            relations.append(
                Relation(
                    key, field, RelationKind.FOREIGN_KEY, near, far,
                    Location("default", "", titles[target]), keys[target],
                    on_delete=draw(st.sampled_from(["CASCADE", "SET_NULL", "my.Delete"])),
                    enforced=draw(st.booleans()),
                    at_owner=draw(st.sampled_from(list(Cardinality))),
                    at_target=draw(st.sampled_from(list(Cardinality))),
                )
            )  # fmt: skip
        tables.append(
            Table(
                key, Location("default", "", title), TableKind.MODEL, title, app=apps[at],
                primary_key=keys[at],
                columns=tuple(
                    Column(
                        name, draw(TYPES), null=name not in keys[at] and draw(st.booleans()),
                        comment=draw(st.one_of(st.just(""), NAMES)),
                        database_default=draw(
                            st.one_of(st.none(), NAMES.map(lambda text: Literal("text", text)))
                        ),
                    )
                    for name in columns[at]
                ),
                relations=tuple(relations),
                indexes=tuple(
                    Index(
                        name,
                        tuple(IndexPart(column) for column in draw(st.permutations(columns[at]))),
                        method=draw(st.sampled_from(["btree", "gin", "brin"])),
                        unique=draw(st.booleans()),
                        condition=draw(
                            st.sampled_from(
                                [None, Operation("=", (ColumnRef(columns[at][0]),
                                                       Literal("text", EVIL)))]
                            )
                        ),
                    )
                    for name in draw(distinct(NAMES, 0, 2))
                ),
                constraints=tuple(
                    Constraint(
                        name, ConstraintKind.CHECK,
                        expression=Operation(
                            ">", (Function("length", (ColumnRef(columns[at][-1]),)),
                                  Literal("integer", "0"))
                        ),
                    )
                    for name in draw(distinct(NAMES, 0, 1))
                ),
                comment=draw(st.one_of(st.just(""), NAMES)),
            )
        )  # fmt: skip
    return Schema(
        tuple(sorted(tables, key=lambda table: table.key)),
        tuple(App(label, label, draw(NAMES)) for label in sorted({*apps} - {""})),
    )


def examples_of(strategy: st.SearchStrategy[T], count: int) -> list[T]:
    """Return examples, the same at every run, so that one call of a parser reads them all."""
    found: list[T] = []

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def collect(example: T) -> None:
        found.append(example)

    _call(collect)
    return found


def _call(test: Callable[[], None]) -> None:
    test()
