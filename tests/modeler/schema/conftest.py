"""What is read once for all tests of the readers."""

from __future__ import annotations

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema
from tests.modeler.schema.naive import read_naively

# Tests of this folder read the blog; without its settings there is nothing to read.
BOTH_DATABASES = pytest.mark.django_db(databases=["default", "events"])


@pytest.fixture(scope="session")
def registry() -> Schema:
    return read_registry()


@pytest.fixture(scope="session")
def naive(registry: Schema) -> Schema:
    """Read after ours, which imported the URLs: late models are not what it fails on."""
    return read_naively()


@pytest.fixture
def last_state() -> ProjectState:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return loader.project_state(loader.graph.leaf_nodes())
