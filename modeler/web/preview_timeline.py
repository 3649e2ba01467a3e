"""The lock timeline as a table of a page: cells, and each bar in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import WorkKind
from modeler.previews.estimates.words import held_in_words
from modeler.previews.holds import Hold
from modeler.previews.preview import MigrationPreview
from modeler.previews.timeline import Row, Stretch, Timeline
from modeler.previews.timeline_bars import Weight, weight_of
from modeler.previews.timeline_columns import Column
from modeler.previews.waiting import SHORT, meaning, wait_in_words, work_in_words
from modeler.web.preview_estimates import held_for

NUMBERS = 6  # statements that are named one by one
# Short enough to stand on end in a narrow column's head.
WORK = {
    WorkKind.REWRITE: gettext_lazy("rewrite"),
    WorkKind.COPY: gettext_lazy("file copy"),
    WorkKind.SCAN: gettext_lazy("scan"),
    WorkKind.INDEX_BUILD: gettext_lazy("index build"),
    WorkKind.VALIDATION: gettext_lazy("key check"),
    WorkKind.ROWS: gettext_lazy("rows written"),
    WorkKind.READ: gettext_lazy("rows read"),
}


@dataclass(frozen=True, slots=True)
class ModeInWords:
    """A lock mode for a legend: its name, abbreviation and plain meaning."""

    mode: LockMode
    short: str
    means: str


@dataclass(slots=True)
class Saying:
    """What is said of a bar; bars that say the same in later transactions share it.

    Attributes:
        number: in the page, from 1.
        hold: the first of them.
        mode: it, in words.
        weight: see ``Weight``.
        spans: first and last statement of each, from 1.
        causes: why.
        wait: who waits, ``""`` where nobody does.
        during: work that goes on meanwhile, in words.
        held: for how long by the estimate, and who queues; ``""`` where that is not known.
        formula: how that was worked out.
    """

    number: int
    hold: Hold
    mode: ModeInWords
    weight: Weight
    causes: tuple[str, ...]
    wait: str
    during: str
    held: str = ""
    formula: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The statement that takes the lock, from 1."""
        return self.spans[0][0]

    @property
    def when(self) -> str:
        """Return such as ``statements 3–7``."""
        said = [_numbers(first, last) for first, last in self.spans[:NUMBERS]]
        words = ", ".join(said)
        if len(self.spans) > NUMBERS:
            words = _("%(some)s … (%(number)d times)") % {"some": words, "number": len(self.spans)}
        one = len(self.spans) == 1 and self.spans[0][0] == self.spans[0][1]
        return (_("statement %s") if one else _("statements %s")) % words


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row; see ``Stretch``."""

    span: int
    saying: Saying | None = None
    begins: bool = False
    work: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table."""

    row: Row
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: statement numbers from 1, and the work on it."""

    column: Column
    work: tuple[str, ...]

    @property
    def first(self) -> int:
        return self.column.first + 1

    @property
    def last(self) -> int:
        return self.column.last + 1


@dataclass(frozen=True, slots=True)
class Span:
    """A group's head: its words and how many columns it covers."""

    span: int
    label: str


@dataclass(frozen=True, slots=True)
class TimelinePicture:
    """What the template draws.

    Attributes:
        heads: of the columns.
        transactions, operations: heads of groups.
        lines: the rows.
        sayings: in the order of their first statement.
        modes: those that occur, the strongest first.
        light, parts: how many rows are shown on demand.
        folded: some columns hold several statements.
    """

    heads: tuple[Head, ...]
    transactions: tuple[Span, ...]
    operations: tuple[Span, ...]
    lines: tuple[Line, ...]
    sayings: tuple[Saying, ...]
    modes: tuple[ModeInWords, ...]
    light: int
    parts: int
    folded: bool

    @property
    def heavy(self) -> int:
        return len(self.lines) - self.light - self.parts


def in_words(mode: LockMode) -> ModeInWords:
    """Return a mode with its abbreviation and its plain meaning."""
    return ModeInWords(mode, SHORT[mode], meaning(mode))


def timeline_picture(timeline: Timeline, migration: MigrationPreview) -> TimelinePicture:
    """Return what to draw of a timeline."""
    sayings: dict[object, Saying] = {}
    of_bar: list[Saying] = []
    modes = {mode: in_words(mode) for mode in LockMode}
    for bar in timeline.bars:
        held = held_for(migration.held, bar)
        key = (
            bar.relation, bar.mode, bar.causes, frozenset(work for _at, work in bar.during), held,
        )  # fmt: skip
        if key not in sayings:
            sayings[key] = Saying(
                len(sayings) + 1,
                bar,
                modes[bar.mode],
                weight_of(bar.kind, bar.mode),
                bar.causes,
                wait_in_words(bar),
                work_in_words((work for _at, work in bar.during), bar.relation),
                held_in_words(held) if held else "",
                held.seconds.formula if held else "",
            )
        sayings[key].spans.append((bar.first + 1, bar.last + 1))
        of_bar.append(sayings[key])
    used = {bar.mode for bar in timeline.bars if bar.kind.holds_rows}
    return TimelinePicture(
        tuple(
            Head(
                column,
                tuple(dict.fromkeys(str(WORK.get(work.kind, work.kind)) for work in column.work)),
            )
            for column in timeline.columns
        ),
        tuple(
            Span(group.span, _numbers(group.number + 1, group.last + 1))
            for group in timeline.transactions
        ),
        tuple(_operations(timeline, migration)),
        tuple(
            Line(row, tuple(_cell(stretch, of_bar) for stretch in row.stretches))
            for row in timeline.rows
        ),
        tuple(sayings.values()),
        tuple(modes[mode] for mode in reversed(LockMode) if mode in used),
        timeline.count(Weight.LIGHT),
        timeline.count(Weight.PART),
        timeline.folded,
    )


def _operations(timeline: Timeline, migration: MigrationPreview) -> Iterable[Span]:
    for group in timeline.operations:
        label = _("at the end")
        if group.number != group.last:
            last = str(group.last + 1) if group.last >= 0 else label
            if group.number >= 0:
                label = _("operations %(first)d – %(last)s") % {
                    "first": group.number + 1, "last": last,
                }  # fmt: skip
        elif 0 <= group.number < len(migration.operations):
            label = f"{group.number + 1}. {migration.operations[group.number].description}"
        elif group.number >= 0:
            label = str(group.number + 1)
        yield Span(group.span, label)


def _numbers(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _cell(stretch: Stretch, of_bar: list[Saying]) -> Cell:
    saying = of_bar[stretch.number] if stretch.number >= 0 else None
    work = work_in_words(stretch.work, saying.hold.relation if saying else "")
    return Cell(stretch.span, saying, stretch.begins, work)
