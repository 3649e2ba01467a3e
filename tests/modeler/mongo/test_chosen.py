"""Which collections commands speak of, by whatever name they are called."""

from __future__ import annotations

import pytest

from modeler.errors import ConfigurationError, UnknownName
from modeler.mongo.chosen import chosen_specs, chosen_version
from modeler.schema.registry import read_registry

DECLARED = "tests.modeler.web.declared_collections.COLLECTIONS"


@pytest.mark.parametrize("name", ["blog_tag", "blog.Tag", "blog.tag"])
def test_without_a_declaration_a_table_or_its_collection_is_named(name):
    assert [spec.table for spec in chosen_specs(read_registry(), [name])] == ["blog.Tag"]


def test_an_app_is_all_of_its_tables():
    schema = read_registry()
    assert {spec.table.partition(".")[0] for spec in chosen_specs(schema, ["blog"])} == {"blog"}
    assert len(chosen_specs(schema)) > len(chosen_specs(schema, ["blog"]))


@pytest.mark.parametrize("name", ["posts", "blog.Post", "blog"])
def test_of_declared_ones_the_collection_its_root_or_its_app(settings, name):
    settings.MODELER = {"COLLECTIONS": DECLARED}
    assert [spec.name for spec in chosen_specs(read_registry(), [name])] == ["posts"]


@pytest.mark.parametrize("name", ["post", "auth", "blog.Tag"])
def test_a_name_of_nothing_that_is_declared_is_said(settings, name):
    settings.MODELER = {"COLLECTIONS": DECLARED}
    with pytest.raises(UnknownName) as raised:
        chosen_specs(read_registry(), [name])
    assert name in str(raised.value)


@pytest.mark.parametrize(("named", "version"), [(None, (6, 0)), ("7.0", (7, 0)), ("9", (9, 0))])
def test_the_version_that_collections_are_specified_for(settings, named, version):
    settings.MODELER = {"MONGO_VERSION": named}
    assert chosen_version() == version


def test_a_version_that_is_none(settings):
    settings.MODELER = {"MONGO_VERSION": "5.0"}
    with pytest.raises(ConfigurationError, match="Name one from 6 on"):
        chosen_specs(read_registry())
