"""Each dangerous migration: caught, explained, made safe, and migrated while people work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from modeler.schema.drift import drift
from tests.dangerous.cases import CASES
from tests.dangerous.conftest import ROWS, Databases
from tests.dangerous.dangerous import Dangerous
from tests.dangerous.load import Load, Waits
from tests.dangerous.shop import Shop

NewShop = Callable[[str, str], Shop]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_dangerous_migration(case: Dangerous, databases: Databases, new_shop: NewShop):
    database = databases.copy(case.name)
    shop, unsafe = new_shop("remedied", database), new_shop("unsafe", database)
    for one in (unsafe, shop):
        if case.before:
            one.edit(case.before)
            one.manage("makemigrations", case.app, "--name", "before")
        one.develop(case)
    if case.before:
        shop.manage("migrate", case.app, shop.before(case), "--verbosity", "0")
        if case.filled:
            databases.run(database, case.filled)
    other = databases.copy("unsafe", database.rpartition("/")[2].partition("?")[0])
    had = shop.migrations(case.app)

    preview, said = shop.preview("--trace", "--write")

    assert grave(preview) == case.found
    assert f"Written for {case.app}.{had[-1]}:" in said, said
    new = [name for name in shop.migrations(case.app) if name not in had[:-1]]
    assert sorted(new) == sorted(case.files)

    later = shop.put_away(case)
    shop.edit(case.by_hand)
    waits = migrated(case, shop, database)
    assert [(wait.statement, wait.error) for wait in waits.failed] == []
    assert len(waits.all) > 100
    shop.manage("makemigrations", "--check", "--dry-run")
    if later:
        shop.put(case, later)
        shop.manage("migrate_safely", "--no-input", "--accept", "all", "--fail-on", "never")
        shop.manage("makemigrations", "--check", "--dry-run")

    # A remedy that keeps names ends where it began; the others end where the dangerous one does.
    if not case.by_hand:
        unsafe.manage("migrate", "--verbosity", "0", url=other)
    assert drift(databases.schema(database), databases.schema(other)) == ()


def migrated(case: Dangerous, shop: Shop, url: str) -> Waits:
    """Run what is pending by ``migrate_safely`` while people work, and return their waits."""
    with Load(url, ROWS, case.habits, reports=case.reports) as load:
        time.sleep(0.5)
        shop.manage("migrate_safely", case.app, "--no-input", "--accept", "all")
        time.sleep(0.5)
        return load.stop()


def grave(preview: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the findings that are no information."""
    return tuple(
        (finding["code"], finding["message"])
        for finding in preview["findings"]
        if finding["level"] != "info"
    )
