"""Chainable questions about what is sold."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import F
from django.db.models.functions import Lower

from catalog.keyset import KeysetPage, Ordering, keyset_page
from catalog.record import LIVING


class ShopQuerySet(models.QuerySet[Any]):
    """What can be asked of every table of the shop."""

    def created_between(self, start: datetime, end: datetime) -> Self:
        """Keep rows born at ``start`` or later and before ``end`` (both aware)."""
        return self.filter(created_at__gte=start, created_at__lt=end)

    def in_order(self) -> Self:
        """Put the newest first, ties in a fixed order (``QuerySet.ordered`` is Django's)."""
        return self.order_by("-created_at", "-id")

    def keyset_page(
        self,
        *ordering: Ordering,
        size: int,
        after: str | None = None,
        before: str | None = None,
    ) -> KeysetPage:
        """Return one page in that order; see ``catalog.keyset.keyset_page``."""
        return keyset_page(self, *ordering, size=size, after=after, before=before)


class CategoryQuerySet(ShopQuerySet):
    """Questions about categories."""

    def active(self) -> Self:
        """Keep what is shown to customers."""
        return self.filter(is_active=True)

    def in_order(self) -> Self:
        """Order siblings as they are shown."""
        return self.order_by("sort_order", "name", "id")


class ArchivableQuerySet(ShopQuerySet):
    """Questions about rows that can be put away."""

    def living(self) -> Self:
        """Leave out what was put away."""
        return self.filter(LIVING)

    def deleted(self) -> Self:
        """Keep only what was put away."""
        return self.exclude(LIVING)

    def active(self) -> Self:
        """Keep living rows that are in use."""
        return self.filter(LIVING, is_active=True)


class ProductQuerySet(ArchivableQuerySet):
    """Questions about products."""

    def in_order(self) -> Self:
        """Order by the alphabet, however the names are written."""
        return self.order_by(Lower("name"), "id")

    def search(self, words: str) -> Self:
        """Keep products that match ``words`` (as in a web search), the best first.

        Annotates ``rank``. Quotes hold words together, ``or`` and ``-`` work.
        """
        query = SearchQuery(words, search_type="websearch", config="english")
        return (
            self.filter(search_vector=query)
            .annotate(rank=SearchRank(F("search_vector"), query))
            .order_by("-rank", "id")
        )
