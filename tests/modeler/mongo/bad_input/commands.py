"""Every command of collections that a user would run, and what became of one."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.modeler.mongo.sync.command import plain

NAME = "bad_input"
SPECS, SYNC, DESIGN = "collection_specs", "sync_collections", "collection_design"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left: exit code, standard output, all that was said beside."""

    code: int
    out: str
    err: str


def run(command: str, *arguments: str) -> Ran:
    """Run a command; whatever is no ``CommandError`` is a traceback for its user, and fails."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(command, *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return Ran(error.returncode, plain(out.getvalue()), f"{err.getvalue()}{error}")
    return Ran(0, plain(out.getvalue()), err.getvalue())


def specs(app: str, *arguments: str) -> tuple[str, ...]:
    to = ("--database", NAME) if {"--apply", "--drift"} & set(arguments) else ()
    return SPECS, app, *arguments, *to


def sync(app: str, *arguments: str) -> tuple[str, ...]:
    return SYNC, app, *arguments, "--database", NAME


def of_models(app: str) -> dict[str, tuple[str, ...]]:
    """What needs no server at all."""
    return {
        "specs": specs(app),
        "specs --format json": specs(app, "--format", "json"),
        "specs --format mongosh": specs(app, "--format", "mongosh"),
        "specs --format pymongo": specs(app, "--format", "pymongo"),
        "specs --check": specs(app, "--check", "/dev/null"),
        "design --no-database": (DESIGN, app, "--no-database"),
    }


def of_rows(app: str, collection: str) -> dict[str, tuple[str, ...]]:
    """What needs PostgreSQL alone."""
    return {
        "specs --preflight": specs(app, "--preflight"),
        "specs --prove": specs(app, "--prove", "--workers", "1"),
        "specs --samples": specs(app, "--samples", "2"),
        "design": (DESIGN, app, "--seconds", "5"),
        "sync --install": sync(app, "--install"),
        "sync --status": sync(app, "--status"),
        "sync --retry-dead": sync(app, "--retry-dead"),
    }


def of_documents(app: str, collection: str) -> dict[str, tuple[str, ...]]:
    """What needs both servers."""
    return {
        "specs --apply": specs(app, "--apply"),
        "specs --apply --dry-run": specs(app, "--apply", "--dry-run"),
        "specs --drift": specs(app, "--drift"),
        "sync --export": sync(app, "--export"),
        "sync --once": sync(app, "--once"),
        "sync --verify": sync(app, "--verify"),
        "sync --rebuild": (SYNC, "--rebuild", collection, "--database", NAME),
        "sync": sync(app),
    }


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rows(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
