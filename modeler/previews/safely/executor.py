"""Standing in for Django's executor, one migration at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


@contextmanager
def standing_in(
    alias: str, apply: Callable[[Callable[..., Any], Any, Any, bool, bool], Any]
) -> Iterator[None]:
    """Let ``apply`` have each migration of that database that an executor is about to apply."""
    original = MigrationExecutor.apply_migration

    def apply_migration(
        executor: MigrationExecutor,
        state: ProjectState,
        migration: Migration,
        fake: bool = False,
        fake_initial: bool = False,
    ) -> ProjectState:
        def once(state: ProjectState, migration: Migration, **options: Any) -> ProjectState:
            return original(executor, state, migration, **options)

        if executor.connection.alias != alias:
            return once(state, migration, fake=fake, fake_initial=fake_initial)
        return apply(once, state, migration, fake, fake_initial)

    MigrationExecutor.apply_migration = apply_migration  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        MigrationExecutor.apply_migration = original  # type: ignore[method-assign]
