"""Running a proposal and what it replaces on fresh databases of the shadow, and comparing both."""

from __future__ import annotations

from dataclasses import replace

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.errors import ServerError
from modeler.previews.options import Options
from modeler.previews.preview import MigrationPreview, Reversal
from modeler.previews.remedies.judge import Run, judged
from modeler.previews.remedies.proof import Proof
from modeler.previews.remedies.proposal import Proposal
from modeler.previews.shadow_project import shadow_project
from modeler.previews.steps import Step, Steps
from modeler.previews.unwritten import Written
from modeler.schema.encoding import decode
from modeler.schema.live import read_database


def prove(
    proposal: Proposal, alias: str, steps: Steps, loader: MigrationLoader, *, offline: bool = False
) -> Proof:
    """Run a proposal on the shadow and say what that shows.

    Args:
        proposal: from ``remedies_for`` with the same steps and loader.
        alias: the database that the migrations are meant for.
        steps: what was asked for; what runs before the replaced migration runs here too.
        loader: the project's migrations; they are not changed.
        offline: the project's own servers are not asked whether the shadow is one of them.

    Raises:
        ConfigurationError, ServerError: see ``shadow_project``; what the migrations raise is part
            of the proof.
    """
    before = _before(proposal, steps)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for step in before:
        loader.disk_migrations[step.app, step.name].mutate_state(state, preserve=False)

    def run(written: tuple[Written, ...], options: Options) -> Run:
        return _run(alias, steps, before, written, options, offline=offline)

    return judged(proposal, run, state)


def _before(proposal: Proposal, steps: Steps) -> tuple[Step, ...]:
    """Return the steps that run before the replaced migration."""
    found = []
    for step in steps.steps:
        if (step.app, step.name) == (proposal.app, proposal.name):
            break
        found.append(replace(step, shown=False))
    return tuple(found)


def _run(
    alias: str,
    steps: Steps,
    before: tuple[Step, ...],
    written: tuple[Written, ...],
    options: Options,
    *,
    offline: bool,
) -> Run:
    own = tuple(Step(one.app, one.name, shown=True, applied=False) for one in written)
    keys = {(one.app, one.name) for one in written}
    others = tuple(one for one in steps.written if (one.app, one.name) not in keys)
    history = Steps((*before, *own), steps.asked, written=(*others, *written))
    migrations: list[MigrationPreview] = []
    error, reversal, missed = "", None, ()
    with shadow_project(alias, offline=offline) as project:
        try:
            for event in project.migrate(history, options):
                match event["event"]:
                    case "migration":
                        migrations.append(decode(MigrationPreview, event["preview"]))
                        error = error or migrations[-1].error
                    case "chain":
                        reversal = decode(Reversal, event["reversal"])
                    case "missed":
                        missed = tuple(event["sentences"])
                    case "failed":
                        error = error or event["error"]
        except ServerError as failure:
            error = str(failure)
        schema = read_database(project.clones[alias].connect(alias), alias=alias)
    return Run(schema, tuple(migrations), error, reversal, missed)
