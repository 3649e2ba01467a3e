"""Which database the shop uses, and what a wrong address says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.database import project_database

ROOT = Path(__file__).resolve().parents[2]


def test_an_address_wins_over_the_embedded_server(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@h:1/d")
    assert project_database(tmp_path)["HOST"] == "h"


def test_without_an_address_it_is_the_embedded_server(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("MODELER_DATA_DIR")
    found = project_database(tmp_path / "data")
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("project", "project", "")
    assert list(tmp_path.iterdir()) == []


def test_an_unsupported_system_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(ImproperlyConfigured, match="run on Linux only, and this is darwin"):
        project_database(tmp_path)


def test_a_wrong_address_is_one_sentence_of_manage_py():
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": "mysql://u:secret@h/d"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "manage.py: DATABASE_URL cannot be used: it starts with 'mysql://'. Write it like "
        "postgres://user:password@host:5432/name.\n"
    )
