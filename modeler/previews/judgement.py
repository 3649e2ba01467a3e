"""A rehearsed preview with what the rules find in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connections
from django.db.migrations.loader import MigrationLoader

from modeler.errors import ConfigurationError, ServerError
from modeler.postgres.production.export import read_figures
from modeler.postgres.production.figures import Figures
from modeler.postgres.production.tuples import tuples_of
from modeler.previews.child import migration_of
from modeler.previews.hazards.assemble import plan_of
from modeler.previews.hazards.plan import Plan, Size
from modeler.previews.hazards.rules import hazards_of
from modeler.previews.preview import Accepted, Preview
from modeler.previews.relation_names import figures_name
from modeler.previews.steps import Steps
from modeler.previews.text import headline
from modeler.previews.unwritten import unwritten_migrations
from modeler.reporting.report import Report
from modeler.reporting.waiver import Waiver, waivers_in_code


def sizes_of(alias: str) -> dict[str, Size] | None:
    """Return how big the tables of the live database are, None where it does not say."""
    try:
        return sizes_in(read_figures(connections[alias]))
    except ServerError:
        return None


def sizes_in(figures: Figures) -> dict[str, Size]:
    """Return how big the tables are that figures tell of, by relation name."""
    return {
        figures_name(figures, table): Size(
            tuples_of(figures, table), table.bytes, analysed=table.tuples is not None
        )
        for table in figures.tables
    }


def unwritten_changes(loader: MigrationLoader) -> tuple[str, ...] | None:
    """Return what ``makemigrations`` would write, as ``app: change``, None if unknown."""
    try:
        written, _ = unwritten_migrations(loader)
    except ConfigurationError:
        return None
    return tuple(f"{one.app}: {change}" for one in written for change in one.changes)


def judged(
    preview: Preview,
    steps: Steps,
    loader: MigrationLoader,
    *,
    sizes: Mapping[str, Size] | None = None,
    waivers: Iterable[Waiver] = (),
    today: date,
    facts: Mapping[str, Any] | None = None,
    packs: Collection[str] = (),
) -> tuple[Preview, Report]:
    """Return the preview with its findings, and the report of the rules; see ``judgement``."""
    found = judgement(
        preview, steps, loader, sizes=sizes, waivers=waivers, packs=packs, today=today, facts=facts
    )
    return found.preview, found.report


@dataclass(frozen=True, slots=True)
class Judgement:
    """A preview with its findings, the report of the rules, and the plan that they looked at."""

    preview: Preview
    report: Report
    plan: Plan


def judgement(
    preview: Preview,
    steps: Steps,
    loader: MigrationLoader,
    *,
    sizes: Mapping[str, Size] | None = None,
    waivers: Iterable[Waiver] = (),
    packs: Collection[str] = (),
    today: date,
    facts: Mapping[str, Any] | None = None,
) -> Judgement:
    """Let the rules look at a preview.

    Args:
        preview: what was rehearsed.
        steps: what was asked for.
        loader: the project's migrations.
        sizes: of live tables.
        waivers: from a baseline or from admin; those in the migrations' own files are read here.
        today: a waiver may have expired.
        facts: further attributes of the plan.
        packs: of opt-in rules that are checked too.
    """
    sources = {(one.app, one.name): one.source for one in steps.written}
    for (app, name), source in sources.items():
        loader.disk_migrations.setdefault((app, name), migration_of(app, name, source))
    plan = plan_of(
        preview,
        steps,
        loader,
        sizes=sizes,
        sources=sources,
        unwritten=unwritten_changes(loader) if steps.together and not steps.written else None,
    )
    if facts:
        plan = replace(plan, **facts)
    report = hazards_of(plan, headline(preview).rstrip("."), packs)
    report = report.waive((*waivers, *_in_code(plan)), today=today)
    accepted = tuple(
        Accepted(finding, waiver.reason, waiver.owner) for finding, waiver in report.waived
    )
    return Judgement(replace(preview, findings=report.findings, accepted=accepted), report, plan)


def _in_code(plan: Plan) -> Iterable[Waiver]:
    for migration in plan.migrations:
        if migration.source and migration.preview.file:
            yield from waivers_in_code(migration.source, migration.preview.file)
