"""What is read once in the life of a process: the models do not change while it runs."""

from __future__ import annotations

from functools import cache

from modeler.errors import ModelerError
from modeler.hubs import hubs_of
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.spec import CollectionSpec
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema


@cache
def project_schema() -> Schema:
    """Return the schema of the project's models."""
    return read_registry()


@cache
def project_specs() -> tuple[CollectionSpec, ...]:
    """Return the specifications of the collections that the project has chosen."""
    return chosen_specs(project_schema())


def specs_or_notice() -> tuple[tuple[CollectionSpec, ...], tuple[str, ...]]:
    """Return the specifications, or none and why what the project declares cannot be used."""
    try:
        return project_specs(), ()
    except ModelerError as error:
        return (), (str(error),)


def project_hubs() -> frozenset[str]:
    """Return the keys of the project's tables that everything refers to."""
    return hubs_of(project_schema())
