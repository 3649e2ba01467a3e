from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import MongoClient

from modeler.conf import data_dir
from modeler.servers import mongo_url, supervised
from tests.parts import require_mongod


@pytest.fixture(scope="session")
def mongo_client():
    """A client of a MongoDB that runs for the tests."""
    require_mongod(Path(data_dir()))
    with supervised(("mongo",)) as servers, MongoClient(mongo_url(servers.data_dir)) as client:
        yield client


@pytest.fixture(scope="session")
def mongo_database(mongo_client):
    options = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)
    return mongo_client.get_database("specs", codec_options=options)


@pytest.fixture
def server_url(mongo_client):
    """The address of the tests' server, with its user's password."""
    options = mongo_client.options.pool_options._credentials
    host, port = mongo_client.address
    user, password = quote(options.username), quote(options.password)
    return f"mongodb://{user}:{password}@{host}:{port}/?authSource=admin&replicaSet=modeler"
