"""What a migration's operations say, as values, each with its place in the file."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models
from django.db.migrations import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.models import ModelOperation
from django.db.migrations.state import ProjectState

from modeler.reporting.finding import Place


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of a model state.

    Attributes:
        kind: Django's internal type (``CharField``), of a third party's the class's path.
        default: it has a default in Python.
        callable_default: which is computed for each object.
        db_default: it has a default in the database.
        target: of a relation, ``app.Model`` in lower case.
    """

    name: str
    kind: str
    column: str = ""
    null: bool = False
    unique: bool = False
    db_index: bool = False
    primary_key: bool = False
    default: bool = False
    callable_default: bool = False
    db_default: bool = False
    max_length: int | None = None
    max_digits: int | None = None
    decimal_places: int | None = None
    target: str = ""
    db_constraint: bool = True
    many_to_many: bool = False
    one_to_one: bool = False
    generated: bool = False
    comment: str = ""
    collation: str = ""


@dataclass(frozen=True, slots=True)
class OperationFacts:
    """An operation.

    Attributes:
        position: in the migration, from 0; operations inside of SeparateDatabaseAndState have
            that of the one around them.
        kind: class name; with its module where it is not Django's.
        model: ``app.model`` in lower case, ``""`` where it speaks of none.
        table: of that model before the operation (after it, of a created one).
        name: of the field, index or constraint; the new name of a rename.
        old_name: of a rename.
        old, new: the field before and after.
        code: of RunPython the function's name.
        reverse: it can be undone.
        inside: ``database`` or ``state``, inside of SeparateDatabaseAndState.
        place: where it stands.
        managed: the model's table is Django's to change.
    """

    position: int
    kind: str
    model: str = ""
    table: str = ""
    name: str = ""
    old_name: str = ""
    old: FieldFacts | None = None
    new: FieldFacts | None = None
    code: str = ""
    reverse: bool = True
    inside: str = ""
    place: Place | None = None
    managed: bool = True


def operations_of(
    migration: Migration, state: ProjectState, file: str, source: str
) -> tuple[OperationFacts, ...]:
    """Return the operations, those inside of SeparateDatabaseAndState after the one around them.

    Args:
        migration: as it was loaded.
        state: before it; it is not changed, and ``state.apps`` is never rendered.
        file: its path, for places.
        source: its text, ``""`` where there is none.
    """
    lines = lines_of(source)
    state = state.clone()
    found: list[OperationFacts] = []
    for position, operation in enumerate(migration.operations):
        place = Place(file, lines[position]) if position < len(lines) and file else None
        try:
            found += _facts(operation, position, migration.app_label, state, place, "")
            operation.state_forwards(migration.app_label, state)
        except Exception:  # it does not fit the models, or is the project's: the rehearsal says it
            break
    return tuple(found)


def lines_of(source: str) -> tuple[int, ...]:
    """Return the line of each member of ``operations = […]`` in a migration's source."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "Migration":
            for statement in node.body:
                if (
                    isinstance(statement, ast.Assign)
                    and isinstance(statement.value, (ast.List, ast.Tuple))
                    and any(
                        isinstance(target, ast.Name) and target.id == "operations"
                        for target in statement.targets
                    )
                ):
                    return tuple(element.lineno for element in statement.value.elts)
    return ()


def source_of(migration: Migration) -> str:
    """Return the text of a migration's file, ``""`` where it cannot be read."""
    try:
        return Path(inspect.getfile(type(migration))).read_text("utf-8")
    except (OSError, TypeError, UnicodeDecodeError):
        return ""


