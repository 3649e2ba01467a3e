"""Applies at the same time, in real processes: one works, the others wait, refuse or take over."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from modeler.errors import ConflictError
from modeler.mongo.apply import hold
from modeler.mongo.apply.hold import ID, Hold, held, holder, own_name
from modeler.mongo.server import close_clients
from tests.modeler.servers.processes import await_true

pytestmark = pytest.mark.django_db  # its clock is compared
SESSION = "django_session"
NAME = "by_hold"
# The command, with a hold that ends sooner.
CHILD = """
import sys
import django
django.setup()
from django.db import connections
from django.core.management import call_command, CommandError
from modeler.mongo.apply import hold
hold.SECONDS, hold.RENEWED_EVERY = 3.0, 0.5
connections["default"].settings_dict["NAME"] = sys.argv[1]
try:
    call_command("collection_specs", "sessions", "--apply", "--database", sys.argv[2])
except CommandError as error:
    print(error, file=sys.stderr)
    sys.exit(error.returncode)
"""
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
DONE = "1 collection is as specified now."


@pytest.fixture
def server(server_url, mongo_client, monkeypatch):
    monkeypatch.setenv("MONGO_URL", server_url)
    monkeypatch.setattr(hold, "SECONDS", 3.0)
    monkeypatch.setattr(hold, "RENEWED_EVERY", 0.5)
    mongo_client.drop_database(NAME)
    yield mongo_client[NAME]
    mongo_client.drop_database(NAME)
    close_clients()


def start() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", CHILD, connection.settings_dict["NAME"], NAME],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.blog.settings"},
        cwd=Path(__file__).resolve().parents[4],
    )


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output, and all that was said on standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(
            "collection_specs", "sessions", *arguments, "--database", NAME, stdout=out, stderr=err
        )
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


@contextmanager
def at_work(server):
    """An apply in a process of its own that waits for a transaction of somebody else."""
    assert run("--apply")[0] == 0
    server.command("collMod", SESSION, validator={})
    with server.client.start_session() as session, session.start_transaction():
        server[SESSION].insert_one({"_id": "of a transaction"}, session=session)
        child = start()
        states = server.modeler_state
        await_true(lambda: states.find_one({**_id(), "until": {"$ne": None}}), "a hold")
        await_true(lambda: _waits(server), "a step that waits")
        yield child
        session.abort_transaction()


def _id() -> dict[str, object]:
    return {"_id": ID}


def _waits(server) -> bool:
    running = server.client.admin.aggregate([{"$currentOp": {}}])
    return any(one.get("waitingForLock") and NAME in one.get("ns", "") for one in running)


def test_the_second_is_told_who_is_at_work_and_does_nothing(server):
    with at_work(server) as child:
        code, said, error = run("--apply")
        assert (code, said) == (2, "")
        who = re.escape(f"{own_name().partition(' (')[0]} (process {child.pid}), since ") + MOMENT
        assert re.fullmatch(
            rf"Note: {NAME} is held by {who}\. Waiting up to 3 s to see whether that apply still "
            rf"runs\.\nAnother apply is at work on {NAME}: {who}\. Nothing was done here\. Let it "
            r"end, and run the same again\.",
            error,
        )
        code, said, error = run("--apply", "--dry-run")
        assert code == 0 and said.startswith("Plan for ")
        assert re.fullmatch(rf"Note: an apply is at work here: {who}\.\n", error)
    out, error = child.communicate(timeout=30)
    assert (child.returncode, error, out.splitlines()[-1]) == (0, "", DONE)
    assert holder(server) is None
    assert run("--apply")[0] == 0
    assert run("--drift")[0] == 0


def test_one_that_was_killed_is_taken_over_without_anybody_s_help(server):
    with at_work(server) as child:
        child.kill()
        child.communicate(timeout=30)
    began = time.monotonic()
    code, said, error = run("--apply")
    took = time.monotonic() - began
    assert (code, said.splitlines()[-1]) == (0, DONE)
    assert error.startswith(f"Note: {NAME} is held by ")
    assert took < hold.SECONDS + 5
    assert holder(server) is None
    assert run("--drift")[0] == 0


def test_one_that_is_interrupted_lets_the_next_in_at_once(server):
    with at_work(server) as child:
        child.send_signal(signal.SIGINT)
        _, error = child.communicate(timeout=30)
        assert (child.returncode, error) == (
            130,
            "Interrupted. Run the same again: it goes on from what was done.\n",
        )
        assert holder(server) is None
    code, _, error = run("--apply")
    assert (code, error) == (0, "")


def test_several_at_the_same_moment_do_every_step_once(server):
    children = [start() for _ in range(3)]
    said = [child.communicate(timeout=60) for child in children]
    assert [child.returncode for child in children] == [0, 0, 0], said
    outs = [out for out, _ in said]
    assert sum(out.startswith("Applying to ") for out in outs) == 1
    assert sum("Nothing to do." in out for out in outs) == 2
    assert run("--drift")[0] == 0


def test_one_that_was_silent_too_long_does_no_further_step(server):
    first, second = Hold(server), Hold(server)
    assert first.take() is None
    other = second.take()
    assert other is not None and other.name == own_name()
    assert timedelta() <= datetime.now(UTC) - other.since < timedelta(seconds=5)
    # As after a machine that slept: nobody renewed in time.
    server.modeler_state.update_one(_id(), {"$set": {"until": datetime(2026, 1, 1, tzinfo=UTC)}})
    first.renew()  # nobody else came
    server.modeler_state.update_one(_id(), {"$set": {"until": datetime(2026, 1, 1, tzinfo=UTC)}})
    assert second.take() is None
    with pytest.raises(ConflictError) as caught:
        first.renew()
    assert re.fullmatch(
        rf"{NAME} is held by {re.escape(own_name())}, since {MOMENT}, now: this process "
        r"was silent for more than 3 s\. What was done stays\. Let the other apply end, and "
        r"apply again\.",
        str(caught.value),
    )
    first.give_back()  # takes nothing from the other
    assert first.take() == holder(server)
    second.give_back()
    with held(server):
        assert holder(server) is not None
    assert holder(server) is None
