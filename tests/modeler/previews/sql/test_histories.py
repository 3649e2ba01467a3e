"""The whole histories of the blog and of Django's own apps leave nothing unread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from modeler.previews.sql.commands import Unread
from modeler.previews.sql.reader import read_statements

ROOT = Path(__file__).resolve().parents[4]


def statements(document: Any) -> Iterator[str]:
    """Yield the statements within the JSON of a preview."""
    for migration in document["preview"]["migrations"]:
        for statement in (*migration.get("forward", ()), *migration.get("backward", ())):
            yield statement["sql"]


def test_nothing_of_a_history_is_unread():
    done = subprocess.run(
        [sys.executable, "-m", "django", "migration_preview", "--from-zero", "--format", "json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.blog.settings"},
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: findings
    read = [
        (text, command)
        for text in statements(json.loads(done.stdout))
        for command in read_statements(text)
    ]
    assert [(text, c) for text, c in read if isinstance(c, Unread)] == []
    met = Counter(type(command).__name__ for _, command in read)
    assert {"CreateTable", "AlterRelation", "CreateIndex", "Drop", "SetConstraints"} < met.keys()
    assert met.total() > 200
