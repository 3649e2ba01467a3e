"""From one project state to another: the classes of both, on the schema before and after."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ProjectState

from modeler.previews.replay.affected import Affected, affected_models, with_edges
from modeler.previews.replay.cascades import broken_causes, cascades
from modeler.previews.replay.comparison import (
    breaks,
    contradictions,
    coverage,
    encounters,
    read_otherwise,
)
from modeler.previews.replay.deploy_order import deploy_order
from modeler.previews.replay.exercise import exercise, models_here
from modeler.previews.replay.meetings import meet
from modeler.previews.replay.replay import Attempt, Meeting, Replay


class Crossing:
    """One migration, or several that are deployed together.

    ``before()`` while the database has the old schema, ``after()`` once it has the new one.

    Args:
        connection: of the shadow, registered under the project's alias.
        old, new: the states around the migrations.
        opaque: they hold SQL or Python of the project, which may change tables that no state
            names; every model is then tried before.
        memory: attempts by label on schemas of their own, kept from one crossing to the next.
    """

    def __init__(
        self,
        connection: BaseDatabaseWrapper,
        old: ProjectState,
        new: ProjectState,
        *,
        opaque: bool = False,
        memory: dict[str, tuple[Attempt, ...]] | None = None,
    ) -> None:
        self.connection = connection
        self.old, self.new = old, new
        self.opaque = opaque
        self.memory = {} if memory is None else memory
        self.affected = Affected(frozenset(), frozenset())
        self.old_on_old: dict[str, tuple[Attempt, ...]] = {}
        self.new_on_old: tuple[Attempt, ...] = ()
        self.new_meet_old: tuple[Attempt, ...] = ()
        self.new_cascades: tuple[Attempt, ...] = ()

    def before(self) -> None:
        """Try both states' classes on the old schema."""
        self.affected = affected_models(self.old, self.new)
        if self.opaque:
            here = {
                model._meta.label for model in models_here(self.old.apps, self.connection.alias)
            }
            rest = here - self.memory.keys() - self.affected.old
            self.memory |= _by_model(exercise(self.old.apps, self.connection, rest))
        # What is remembered was tried without the other side, which may suggest further rows.
        suggested = with_edges(self.old.apps, self.new.apps)
        labels = self.affected.old - (self.memory.keys() - suggested)
        self.old_on_old = _by_model(
            exercise(self.old.apps, self.connection, labels, others=self.new.apps)
        )
        labels = self.affected.new
        self.new_on_old = exercise(self.new.apps, self.connection, labels, others=self.old.apps)
        self.new_cascades = cascades(
            self.new.apps, self.connection, broken_causes(self.new_on_old), labels
        )
        self.new_meet_old = meet(self.old.apps, self.new.apps, self.connection, self.affected.old)

    def after(self, tables_changed: Iterable[str] = (), *, final: bool = True) -> Replay:
        """Try both states' classes on the new schema and say what breaks.

        Args:
            tables_changed: names of tables that statements of the migrations changed.
            final: no other migration follows, which could mend what contradicts itself.
        """
        affected = affected_models(self.old, self.new, tables_changed)
        connection, old, new = self.connection, self.old.apps, self.new.apps
        old_on_new = exercise(old, connection, affected.old, others=new)
        new_on_new = exercise(new, connection, affected.new, others=old)
        old_meet_new = meet(new, old, connection, affected.new)
        before = [a for found in (self.memory | self.old_on_old).values() for a in found]
        old_on_new += cascades(old, connection, broken_causes(old_on_new), affected.old)
        early = (*self.new_on_old, *self.new_cascades)
        found_old = breaks(before, old_on_new, Meeting.OLD_ON_NEW)
        found_new = breaks(new_on_new, early, Meeting.NEW_ON_OLD)
        never = contradictions(new_on_new)
        met_old = encounters(
            (*old_meet_new, *read_otherwise(before, old_on_new)), Meeting.OLD_MEETS_NEW_ROWS
        )
        met_new = encounters(
            (*self.new_meet_old, *read_otherwise(new_on_new, early)), Meeting.NEW_MEETS_OLD_ROWS
        )
        for label in affected.old:
            self.memory.pop(label, None)
        self.memory |= _by_model(new_on_new)
        order = deploy_order(
            found_old,
            found_new,
            new_on_new=never,
            old_meets_new_rows=met_old,
            new_meets_old_rows=met_new,
            final=final,
        )
        return Replay(
            (*found_old, *found_new, *never, *met_old, *met_new),
            order,
            coverage(old_on_new, new_on_new),
        )


def _by_model(attempts: Iterable[Attempt]) -> dict[str, tuple[Attempt, ...]]:
    found: dict[str, list[Attempt]] = {}
    for attempt in attempts:
        found.setdefault(attempt.model, []).append(attempt)
    return {label: tuple(listed) for label, listed in found.items()}
