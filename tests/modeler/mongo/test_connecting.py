"""Connecting to MongoDB: what a server is, and every failure in one sentence."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from modeler.conf import data_dir
from modeler.errors import ConfigurationError, ServerError
from modeler.mongo.apply.look import look
from modeler.mongo.server import (
    close_clients,
    configured_url,
    mongo_database,
    said_clearly,
)
from modeler.mongo.server import mongo_client as client_of
from modeler.mongo.server_facts import Topology, difference, missing_rights, read_facts
from modeler.servers import Place, mongo_url
from modeler.servers.mongod import find_mongod
from tests.modeler.mongo.apply.samples import ORDERS, facts
from tests.parts import require_mongod

QUICK = {"MONGO_CONNECT_SECONDS": 0.3, "MONGO_SELECTION_SECONDS": 0.3}


@pytest.fixture
def url(server_url):
    return server_url


@pytest.fixture(autouse=True)
def clients_closed():
    yield
    close_clients()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def standalone(folder: Path, *options: str):
    """A mongod of its own without a replica set and without passwords."""
    require_mongod(Path(data_dir()))
    found = find_mongod(Place.of(data_dir()))
    port = free_port()
    command = [found.program, "--dbpath", folder, "--port", str(port), "--bind_ip", "127.0.0.1",
               "--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", *options]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=found.environment)
    try:
        yield f"mongodb://127.0.0.1:{port}/", child
    finally:
        child.kill()
        child.wait()


def test_the_client_is_one_and_says_who_it_is(url, settings):
    settings.MODELER = {"MONGO_POOL": (1, 7)}
    client = client_of(url)
    assert client_of(url) is client
    pool = client.options.pool_options
    assert (pool.min_pool_size, pool.max_pool_size, pool.appname) == (1, 7, "modeler")
    assert (pool.connect_timeout, client.options.server_selection_timeout) == (5.0, 5.0)
    ours = client.admin.aggregate([{"$currentOp": {}}, {"$match": {"appName": "modeler"}}])
    assert list(ours)


def test_the_facts_of_the_tests_server(mongo_client):
    found = read_facts(mongo_client, "shop")
    assert (found.version[0], found.compatibility) == (6, (6, 0))
    assert (found.topology, found.writable, found.missing) == (Topology.REPLICA_SET, True, ())
    assert found.max_document == 16 * 1024**2
    assert (abs(found.skew) < 1, found.warnings, found.has_constraint) == (True, (), False)
    found.require()
    late = read_facts(
        mongo_client, "shop", postgres_clock=lambda: datetime.now(UTC) - timedelta(seconds=5)
    )
    assert late.warnings == (
        "MongoDB's clock is 5.0 s ahead of PostgreSQL's: synchronise them, or times in documents "
        "will mislead.",
    )


def test_a_server_that_is_down_is_said(settings):
    settings.MODELER = QUICK
    port = free_port()
    with pytest.raises(ServerError) as caught:
        client_of(f"mongodb://127.0.0.1:{port}/")
    assert str(caught.value) == (
        f"MongoDB cannot be reached: 127.0.0.1:{port}: [Errno 111] Connection refused. Is it "
        "running, and is MONGO_URL right?"
    )


def test_wrong_credentials_are_said(url):
    password = urlsplit(url).password
    for wrong in (url.replace(password, "no"), url.replace("modeler:", "nobody:")):
        with pytest.raises(ServerError) as caught:
            client_of(wrong)
        assert str(caught.value) == (
            "MongoDB refuses the user or the password. Mend MONGO_URL (and its authSource)."
        )
    # Without any, what is asked next is refused.
    stranger = url.replace(f"modeler:{password}@", "").replace("authSource=admin&", "")
    with pytest.raises(ServerError, match="asks for a user and a password"):
        look([ORDERS], url=stranger)


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        (["readWrite", "dbAdmin"], ()),
        (["read"], ("collMod", "createCollection", "createIndex", "dropIndex", "insert",
                    "update")),
        (["readWrite"], ("collMod",)),
    ],
)  # fmt: skip
def test_a_role_without_the_rights_is_refused_before_anything_is_done(
    url, mongo_client, roles, missing
):
    database = mongo_client["rights"]
    database.command("createUser", "analyst", pwd="pw", roles=roles)
    try:
        parts = urlsplit(url)
        theirs = f"mongodb://analyst:pw@{parts.hostname}:{parts.port}/rights?replicaSet=modeler"
        with MongoClient(theirs) as client:
            assert read_facts(client, "rights").missing == missing
            # Rights on one database are none on another.
            assert "find" in read_facts(client, "elsewhere").missing
        if missing:
            with pytest.raises(ServerError, match=f"user may not {', '.join(missing)} on the"):
                look([ORDERS], url=theirs)
        else:
            assert look([ORDERS], url=theirs).database.name == "rights"
    finally:
        database.command("dropUser", "analyst")


def test_no_primary_and_a_secondary_are_said(url, mongo_client, settings):
    settings.MODELER = QUICK
    mongo_client.admin.command("replSetStepDown", 2, secondaryCatchUpPeriodSecs=0, force=True)
    try:
        with pytest.raises(ServerError, match="MongoDB has no primary that can be written to"):
            look([ORDERS], url=f"{url}&appName=primary")
        direct = url.replace("&replicaSet=modeler", "&directConnection=true")
        with pytest.raises(ServerError, match="is not the primary and cannot be written to"):
            look([ORDERS], url=direct)
    finally:
        await_primary(mongo_client)


def await_primary(client):
    deadline = time.monotonic() + 30
    while not client.admin.command("hello")["isWritablePrimary"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_standalone_is_said_and_a_server_lost_on_the_way(tmp_path, settings):
    settings.MODELER = QUICK
    with standalone(tmp_path) as (url, child):
        with MongoClient(url) as client:
            client.admin.command("ping")
            found = read_facts(client, "shop")
            assert (found.topology, found.missing) == (Topology.STANDALONE, ())
            with pytest.raises(ServerError) as caught:
                look([ORDERS], url=url)
            assert str(caught.value) == (
                "This MongoDB is a standalone server, which has no transactions. Start it with "
                "--replSet and call rs.initiate() once; one member is enough."
            )
            # To look for drift, it will do.
            assert look([ORDERS], url=url, writes=False).live == {}
        with (
            MongoClient(url, serverSelectionTimeoutMS=300) as client,
            pytest.raises(ServerError, match=r"cannot be reached|connection to MongoDB was lost"),
            said_clearly(),
        ):
            client.shop.orders.find_one()
            child.kill()
            child.wait()
            client.shop.orders.insert_one({})


def test_an_old_server_is_said():
    with pytest.raises(ServerError) as caught:
        facts((5, 0, 31)).require(writes=False)
    assert str(caught.value) == (
        "MongoDB 5.0.31 is too old: its validators and indexes lack what specifications use. "
        "Update it to 6.0 or newer."
    )


def test_a_server_that_keeps_to_older_features_is_said():
    with pytest.raises(ServerError, match=r"MongoDB 6.0.27 keeps to the features of 5\.0"):
        facts(compatibility=(5, 0)).require()
    facts(compatibility=()).require()  # not to be asked: what is refused is said then


def test_without_pymongo_the_package_is_named(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] in ("pymongo", "bson")]:
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ConfigurationError) as caught:
        client_of("mongodb://127.0.0.1:1/")
    assert str(caught.value) == (
        "Collections need the package pymongo. Install it with 'pip install "
        "django-modeler[mongo]'."
    )


@pytest.mark.parametrize(
    ("given", "url", "said"),
    [
        ({}, "postgres://a", "The address of MongoDB cannot be used: Invalid URI scheme"),
        ({}, "mongodb://a:b@c@d/", "cannot be used: .*must be escaped.* Mend MONGO_URL"),
        ({}, "mongodb://127.0.0.1:99999/", "cannot be used: Port must be an integer"),
        ({"MONGO_POOL": 3}, "mongodb://a/", r"MODELER\['MONGO_POOL'\] must be two numbers"),
        ({"MONGO_POOL": (9, 3)}, "mongodb://b/", "must be two numbers.* not \\(9, 3\\)"),
        ({"MONGO_CONNECT_SECONDS": "x"}, "mongodb://c/", "must be a number of seconds, not 'x'"),
    ],
)
def test_settings_that_cannot_be_used_are_said(settings, given, url, said):
    settings.MODELER = given
    with pytest.raises(ConfigurationError, match=said):
        client_of(url)


def test_which_server_and_which_database(settings, monkeypatch, tmp_path, mongo_client):
    settings.MODELER = {"DATA_DIR": str(tmp_path)}
    monkeypatch.delenv("MONGO_URL", raising=False)
    with pytest.raises(ConfigurationError, match=r"No MongoDB is named\. Set MONGO_URL"):
        configured_url()
    place = Place.of(tmp_path)
    place.home.mkdir(parents=True)
    (place.home / "mongo.port").write_text("27333\n")
    assert configured_url() == mongo_url(tmp_path)
    monkeypatch.setenv("MONGO_URL", "mongodb://from.environment/")
    assert configured_url() == "mongodb://from.environment/"
    settings.MODELER = {"MONGO_URL": "mongodb://from.settings/", "MONGO_DATABASE": "said"}
    assert configured_url() == "mongodb://from.settings/"
    assert mongo_database(mongo_client).name == "said"
    assert mongo_database(mongo_client, "named").name == "named"
    settings.MODELER = {}
    assert mongo_database(mongo_client).name == "modeler"
    with MongoClient("mongodb://a/shop", connect=False) as other:
        assert mongo_database(other).name == "shop"
    for wrong in ("admin", "a b", "a.b", "a$"):
        with pytest.raises(ConfigurationError):
            mongo_database(mongo_client, wrong)


NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theirs", "skew"),
    [(0, 0), (1, 0), (2, 0), (5, 3), (-1.5, -1.5)],
)
def test_what_the_time_of_asking_explains_is_no_skew(theirs, skew):
    asked = NOON, NOON + timedelta(seconds=2)
    assert difference(NOON + timedelta(seconds=theirs), *asked) == skew


def test_rights_without_access_control_and_of_the_superuser():
    assert missing_rights({"authenticatedUsers": []}, "shop") == ()
    everything = {"resource": {"anyResource": True}, "actions": ["anyAction"]}
    status = {"authenticatedUsers": [{}], "authenticatedUserPrivileges": [everything]}
    assert missing_rights(status, "shop") == ()


def test_errors_of_the_driver_that_nobody_foresaw_are_a_sentence_too():
    with pytest.raises(ServerError, match="MongoDB's driver failed: odd"), said_clearly():
        raise PyMongoError("odd.")