def _facts(
    operation: Operation,
    position: int,
    label: str,
    state: ProjectState,
    place: Place | None,
    inside: str,
) -> list[OperationFacts]:
    cls = type(operation)
    own = cls.__module__.startswith(
        ("django.db.migrations.operations", "django.contrib.postgres.operations")
    )
    kind = cls.__name__ if own else f"{cls.__module__}.{cls.__name__}"
    is_model = isinstance(operation, ModelOperation) and not hasattr(operation, "model_name")
    model = getattr(operation, "model_name", None) or (
        getattr(operation, "name", "") if is_model else ""
    )
    model = str(model or getattr(operation, "old_name", "") or "")
    key = f"{label}.{model.lower()}" if model else ""
    known = state.models.get((label, model.lower()))
    after = None
    if operation_changes_fields(operation):
        after = state.clone()
        operation.state_forwards(label, after)
    name = _name(operation, has_model=hasattr(operation, "model_name"))
    old_name = str(getattr(operation, "old_name", "") or "") if name else ""
    facts = OperationFacts(
        position,
        kind,
        key,
        table_of(label, model, state, after),
        name,
        old_name,
        _field(known, old_name or name),
        _field(after.models.get((label, model.lower())) if after else None, name),
        getattr(getattr(operation, "code", None), "__name__", ""),
        bool(operation.reversible),
        inside,
        place,
        managed=known is None or _option(known, "managed") is not False,
    )
    found = [facts]
    for part in ("database", "state"):
        own_state = state.clone()
        for inner in getattr(operation, f"{part}_operations", ()) or ():
            found += _facts(inner, position, label, own_state, place, part)
            inner.state_forwards(label, own_state)
    return found


def _option(model: Any, name: str) -> Any:
    return model.options.get(name)


def operation_changes_fields(operation: Operation) -> bool:
    return type(operation).__name__ in {"AddField", "AlterField", "RenameField", "CreateModel"}


def table_of(label: str, model: str, state: ProjectState, after: ProjectState | None) -> str:
    """Return the table of a model state, ``""`` where there is no such model."""
    for at in (state, after):
        known = at.models.get((label, model.lower())) if at else None
        if known is not None:
            return known.options.get("db_table") or f"{label}_{model.lower()}"
    return ""


def _name(operation: Operation, *, has_model: bool) -> str:
    for attribute in ("index", "constraint"):
        part: Any = getattr(operation, attribute, None)
        if part is not None and part.name:
            return str(part.name)
    new = getattr(operation, "new_name", None)
    return str(new or (getattr(operation, "name", "") if has_model else "") or "")


def _field(model: Any, name: str) -> FieldFacts | None:
    if model is None or name not in model.fields:
        return None
    return facts_of_field(name, model.fields[name])


def facts_of_field(name: str, field: models.Field) -> FieldFacts:
    """Return what a field of a model state says; it need not belong to a model."""
    remote = getattr(field, "remote_field", None)
    target = remote.model if remote else ""
    if not isinstance(target, str):
        target = target._meta.label_lower
    own = type(field).__module__.startswith("django.")
    relation = bool(remote) and not field.many_to_many
    column = field.db_column or (f"{name}_id" if relation else name)
    return FieldFacts(
        name=name,
        kind=type(field).__name__ if own else f"{type(field).__module__}.{type(field).__name__}",
        column="" if field.many_to_many else column,
        null=field.null,
        unique=field.unique,
        db_index=bool(getattr(field, "db_index", False)),
        primary_key=field.primary_key,
        default=field.has_default(),
        callable_default=callable(field.default) and field.has_default(),
        db_default=getattr(field, "db_default", models.NOT_PROVIDED) is not models.NOT_PROVIDED,
        max_length=field.max_length,
        max_digits=getattr(field, "max_digits", None),
        decimal_places=getattr(field, "decimal_places", None),
        target=target.lower(),
        db_constraint=getattr(field, "db_constraint", True),
        many_to_many=bool(field.many_to_many),
        one_to_one=bool(field.one_to_one),
        generated=bool(getattr(field, "generated", False)),
        comment=getattr(field, "db_comment", "") or "",
        collation=getattr(field, "db_collation", "") or "",
    )
