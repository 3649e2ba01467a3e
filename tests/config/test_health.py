"""What a load balancer is told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_pending_migration_is_not_ready(client: Client) -> None:
    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": "ok",
        "pending_migrations": 0,
    }
    (last,) = MigrationLoader(connection).graph.leaf_nodes("orders")
    MigrationRecorder(connection).record_unapplied(*last)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "unavailable", "database": "ok", "pending_migrations": 1},
    )
    # The process lives nevertheless.
    assert (client.get("/healthz").status_code, client.post("/healthz").status_code) == (200, 405)


def test_answers_are_never_kept(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        assert "no-store" in client.get(path)["Cache-Control"]
