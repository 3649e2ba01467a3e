"""What is looked at before anything is changed: the plan, a rehearsal, the live server."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from modeler.errors import ServerError
from modeler.postgres.preflight.obstacle import Obstacle, ObstacleKind
from modeler.previews.judgement import judged, sizes_of
from modeler.previews.options import Options
from modeler.previews.preview import Preview
from modeler.previews.rehearsal import preview_of
from modeler.previews.safely.log import Log
from modeler.previews.safely.obstacles import obstacles, stopping
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.stopped import Stopped
from modeler.previews.safely.targets import pending_nodes, steps_of
from modeler.previews.safely.words import counted, number, obstacle_text, plan_text
from modeler.previews.shadow_project import Progress
from modeler.previews.steps import Node, load
from modeler.reporting.finding import Level
from modeler.reporting.formats import FORMATS
from modeler.reporting.report import Report
from modeler.reporting.waiver import Waiver


@dataclass(frozen=True, slots=True)
class Look:
    """One look.

    Attributes:
        alias: of the database.
        patience: locks that are held for longer than a statement waits are an obstacle.
        write: takes a text for the terminal.
        app, name: as given to ``migrate``; ``""`` for all.
        rehearsal: what kind of, None for none.
        waivers: beside those in the migrations' files.
        fail_on: findings as grave stop, None: none does.
        accepted: kinds of obstacles that do not stop.
        plan: say what would be done, too.
    """

    alias: str
    patience: Patience
    log: Log
    write: Callable[[str], None]
    app: str = ""
    name: str = ""
    rehearsal: Options | None = None
    waivers: tuple[Waiver, ...] = ()
    fail_on: Level | None = Level.ERROR
    accepted: Collection[ObstacleKind] = ()
    plan: bool = False

    def __call__(
        self, progress: Progress | None = None
    ) -> tuple[MigrationLoader, tuple[Node, ...]]:
        """Say what is found, and return what is pending.

        Raises:
            Stopped: it is too grave; nothing was changed.
            ServerError, ConfigurationError: it could not be looked at.
        """
        loader = load(self.alias)
        nodes = pending_nodes(loader, self.alias, self.app, self.name)
        preview = report = None
        if nodes and self.rehearsal is not None:
            preview, report = self._previewed(loader, nodes, self.rehearsal, progress)
        found = obstacles(connections[self.alias], preview, older_than=self.patience.lock_timeout)
        stops = stopping(found, self.accepted)
        if self.plan:
            self.write(plan_text(loader, nodes, preview, self.patience, self.alias))
        if report is not None:
            self.write(FORMATS["text"](report))
        if text := obstacle_text(found, stops):
            self.write(text)
        reasons = [*self._grave(report), *_in_the_way(stops)]
        if reasons:
            raise Stopped(f"Refused, and nothing was changed. {' '.join(reasons)}")
        return loader, nodes

    def _previewed(
        self,
        loader: MigrationLoader,
        nodes: tuple[Node, ...],
        rehearsal: Options,
        progress: Progress | None,
    ) -> tuple[Preview, Report]:
        self.log.say(f"Rehearsing {counted(nodes)} on the shadow")
        steps = steps_of(loader, nodes)
        try:
            preview = preview_of(steps, self.alias, options=rehearsal, progress=progress)
        except ServerError as error:
            raise ServerError(
                f"{error} To migrate without a rehearsal, add --skip-preview."
            ) from error
        return judged(
            preview,
            steps,
            loader,
            sizes=sizes_of(self.alias),
            waivers=self.waivers,
            today=timezone.localdate() if settings.USE_TZ else date.today(),
        )

    def _grave(self, report: Report | None) -> list[str]:
        if report is None or self.fail_on is None or not report.fails(self.fail_on):
            return []
        count = sum(one.level.at_least(self.fail_on) for one in report.findings)
        return [
            f"{number(count, 'finding is', 'findings are')} as grave as --fail-on {self.fail_on}. "
            "Mend the migration, or accept a finding: a comment in its file "
            "(# modeler: ignore[CODE] reason), or --baseline FILE."
        ]


def _in_the_way(stops: tuple[Obstacle, ...]) -> list[str]:
    if not stops:
        return []
    names = sorted({one.kind.value.replace(" ", "-") for one in stops})
    return [
        f"{number(len(stops), 'obstacle stands', 'obstacles stand')} in the way. Clear "
        f"{'it' if len(stops) == 1 else 'them'} and run the same command again, or go on all the "
        f"same: {' '.join(f'--accept {name}' for name in names)}."
    ]
