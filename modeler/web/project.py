"""What is read once in the life of a process: the models do not change while it runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from modeler.errors import ModelerError
from modeler.hubs import hubs_of
from modeler.mongo.chosen import chosen_specs
from modeler.mongo.spec import CollectionSpec
from modeler.schema.project import read_project, unanswered
from modeler.schema.registry import read_registry
from modeler.schema.schema import Schema


@dataclass(frozen=True, slots=True)
class Specified:
    """Specifications of collections, and what they were made from.

    Attributes:
        schema: the models, with what their databases add.
        specs: of the collections that the project has chosen.
        notices: what could not be read.
    """

    schema: Schema
    specs: tuple[CollectionSpec, ...]
    notices: tuple[str, ...] = ()


@cache
def project_schema() -> Schema:
    """Return the schema of the project's models."""
    return read_registry()


@cache
def project_specs() -> Specified:
    """Return what the project has chosen to keep in MongoDB.

    Raises:
        ConfigurationError: see ``chosen_specs``.
    """
    schema = read_project()
    return Specified(schema, chosen_specs(schema), unanswered(schema))


def specs_or_notice() -> Specified:
    """Return the same, or no specifications and why what the project declares cannot be used.

    What a database could not be asked for is asked for again the next time.
    """
    try:
        found = project_specs()
    except ModelerError as error:
        return Specified(project_schema(), (), (str(error),))
    if found.notices:
        project_specs.cache_clear()
    return found


def project_hubs() -> frozenset[str]:
    """Return the keys of the project's tables that everything refers to."""
    return hubs_of(project_schema())
