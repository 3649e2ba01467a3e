"""What a project's settings and models say of its collections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils.module_loading import import_string

from modeler.conf import modeler_settings
from modeler.errors import ConfigurationError
from modeler.mongo.aggregate import Aggregate
from modeler.mongo.design.facts import Workload
from modeler.mongo.design.weights import Weights, weights_of


def declared_collections() -> tuple[Aggregate, ...]:
    """Return the collections that ``MODELER["COLLECTIONS"]`` names; none without it.

    Raises:
        ConfigurationError: it cannot be imported, or holds something else.
    """
    path = modeler_settings()["COLLECTIONS"]
    if not path:
        return ()
    where = f"MODELER['COLLECTIONS'] ({path})"
    if not isinstance(path, str):
        raise ConfigurationError(f"{where} is no text. Name an iterable of Aggregate.")
    try:
        found = tuple(import_string(path))
    except (ImportError, TypeError) as error:
        raise ConfigurationError(
            f"{where} cannot be used: {error}. Name an iterable of Aggregate by its dotted path."
        ) from error
    for one in found:
        if not isinstance(one, Aggregate):
            raise ConfigurationError(f"{where} holds {one!r}, which is no Aggregate.")
    return found


def project_weights() -> Weights:
    """Return the weights with those of ``MODELER["DESIGN_WEIGHTS"]``.

    Raises:
        ConfigurationError: a name is not known, or a value is no number.
    """
    return weights_of(_mapping("DESIGN_WEIGHTS"))


def project_workload() -> dict[str, Workload]:
    """Return what ``MODELER["DESIGN_WORKLOAD"]`` says, by key of the relation.

    Raises:
        ConfigurationError: it is not as conf.py describes it.
    """
    made = {}
    for relation, said in _mapping("DESIGN_WORKLOAD").items():
        where = f"MODELER['DESIGN_WORKLOAD'][{relation!r}]"
        if not isinstance(said, Mapping) or not set(said) <= {"read_together", "written_alone"}:
            raise ConfigurationError(
                f"{where} must be a dict of read_together and written_alone, 0 to 3 each."
            )
        for name, value in said.items():
            if value not in (0, 1, 2, 3):
                raise ConfigurationError(f"{where}[{name!r}] must be 0, 1, 2 or 3, not {value!r}.")
        made[relation] = Workload(**said)
    return made


def wanted_indexes() -> tuple[tuple[str, ...], ...]:
    """Return the compound indexes of ``MODELER["DESIGN_INDEXES"]``.

    Raises:
        ConfigurationError: it holds something else than sequences of names.
    """
    made = []
    for columns in modeler_settings()["DESIGN_INDEXES"]:
        if isinstance(columns, str) or not all(isinstance(name, str) for name in columns):
            raise ConfigurationError(
                f"MODELER['DESIGN_INDEXES'] holds {columns!r}. An index is a sequence of columns "
                "such as orders.Payment.method."
            )
        made.append(tuple(columns))
    return tuple(made)


def tables_with_pages() -> frozenset[str]:
    """Return the keys of the models that have a web page of their own."""
    return frozenset(
        model._meta.label for model in apps.get_models() if hasattr(model, "get_absolute_url")
    )


def _mapping(name: str) -> Mapping[str, Any]:
    given = modeler_settings()[name]
    if not isinstance(given, Mapping):
        raise ConfigurationError(
            f"MODELER[{name!r}] must be a dict; see docs/collection-design.md."
        )
    return given
