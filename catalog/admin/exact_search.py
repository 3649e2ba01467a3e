"""Search that goes straight to a row when a code or key was typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest


class ExactSearch(admin.ModelAdmin):
    """Keys and codes find their row alone, before any other search is tried."""

    # Look-ups that an index answers, such as "sku"; a hit ends the search.
    exact_fields: ClassVar[Sequence[str]] = ()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        if not term or "\0" in term:
            return (queryset if not term else queryset.none()), False
        key = as_key(term)
        if key is not None:
            return queryset.filter(pk=key), False
        exact = Q()
        for name in self.exact_fields:
            exact |= Q(**{name: term})
        # Asked beforehand: put into one condition, OR would keep the other search from its index.
        if exact and (hits := list(queryset.order_by().filter(exact).values_list("pk")[:20])):
            return queryset.filter(pk__in=[pk for (pk,) in hits]), False
        return self.search_words(request, queryset, term)

    def search_words(
        self, request: HttpRequest, queryset: QuerySet[Any], words: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search for words; by default in ``search_fields``, each word in one of them."""
        return super().get_search_results(request, queryset, words)


def as_key(text: str) -> UUID | None:
    """Return the key that a text is, None if it is none."""
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None


def is_autocomplete(request: HttpRequest) -> bool:
    """Whether a select box asks, and not a list."""
    match = request.resolver_match
    return match is not None and match.url_name == "autocomplete"
