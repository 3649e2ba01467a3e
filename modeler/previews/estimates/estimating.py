"""A preview with estimates: what its heavy statements will cost the live server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import DatabaseError

from modeler.errors import ServerError
from modeler.previews.preview import MigrationPreview, Preview
from modeler.previews.shadow_project import Progress, ShadowProject, shadow_project
from modeler.previews.sql.commands import Query
from modeler.previews.sql.reader import read_statements
from modeler.previews.steps import Steps
from modeler.previews.waiting import made_until

from .budget import BUDGET, Budget
from .costs import estimate_of
from .estimate import Grounds
from .heavy import Heavy, heavy_statements
from .origins import Origins
from .production import Production, with_traffic_now
from .repetition import Repeated, Repetition
from .waits import held_of, queue_of, rates_by_relation, waiting_holds

DATA = frozenset({"RunPython", "RunSQL"})


@dataclass(frozen=True, slots=True)
class Estimated:
    """What came of it.

    Attributes:
        preview: with its estimates.
        changed: rows that data statements change, by migration key and position, where the
            planner could say.
    """

    preview: Preview
    changed: dict[tuple[str, int], float]


def with_estimates(
    preview: Preview,
    steps: Steps,
    production: Production,
    *,
    now: datetime,
    applied: bool = False,
    offline: bool = False,
    budget: float = BUDGET,
    progress: Progress | None = None,
) -> Estimated:
    """Measure the heavy statements of a preview on the shadow and say what they will cost.

    Args:
        preview: what was rehearsed.
        steps: what was asked for.
        production: figures of the live database.
        now: for what the estimates say of their age.
        applied: migrations that are applied already get estimates as well.
        offline: the project's own servers are not asked.
        budget: seconds after which no measurement is begun.
        progress: called with (measured, of how many, statement) before each measurement.

    Raises:
        ServerError: the shadow cannot be used.
    """
    heavy = heavy_statements(preview, production, applied=applied)
    data = _data(preview, applied)
    if not heavy and not data:
        return Estimated(replace(preview, grounds=_grounds(preview, production, now, 0, ())), {})
    budgeted = Budget(heavy, budget, progress)
    found: dict[int, Repeated] = {}
    notes: list[str] = []
    with shadow_project(preview.database, offline=offline) as project:
        done = 0
        for number, migration in enumerate(preview.migrations):
            own = {one.position: one for one in heavy if one.migration == number}
            asked = data.get(number, frozenset())
            if not own and not asked:
                continue
            try:
                done = _bring(project, steps, migration, done)
                with project.shadow.clone(
                    "estimates", template=project.clones[project.alias]
                ) as clone:
                    repetition = Repetition(project.shadow, clone, production, budgeted.begin)
                    found[number] = repetition.run(migration, own, asked)
            except (ServerError, DatabaseError) as error:
                words = " ".join(str(error).split())
                notes.append(f"{migration.key} could not be measured. {words}")
                break
            notes += [note for note in found[number].notes if note not in notes]
    if not production.exported:
        production = with_traffic_now(production, preview.database)
    migrations = _migrations(preview, production, heavy, found)
    changed = {
        (preview.migrations[number].key, position): rows
        for number, repeated in found.items()
        for position, rows in repeated.changed.items()
    }
    grounds = _grounds(preview, production, now, budgeted.begun, tuple(notes))
    return Estimated(replace(preview, migrations=migrations, grounds=grounds), changed)


def _data(preview: Preview, applied: bool) -> dict[int, frozenset[int]]:
    """Return the positions of statements of project code that change rows of a condition."""
    found = {}
    for number, migration in enumerate(preview.migrations):
        if migration.applied and not applied:
            continue
        positions = frozenset(
            position
            for position, statement in enumerate(migration.forward)
            if 0 <= statement.operation < len(migration.operations)
            and migration.operations[statement.operation].kind in DATA
            and any(
                isinstance(command, Query) and command.writes and not command.from_rows
                for command in read_statements(statement.sql)
            )
        )
        if positions:
            found[number] = positions
    return found


def _bring(project: ShadowProject, steps: Steps, migration: MigrationPreview, done: int) -> int:
    """Run the steps before a migration that did not run yet; return how many ran.

    Raises:
        ServerError: one of them failed.
    """
    names = [(step.app, step.name) for step in steps.steps]
    until = names.index((migration.app, migration.name))
    if until == done and done:
        return done
    before = tuple(replace(step, shown=False) for step in steps.steps[:until])
    for event in project.migrate(replace(steps, steps=before), done=done):
        if event["event"] == "failed":
            raise ServerError(f"The migrations before it failed: {event['error']}.")
    return until


def _migrations(
    preview: Preview,
    production: Production,
    heavy: Iterable[Heavy],
    found: dict[int, Repeated],
) -> tuple[MigrationPreview, ...]:
    by_place = {(one.migration, one.position): one for one in heavy}
    numbers = {one.migration for one in by_place.values()}
    origins = Origins()
    migrations = []
    for number, migration in enumerate(preview.migrations):
        if not preview.together:
            origins = Origins()
        origins.follow(statement.sql for statement in migration.forward)
        if number in numbers:
            own = {at: one for (where, at), one in by_place.items() if where == number}
            repeated = found.get(number, Repeated())
            migration = _estimated(preview, migration, own, repeated, production, origins)
        migrations.append(migration)
    return tuple(migrations)


def _estimated(
    preview: Preview,
    migration: MigrationPreview,
    heavy: dict[int, Heavy],
    repeated: Repeated,
    production: Production,
    origins: Origins,
) -> MigrationPreview:
    statements = list(migration.forward)
    unknown = set()
    for position, one in heavy.items():
        trial = repeated.trial(position)
        estimate = estimate_of(one, trial, repeated.changed.get(position))
        if estimate is None:
            continue
        if estimate.seconds is None:
            unknown.add(position)
        statements[position] = replace(statements[position], estimate=estimate)
    holds = waiting_holds(statements, made_until(preview, migration))
    names = {hold.relation: origins.of(hold.relation) for hold in holds}
    rates = rates_by_relation(holds, production, names)
    for position in heavy:
        estimate = statements[position].estimate
        if estimate is None:
            continue
        transaction = statements[position].transaction
        meanwhile = [
            hold
            for hold in holds
            if hold.first <= position <= hold.last
            and statements[hold.first].transaction == transaction
        ]
        if meanwhile:
            known = estimate.seconds
            queue = queue_of(meanwhile, known.interval, rates) if known else None
            estimate = replace(estimate, blocks=True, queue=queue)
            statements[position] = replace(statements[position], estimate=estimate)
    held = held_of(statements, frozenset(unknown), holds, rates)
    return replace(migration, forward=tuple(statements), held=held)


def _grounds(
    preview: Preview,
    production: Production,
    now: datetime,
    measured: int,
    notes: tuple[str, ...],
) -> Grounds:
    figures = production.figures
    return Grounds(
        production.exported,
        figures.read_at,
        now,
        figures.server_version,
        preview.server_version,
        measured,
        (*_unknown(production), *notes),
    )


def _unknown(production: Production) -> Iterator[str]:
    """Yield what the figures do not tell, where that bears upon estimates."""
    if production.figures.standby:
        yield (
            "The database that was asked is a standby: its counters are its own, and not those of "
            "the primary."
        )
    if production.exported and production.figures.counting_since is None:
        yield (
            "The export does not say since when its counters count, so that it is not known how "
            "many queries would queue; they count from the last pg_stat_reset()."
        )
