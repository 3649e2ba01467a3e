from __future__ import annotations

import pytest

from tests.modeler.mongo.service.library import LIBRARY, library_specs
from tests.modeler.mongo.service.loading import load


@pytest.fixture(scope="session")
def service_client(mongo_client):
    """A client as the module makes it."""
    from urllib.parse import quote

    from modeler.mongo.service.runtime.client import Settings, connect

    options = mongo_client.options.pool_options._credentials
    host, port = mongo_client.address
    user, password = quote(options.username), quote(options.password)
    url = f"mongodb://{user}:{password}@{host}:{port}/?authSource=admin&replicaSet=modeler"
    with connect(Settings(url)) as client:
        yield client


@pytest.fixture(scope="module")
def library(service_client, tmp_path_factory):
    """The module of the library, and a database with its collections."""
    module = load(tmp_path_factory.mktemp("library"), LIBRARY, library_specs())
    module.test_database = service_client["service_library"]
    service_client.drop_database("service_library")
    module.ensure_collections(module.test_database)
    yield module
    service_client.drop_database("service_library")


@pytest.fixture
def books(library):
    """The books, none there yet."""
    for repository in library.REPOSITORIES:
        repository(library.test_database).collection.delete_many({})
    return library.BookRepository(library.test_database)
