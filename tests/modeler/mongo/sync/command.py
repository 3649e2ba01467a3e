"""``sync_collections`` as it is run, here and in processes of its own."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

NAME = "by_sync_command"
SESSION = "django_session"
RATE = re.compile(r"in [\d.,]+ (ms|s) \([\d,]+ a second\)")
LATE = re.compile(r"half within [\d.]+ (ms|s), 99 % within [\d.]+ (ms|s)")
CHILD = """
import sys
import django
django.setup()
from django.db import connections
from django.core.management import call_command, CommandError
connections["default"].settings_dict["NAME"] = sys.argv[1]
try:
    call_command("sync_collections", *sys.argv[2:])
except CommandError as error:
    print(error, file=sys.stderr)
    sys.exit(error.returncode)
"""


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def insert(key: str) -> str:
    return f"INSERT INTO {SESSION} VALUES ('{key}', 'data', '2026-01-02 03:04:05+00')"


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, and the error or what was said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(
            "sync_collections", "sessions", *arguments, "--database", NAME, stdout=out, stderr=err
        )  # fmt: skip
    except CommandError as error:
        return error.returncode, plain(out.getvalue()), str(error)
    return 0, plain(out.getvalue()), err.getvalue()


def plain(text: str) -> str:
    """Without figures that differ from run to run."""
    return LATE.sub("half within T, 99 % within T", RATE.sub("in T (R a second)", text))


def start(*arguments: str) -> subprocess.Popen[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-c", CHILD, connection.settings_dict["NAME"]]
    return subprocess.Popen(
        [*command, "sessions", *arguments, "--database", NAME],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.blog.settings"},
        cwd=Path(__file__).resolve().parents[4],
    )
