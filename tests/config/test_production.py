"""Production: what it refuses to start without, and what reaches the server."""

from __future__ import annotations

import json

import pytest

from tests.config.run import production, run

ALL = {"DJANGO_SECRET_KEY": "", "DJANGO_ALLOWED_HOSTS": "", "DATABASE_URL": ""}

# A program that asks the server and the two health checks; prints JSON.
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.db import connection
from django.test import Client
client = Client(HTTP_HOST="shop.example")
answers = {path: client.get(path) for path in ("/healthz", "/readyz")}
found = {path: [answer.status_code, answer.json()] for path, answer in answers.items()}
found["redirect"] = client.get("/admin/").status_code
try:
    with connection.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute("SHOW " + name)
            found[name] = cursor.fetchone()[0]
except django.db.DatabaseError:
    pass
connection.close_pool()
print(json.dumps(found))
"""


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (ALL, "Set DJANGO_SECRET_KEY, DJANGO_ALLOWED_HOSTS, DATABASE_URL in the environment"),
        ({"DJANGO_SECRET_KEY": ""}, "Set DJANGO_SECRET_KEY in the environment"),
        ({"DJANGO_ALLOWED_HOSTS": ""}, "Set DJANGO_ALLOWED_HOSTS in the environment"),
        ({"DATABASE_URL": ""}, "Set DATABASE_URL in the environment"),
        ({"DJANGO_SECRET_KEY": "secret"}, "DJANGO_SECRET_KEY is too easy to guess"),
        ({"DATABASE_POOL_MAX": "many"}, "DATABASE_POOL_MAX=many is no whole number"),
        ({"DJANGO_SSL_REDIRECT": "perhaps"}, "DJANGO_SSL_REDIRECT=perhaps is neither"),
        (
            {"DATABASE_POOL_MIN": "20"},
            "DATABASE_POOL_MIN (20) is more than DATABASE_POOL_MAX (10)",
        ),
    ],
)
def test_it_does_not_start_and_says_all_that_is_wrong(
    db: None, changes: dict[str, str], says: str
) -> None:
    done = run("manage.py", "check", env=production(**changes))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"manage.py: {says}") and done.stderr.count("\n") == 1


def test_timeouts_reach_the_server_and_the_pool_answers(db: None) -> None:
    done = run("-c", ASK, env=production(DATABASE_LOCK_TIMEOUT_MS="1234"))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    pool = found["/readyz"][1].pop("pool")
    assert found == {
        "/healthz": [200, {"status": "ok"}],
        "/readyz": [200, {"status": "ok", "database": "ok", "pending_migrations": 0}],
        # By plain HTTP the health checks alone are answered.
        "redirect": 301,
        "statement_timeout": "15s",
        "lock_timeout": "1234ms",
        "idle_in_transaction_session_timeout": "30s",
    }
    assert (pool["pool_min"], pool["pool_max"], pool["requests_waiting"]) == (2, 10, 0)


def test_an_unreachable_database_is_unavailable_and_no_error(db: None) -> None:
    env = production(
        DATABASE_URL="postgres://nobody:secret@127.0.0.1:1/shop", DATABASE_POOL_TIMEOUT_S="1"
    )
    done = run("-c", ASK, env=env)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "/healthz": [200, {"status": "ok"}],
        "/readyz": [503, {"status": "unavailable", "database": "unreachable"}],
        "redirect": 301,
    }
