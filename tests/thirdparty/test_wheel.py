"""What the wheel holds and asks for."""

from __future__ import annotations

import email
import zipfile

import pytest

from tests.thirdparty.environment import build_wheel

pytestmark = pytest.mark.thirdparty


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as archive:
        yield archive


def test_it_holds_modeler_alone_with_its_pages(wheel):
    names = wheel.namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"modeler"}
    for part in ("templates/modeler/page.html", "static/modeler/diagram/main.js", "py.typed"):
        assert f"modeler/{part}" in names


def test_it_needs_django_and_no_driver(wheel):
    (metadata,) = (name for name in wheel.namelist() if name.endswith("/METADATA"))
    facts = email.message_from_bytes(wheel.read(metadata))
    needed = [line for line in facts.get_all("Requires-Dist", []) if "extra ==" not in line]
    assert needed == ["django>=4.2"]
    assert sorted(facts.get_all("Provides-Extra")) == [
        "graphviz",
        "mongo",
        "postgres",
        "previews",
        "terminal",
    ]
