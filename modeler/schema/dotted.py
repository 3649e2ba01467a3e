"""Names of Python objects as a person would import them."""

from __future__ import annotations

import functools
from typing import Any


def dotted_name(thing: Any) -> str:
    """Return ``module.qualified.name`` of a function, class or instance, without addresses.

    A partial is named by its function, a bound method by its class, an instance by its type.
    """
    while isinstance(thing, functools.partial):
        thing = thing.func
    qualified = getattr(thing, "__qualname__", None)
    if not isinstance(qualified, str):
        thing = type(thing)
        qualified = thing.__qualname__
    module = getattr(thing, "__module__", None)
    return f"{module}.{qualified}" if isinstance(module, str) else qualified
