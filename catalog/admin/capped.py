"""Lists of any length: the count stops at a cap, and the page says so.

Admin counts the whole table for every page, which takes seconds on large ones, and an estimate
fed into its paging draws the wrong rows (an estimate below one page draws the whole table). So the
count is exact up to the cap; beyond it people filter, which is what they would do anyway.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator

CAP = 10_000


class CappedPaginator(Paginator):
    """Pages over at most ``CAP`` rows; ``capped`` says that there are more."""

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: CAP + 1].count()

    @cached_property
    def count(self) -> int:
        """Return the number of rows, at most ``CAP``."""
        return min(self._found, CAP)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._found > CAP


class CappedChangeList(ChangeList):
    """A list that knows whether its count was cut off."""

    paginator: CappedPaginator
    cap = CAP

    @property
    def capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.paginator.capped
