from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from modeler.postgres.connections import connection_to
from tests.modeler.previews.safely.deploy import Deploy


@pytest.fixture(scope="session")
def deploy_of_session(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Deploy]:
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"deploy_{secrets.token_hex(4)}"
    entry = {k: v for k, v in settings.DATABASES["default"].items() if k != "TEST"}
    with django_db_blocker.unblock():
        maker = connection_to({**entry, "NAME": url.path.lstrip("/")}, "deploy_maker")
        deploy = Deploy(
            tmp_path_factory.mktemp("deploy"), url._replace(path=f"/{name}").geturl(), maker
        )
        try:
            deploy.open()
            yield deploy
        finally:
            deploy.close()
            maker.close()


@pytest.fixture
def deploy(deploy_of_session: Deploy, django_db_blocker: DjangoDbBlocker) -> Iterator[Deploy]:
    """The project with its first migration applied, and nothing else."""
    with django_db_blocker.unblock():
        deploy_of_session.begin_anew()
        yield deploy_of_session
