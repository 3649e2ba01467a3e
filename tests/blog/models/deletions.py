"""``on_delete`` handlers of the project's own."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import models
from django.utils.deconstruct import deconstructible


def keep_last(collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    """A handler of the project's own."""
    models.SET_NULL(collector, field, sub_objs, using)


def keep(how: str, collector: Any, field: Any, sub_objs: Any, using: str) -> None:
    models.SET_NULL(collector, field, sub_objs, using)


keep_partial = partial(keep, "softly")


@deconstructible
class Replace:
    """A handler without a name of its own."""

    def __call__(self, collector: Any, field: Any, sub_objs: Any, using: str) -> None:
        models.SET_NULL(collector, field, sub_objs, using)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Replace)

    __hash__ = None  # type: ignore[assignment]
