"""How a service connects, and what it is told when it cannot."""

from __future__ import annotations

import re

import pytest

from modeler.mongo.service.runtime.client import Settings, connect, open_database
from modeler.mongo.service.runtime.errors import Unavailable


def test_settings_come_from_the_environment():
    given = {
        "MONGO_URL": "mongodb://a/",
        "MONGO_DATABASE": "shop",
        "MONGO_MIN_POOL_SIZE": "2",
        "MONGO_MAX_POOL_SIZE": "7",
        "MONGO_CONNECT_SECONDS": "1.5",
        "MONGO_SELECTION_SECONDS": "2",
        "MONGO_READ_PREFERENCE": "nearest",
        "MONGO_READ_CONCERN": "local",
        "MONGO_WRITE_CONCERN": "1",
    }
    assert Settings.from_environment(given) == Settings(
        "mongodb://a/", "shop", 2, 7, 1.5, 2.0, "nearest", "local", "1"
    )
    assert Settings.from_environment({"MONGO_URL": "mongodb://a/"}) == Settings("mongodb://a/")


def test_a_client_has_what_documents_need(server_url):
    with connect(Settings(server_url, max_pool_size=3)) as client:
        options = client.options
        assert options.pool_options.max_pool_size == 3
        assert options.pool_options.connect_timeout == 5
        assert options.server_selection_timeout == 5
        assert client.codec_options.tz_aware
        assert client.codec_options.uuid_representation == 4
        assert client.read_concern.level == "majority"
        assert client.write_concern.document == {"w": "majority"}
        assert options.retry_writes
        assert open_database(client, "a").name == "a"
        with pytest.raises(Unavailable, match="No database is named"):
            open_database(client)
    with connect(Settings(server_url, write_concern="1", read_preference="nearest")) as client:
        assert client.write_concern.document == {"w": 1}
        assert client.read_preference.name == "Nearest"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "No MongoDB is named. Set MONGO_URL, such as "),
        ({"MONGO_URL": "mongodb://a/", "MONGO_MAX_POOL_SIZE": "many"},
         "MONGO_MAX_POOL_SIZE must be a number, not 'many'."),
    ],
)  # fmt: skip
def test_what_the_environment_lacks(environment, said):
    with pytest.raises(Unavailable, match=re.escape(said)):
        Settings.from_environment(environment)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings("http://a"), "The settings of MongoDB cannot be used: "),
        (Settings("mongodb://a/", read_preference="best"), "The settings of MongoDB cannot be"),
        (Settings("mongodb://a/", min_pool_size=9, max_pool_size=3), "The settings of MongoDB"),
        (Settings("mongodb://127.0.0.1:1/", selection_seconds=0.2), "MongoDB cannot be reached: "),
    ],
)
def test_what_cannot_be_reached(settings, said):
    with pytest.raises(Unavailable, match=re.escape(said)):
        connect(settings)


def test_a_wrong_password_is_said(server_url):
    wrong = re.sub(r"//(\w+):[^@]+@", r"//\1:wrong@", server_url)
    assert wrong != server_url
    with pytest.raises(Unavailable, match="refuses the user or the password"):
        connect(Settings(wrong))
