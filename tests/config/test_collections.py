"""The shop's collections on a real MongoDB: applied once, and found as applied."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from modeler.mongo.server import close_clients


@pytest.mark.django_db
def test_the_shop_is_applied_and_there_is_no_false_alarm(embedded_mongo_url, monkeypatch):
    monkeypatch.setenv("MONGO_URL", embedded_mongo_url)

    def run(*arguments: str) -> str:
        out = io.StringIO()
        call_command("collection_specs", *arguments, "--database", "shop_specs", stdout=out)
        return out.getvalue()

    try:
        assert "STOP" not in run("--apply")
        assert run("--drift") == (
            "The server against what was applied: nothing found.\n\n"
            "The models against what was applied: nothing found.\n"
        )
        assert "Nothing to do." in run("--apply")
    finally:
        close_clients()
