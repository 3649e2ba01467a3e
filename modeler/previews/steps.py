"""Which migrations a preview runs, and which of them it shows."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connections
from django.db.migrations.exceptions import (
    BadMigrationError,
    CircularDependencyError,
    InconsistentMigrationHistory,
    NodeNotFoundError,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from modeler.errors import ConfigurationError, ServerError, UnknownName
from modeler.previews.unwritten import Written, unwritten_migrations

Node = tuple[str, str]
RANGE = re.compile(r"(?P<first>[^.]*)\.\.(?P<last>[^.]*)")


@dataclass(frozen=True, slots=True)
class Step:
    """A migration to run on the shadow; only the shown ones are in the preview."""

    app: str
    name: str
    shown: bool
    applied: bool


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps in order.

    Attributes:
        asked: what was asked for, in words.
        nothing_pending: nothing is pending, and applied ones are shown instead.
        together: the shown ones will run in one deploy; else each is looked at on its own.
        written: migrations among the steps that are in no file.
        notes: what a reader must know of them.
    """

    steps: tuple[Step, ...]
    asked: str
    nothing_pending: bool = False
    together: bool = False
    written: tuple[Written, ...] = ()
    notes: tuple[str, ...] = ()


def load(
    alias: str,
    *,
    offline: bool = False,
    next_step: str = "Start it, or correct its entry in DATABASES.",
) -> MigrationLoader:
    """Load the migrations of the project and, unless ``offline``, which of them are applied.

    Args:
        alias: the database.
        offline: do not ask it; nothing counts as applied then.
        next_step: what to do when it cannot be read, for the error's message.

    Raises:
        ConfigurationError: they cannot be imported, contradict each other or have two ends.
        ServerError: the database cannot be read.
    """
    connection = None if offline else connections[alias]
    try:
        loader = MigrationLoader(connection)
        if connection is not None:
            loader.check_consistent_history(connection)
    except DatabaseError as error:
        first, *_ = str(error).splitlines() or [type(error).__name__]
        raise ServerError(
            f"The database {alias!r} cannot be read: {first.rstrip('.')}. {next_step}"
        ) from error
    except (
        BadMigrationError,
        CircularDependencyError,
        InconsistentMigrationHistory,
        NodeNotFoundError,
    ) as error:
        raise ConfigurationError(f"The migrations do not fit together: {_line(error)}") from error
    except (Exception, SystemExit) as error:  # a migration's file may raise anything
        raise ConfigurationError(
            f"A migration cannot be imported{_place(error)}: "
            f"{type(error).__name__}: {_line(error)}"
        ) from error
    conflicts = loader.detect_conflicts()
    if conflicts:
        named = "; ".join(f"{app}: {', '.join(names)}" for app, names in sorted(conflicts.items()))
        raise ConfigurationError(
            f"Two migrations claim to be the last ({named}). "
            "Run `manage.py makemigrations --merge`."
        )
    return loader


def pending_migrations(alias: str = "default") -> tuple[Node, ...]:
    """Return the migrations that ``migrate`` would apply, in order.

    Raises:
        ServerError, ConfigurationError: see ``load``.
    """
    try:
        loader = load(alias)
    except ConfigurationError as error:
        raise ServerError(str(error)) from error
    return tuple(node for node in plan_of(loader) if node not in loader.applied_migrations)


def plan_of(loader: MigrationLoader) -> list[Node]:
    """Return all migrations in the order in which ``migrate`` runs them from zero."""
    seen: dict[Node, None] = {}
    for leaf in loader.graph.leaf_nodes():
        for node in loader.graph.forwards_plan(leaf):
            seen.setdefault(node)
    return list(seen)


def pending_steps(loader: MigrationLoader, *, last: int) -> Steps:
    """Return what is applied (to be run unseen) and what is pending (to be shown).

    With nothing pending, the ``last`` applied ones are shown on what they need.
    """
    plan, applied = plan_of(loader), loader.applied_migrations
    if any(node not in applied for node in plan):
        # Applied first: that is the state that the pending ones will meet.
        ordered = sorted(plan, key=lambda node: node not in applied)
        return Steps(
            tuple(
                Step(*node, shown=node not in applied, applied=node in applied) for node in ordered
            ),
            "pending",
            together=True,
        )
    times = _times(loader)
    newest = sorted(plan, key=lambda node: (times.get(node, 0.0), plan.index(node)))[-last:]
    return Steps(
        _upon_needs(loader, newest), f"the last {len(newest)} applied", nothing_pending=True
    )


def all_steps(loader: MigrationLoader) -> Steps:
    """Return the whole history, all of it shown."""
    applied = loader.applied_migrations
    return Steps(
        tuple(Step(*node, shown=True, applied=node in applied) for node in plan_of(loader)),
        "all from zero",
    )


