"""The pages of collections while servers are bad: what is known is shown, nobody waits."""

from __future__ import annotations

import pytest
from django.urls import reverse

from modeler import permissions
from tests.modeler.mongo.test_connecting import free_port
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db
PAGES = (("collections", ()), ("collection", ("django_session",)), ("design", ()))


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://127.0.0.1:{port}/",
        "mongodb://modeler:wrong@127.0.0.1:{port}/",
        "postgres://a/",
        "",
    ],
)
@pytest.mark.parametrize(("name", "arguments"), PAGES)
def test_pages_do_not_ask_mongodb(client, monkeypatch, settings, url, name, arguments):
    monkeypatch.setenv("MONGO_URL", url.format(port=free_port()))
    client.force_login(person("reader", holding=permissions.READ))
    response = client.get(reverse(f"modeler:{name}", args=arguments))
    assert response.status_code == 200
    text = response.content.decode()
    assert "Traceback" not in text and "MongoDB cannot be reached" not in text
    if name != "design":
        assert "django_session" in text
