"""Where an estimate's figures come from: the live server, or an export of its statistics."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from django.db import connections

from modeler.errors import ConfigurationError, ModelerError, ServerError
from modeler.postgres.production.encoding import from_json
from modeler.postgres.production.export import read_figures
from modeler.postgres.production.figures import Figures, TableFigures
from modeler.postgres.production.traffic import TrafficSample, read_traffic
from modeler.previews.relation_names import figures_name

from .queue import Rates, rates_from, rates_of
from .size import Size, size_of

# Sessions report their counters once a second at most, so that less says little.
LEAST_SPAN = 3.0


@dataclass(frozen=True, slots=True)
class Production:
    """Figures of the live database.

    Attributes:
        figures: sizes, columns, counters.
        exported: they are from a file.
        earlier, later: two readings of the counters, where the server could be asked.
        tables: of the figures, by the names that previews use.
    """

    figures: Figures
    exported: bool = False
    earlier: TrafficSample | None = None
    later: TrafficSample | None = None
    tables: dict[str, TableFigures] = field(default_factory=dict)

    def size(self, table: str) -> Size | None:
        """Return a table's size, None where it is not there or nothing is known of its rows."""
        found = self.tables.get(table)
        return size_of(self.figures, found) if found else None

    def rates(self, table: str) -> tuple[Rates, ...]:
        """Return what is known of a table's traffic: just now, and on average."""
        found = self.tables.get(table)
        if found is None:
            return ()
        rates = [rates_of(self.figures, found.schema, found.name)]
        if self.earlier and self.later:
            span = (self.later.read_at - self.earlier.read_at).total_seconds()
            if span >= LEAST_SPAN:
                rates.append(rates_from(self.earlier, self.later, found.schema, found.name))
        return tuple(rate for rate in rates if rate is not None)


def of_figures(figures: Figures, *, exported: bool = False) -> Production:
    """Return figures with what an estimate asks of them."""
    tables = {figures_name(figures, table): table for table in figures.tables}
    return Production(figures, exported, tables=tables)


def live_production(alias: str) -> Production | None:
    """Read the figures of a live database; None where it does not say."""
    try:
        found = of_figures(read_figures(connections[alias]))
    except ServerError:
        return None
    try:
        return replace(found, earlier=read_traffic(connections[alias]))
    except ServerError:
        return found


def with_traffic_now(production: Production, alias: str) -> Production:
    """Read the counters of a live database again, for the rates since they were read first."""
    if production.earlier is None:
        return production
    try:
        return replace(production, later=read_traffic(connections[alias]))
    except ServerError:
        return production


def exported_production(file: str) -> Production:
    """Read what ``manage.py export_statistics`` wrote.

    Raises:
        ConfigurationError: the file cannot be read, or is no such export.
    """
    try:
        return of_figures(from_json(Path(file).read_bytes()), exported=True)
    except OSError as error:
        raise ConfigurationError(
            f"The statistics {file} cannot be read: {error.strerror or error}. Write them with "
            "manage.py export_statistics --output FILE, on the live database."
        ) from error
    except ModelerError as error:
        raise ConfigurationError(f"The statistics {file} cannot be read: {error}") from error
