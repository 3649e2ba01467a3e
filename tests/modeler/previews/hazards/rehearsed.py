"""Migrations of a small app, rehearsed on a clone in this process, for tests of rules.

``before`` is applied, ``operations`` are the pending migration. The app is called ``pets`` and
exists in migration states alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest
from django.db import migrations
from django.db.migrations.operations.base import Operation

from modeler.postgres.shadow import Shadow
from modeler.previews.hazards.assemble import tables_named
from modeler.previews.hazards.operations import operations_of
from modeler.previews.hazards.plan import Plan, Size, planned
from modeler.previews.hazards.rules import hazards_of
from modeler.previews.hazards.running import RunningTables
from modeler.previews.hazards.table_facts import tables_of
from modeler.previews.options import Options
from modeler.previews.rehearse import Rehearsal
from modeler.previews.sql.reader import read_statements
from modeler.reporting.finding import Finding

BIG = Size(5_000_000.0, 800 * 1024 * 1024)
SMALL = Size(12.0, 80 * 1024)


class _Everything(dict):
    """A size for whatever table is asked for."""

    def __init__(self, size: Size) -> None:
        self.size = size

    def get(self, key: str, default: object = None) -> Size:  # type: ignore[override]
        return self.size


@dataclass(frozen=True)
class Case:
    """One case of a rule.

    Attributes:
        operations: of the pending migration.
        before: applied before it.
        sql: run before it, past Django.
        expected: what the rule finds, as ``(subject without the migration, level)``.
        atomic: of the pending migration.
        size: of every live table.
        trace: measured instead of judged by rules alone.
        source: text of the migration's file, for rules that read it.
        more: other attributes of the plan.
        apps: that the pending migration relies on.
        packs: packs of rules that were asked for.
        reverse: the migration is undone and done again.
        since: the first version of PostgreSQL that can run it.
    """

    name: str
    operations: Sequence[Operation]
    before: Sequence[Operation] = ()
    sql: str = ""
    expected: Sequence[tuple[str, str]] = ()
    atomic: bool = True
    size: Size | None = BIG
    trace: bool = False
    source: str = ""
    since: int = 14
    more: Mapping[str, object] = field(default_factory=dict)
    apps: frozenset[str] | None = None
    packs: tuple[str, ...] = ()
    reverse: bool = False

    def __str__(self) -> str:
        return self.name


def plan_of_case(shadow: Shadow, case: Case) -> Plan:
    """Rehearse a case and return the plan that rules look at."""
    if shadow.major < case.since:
        pytest.skip(f"needs PostgreSQL {case.since}")
    loader = SimpleNamespace(unmigrated_apps=set())
    with shadow.clone("hazard") as clone, clone.registered("default") as connection:
        rehearsal = Rehearsal(
            connection, loader, Options(trace=case.trace or case.reverse, reverse=case.reverse)
        )  # type: ignore[arg-type]
        first = _migration("0001_before", case.before)
        rehearsal.run_unseen(first)
        if case.sql:
            with connection.cursor() as cursor:
                cursor.execute(case.sql)
        state = rehearsal.state.clone()
        pending = _migration("0002_pending", case.operations, atomic=case.atomic)
        with rehearsal.watching():
            preview = rehearsal.run_shown(pending)
    made = frozenset(
        name
        for found in preview.forward
        for name in (*(found.effects.creates if found.effects else ()),
                     *(found.trace.creates if found.trace else ()))
    )  # fmt: skip
    operations = operations_of(pending, state, "pets/migrations/0002_pending.py", case.source)
    migration = planned(
        preview,
        tuple(read_statements(found.sql) for found in preview.forward),
        tuple(read_statements(found.sql) for found in preview.backward),
        made,
        operations=operations,
        source=case.source,
        needs=("pets.0001_before",),
        tables=tables_of(state, tables_named(preview, operations)),
        apps=case.apps,
        running=RunningTables().of(state),
    )
    plan = Plan(
        (migration,),
        server_version=shadow.major,
        sizes=None if case.size is None else _Everything(case.size),
        made=made,
        models={
            model.options.get("db_table") or f"{app}_{name}": f"{app}.{name}"
            for (app, name), model in state.models.items()
        },
    )
    return replace(plan, **case.more)  # type: ignore[arg-type]


def found_by(code: str, plan: Plan, packs: tuple[str, ...] = ()) -> list[Finding]:
    """Return what one rule finds."""
    findings = hazards_of(plan, packs=packs).findings
    return [finding for finding in findings if finding.code == code]


def said_of(
    shadow: Shadow, case: Case, families: tuple[str, ...], packs: Sequence[str] = ()
) -> list[tuple[str, str]]:
    """Return all that rules of some families find, ``("MP202 pets_pet.code", "error")`` each."""
    report = hazards_of(plan_of_case(shadow, case), packs=packs)
    return sorted(
        (f"{finding.code} {finding.subject.partition(':')[2]}", str(finding.level))
        for finding in report.findings
        if finding.code.startswith(families)
    )


def assert_case(code: str, shadow: Shadow, case: Case) -> list[Finding]:
    """Compare a case with what it expects and return the findings."""
    findings = found_by(code, plan_of_case(shadow, case), case.packs)
    said = [(finding.subject.partition(":")[2], str(finding.level)) for finding in findings]
    assert said == list(case.expected), said
    return findings


def _migration(
    name: str, operations: Sequence[Operation], *, atomic: bool = True
) -> migrations.Migration:
    made = type("Migration", (migrations.Migration,), {"operations": list(operations)})
    made.atomic = atomic
    return made(name, "pets")
