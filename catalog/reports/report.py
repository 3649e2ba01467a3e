"""A report: a question with parameters, its answer as a table, a plot and CSV."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from modeler.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it holds numbers."""

    title: str
    number: bool = False


class Report(ABC):
    """One question for analysts. A subclass says how it is asked, answered and drawn.

    ``rows`` may be long; a page shows the first ``shown`` of them and the CSV has them all.
    """

    slug: ClassVar[str]
    title: ClassVar[str]
    about: ClassVar[str]
    # Whoever may see the rows that it sums up may see the sums.
    permission: ClassVar[str]
    form: ClassVar[type[forms.Form]] = forms.Form
    columns: ClassVar[Sequence[Column]]
    shown: ClassVar[int] = 200

    @abstractmethod
    def rows(self, **parameters: Any) -> Iterable[Sequence[Any]]:
        """Return the answer for the cleaned values of the form."""

    def plot(self, rows: Sequence[Sequence[Any]], **parameters: Any) -> str:
        """Return an SVG of the rows that are shown, empty where there is nothing to draw."""
        return ""

    def document(self, **parameters: Any) -> str:
        """Return text that belongs beside the table, such as JSON."""
        return ""


_registered: dict[str, Report] = {}


def register(report: type[Report]) -> type[Report]:
    """Offer a report under its slug; decorates the class.

    Raises:
        ConfigurationError: another report has this slug.
    """
    known = _registered.get(report.slug)
    if known is not None and type(known) is not report:
        raise ConfigurationError(
            f"Two reports are called {report.slug!r}; give {report.__name__} another slug."
        )
    _registered[report.slug] = report()
    return report


def reports_for(user: Any) -> list[Report]:
    """Return the reports that a user may see, by the alphabet."""
    offered = sorted(_registered.values(), key=lambda report: report.title)
    return [report for report in offered if user.has_perm(report.permission)]


def report_named(slug: str) -> Report | None:
    """Return the report of that slug, None if there is none."""
    return _registered.get(slug)


def cell_text(value: Any) -> str:
    """Return a value as people read it in a table: grouped thousands, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