def unwritten_steps(loader: MigrationLoader, *, renames: bool = False) -> Steps:
    """Return the changes of models that no migration holds yet, upon all that are written.

    Args:
        loader: it knows what is applied.
        renames: whether what looks like a rename is one.

    Raises:
        ConfigurationError: the changes cannot be written down.
    """
    written, notes = unwritten_migrations(loader, renames=renames)
    steps = unseen_steps(loader, pending=True).steps
    new = tuple(Step(one.app, one.name, shown=True, applied=False) for one in written)
    return Steps(
        (*steps, *new),
        "changes of models without a migration",
        together=True,
        written=written,
        notes=notes,
    )


def unseen_steps(loader: MigrationLoader, *, pending: bool = False) -> Steps:
    """Return what is applied, or the whole history, to be run without showing anything.

    Args:
        loader: it knows what is applied.
        pending: what is not applied yet runs as well.
    """
    applied = loader.applied_migrations
    nodes = [node for node in plan_of(loader) if pending or node in applied]
    steps = tuple(Step(*node, shown=False, applied=node in applied) for node in nodes)
    return Steps(steps, "all" if pending else "applied")


def ends_of(loader: MigrationLoader, steps: Steps) -> tuple[str, ...]:
    """Return the last migrations among the steps, an app or branch each, as ``app.name``."""
    nodes = {(step.app, step.name) for step in steps.steps}
    children = {node: loader.graph.node_map[node].children for node in nodes}
    return tuple(
        f"{app}.{name}"
        for app, name in sorted(nodes)
        if not any(child.key in nodes and child.key[0] == app for child in children[app, name])
    )


def range_steps(loader: MigrationLoader, app: str, text: str) -> Steps:
    """Return the migrations of an app from one to another, on what they need.

    Args:
        app: the app's label.
        text: ``0003..0007``, ``..0007``, ``0003..``, one name or prefix, or ``""`` for all.

    Raises:
        UnknownName: there is no such app or migration.
        ConfigurationError: the range runs backwards or a prefix fits several.
    """
    labels = {label for label, _ in loader.graph.nodes}
    if app not in labels:
        raise UnknownName("app with migrations", app, labels)
    own = [node for node in plan_of(loader) if node[0] == app]
    match = RANGE.fullmatch(text)
    first_text, last_text = (match["first"], match["last"]) if match else (text, text)
    first = _position(own, app, first_text) if first_text else 0
    last = _position(own, app, last_text) if last_text else len(own) - 1
    if first > last:
        raise ConfigurationError(
            f"The range {text} runs backwards: {own[first][1]} comes after {own[last][1]}."
        )
    asked = f"{app} {text}".strip()
    return Steps(_upon_needs(loader, own[first : last + 1]), asked)


def _upon_needs(loader: MigrationLoader, shown: list[Node]) -> tuple[Step, ...]:
    needed = {need for node in shown for need in loader.graph.forwards_plan(node)}
    applied = loader.applied_migrations
    return tuple(
        Step(*node, shown=node in shown, applied=node in applied)
        for node in plan_of(loader)
        if node in needed
    )


def _position(own: list[Node], app: str, text: str) -> int:
    names = [name for _, name in own]
    if text in names:
        return names.index(text)
    fits = [position for position, name in enumerate(names) if name.startswith(text)]
    if len(fits) > 1:
        raise ConfigurationError(
            f"{text!r} fits several migrations of {app}: "
            f"{', '.join(names[position] for position in fits)}. Write more of the name."
        )
    if not fits:
        raise UnknownName(f"migration of {app}", text, names)
    return fits[0]


def _times(loader: MigrationLoader) -> dict[Node, float]:
    connection = loader.connection
    if connection is None or not MigrationRecorder(connection).has_table():
        return {}
    rows = MigrationRecorder(connection).migration_qs.values_list("app", "name", "applied")
    return {(app, name): when.timestamp() for app, name, when in rows}


def _place(error: BaseException) -> str:
    """Return where in the project's migrations an error arose, in brackets."""
    walked = traceback.extract_tb(error.__traceback__)
    frames = [(frame.filename, frame.lineno) for frame in walked]
    if isinstance(error, SyntaxError):
        frames.append((error.filename or "", error.lineno))
    for name, line in reversed(frames):
        parts = Path(name).parts
        if parts[-2:-1] == ("migrations",) and parts[-3:-2] != ("db",):  # Django's own machinery
            return f" ({Path(*parts[-3:])}, line {line})"
    return ""


def _line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return text if text.endswith((".", "?")) else f"{text}."
