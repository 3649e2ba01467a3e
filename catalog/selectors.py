"""Questions about what is sold that take more than a filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from catalog.models import Category, PriceList

_SUBTREE = """
WITH RECURSIVE subtree AS (
    SELECT id, name, slug, parent_id, 0 AS depth, ARRAY[name::text] AS path
    FROM catalog_category
    WHERE id = %s
    UNION ALL
    SELECT c.id, c.name, c.slug, c.parent_id, s.depth + 1, s.path || c.name::text
    FROM catalog_category AS c
    JOIN subtree AS s ON c.parent_id = s.id
)
SELECT s.id, s.name, s.slug, s.parent_id, s.depth, s.path, count(p.id) AS products
FROM subtree AS s
LEFT JOIN catalog_product AS p
    ON p.category_id = s.id AND p.is_active AND p.deleted_at IS NULL
GROUP BY s.id, s.name, s.slug, s.parent_id, s.depth, s.path
ORDER BY s.path, s.id
"""


@dataclass(frozen=True, slots=True)
class Branch:
    """A category below another: its depth, the names on the way, and its products on sale."""

    id: UUID
    name: str
    slug: str
    parent_id: UUID | None
    depth: int
    path: tuple[str, ...]
    products: int


def category_subtree(*, category_id: UUID) -> list[Branch]:
    """Return a category (depth 0) and all below it, depth first; empty if there is none.

    A recursive common table expression: one query at any depth.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SUBTREE, [category_id])
        found = cursor.fetchall()
    return [
        Branch(key, name, slug, parent_id, depth, tuple(path), products)
        for key, name, slug, parent_id, depth, path, products in found
    ]


def category_path(*, category_id: UUID) -> list[Category]:
    """Return the categories from the top down to this one."""
    return list(
        Category.objects.raw(
            """
            WITH RECURSIVE up AS (
                SELECT id, parent_id, 0 AS height FROM catalog_category WHERE id = %s
                UNION ALL
                SELECT c.id, c.parent_id, up.height + 1
                FROM catalog_category AS c JOIN up ON c.id = up.parent_id
            )
            SELECT c.* FROM up JOIN catalog_category AS c USING (id) ORDER BY up.height DESC
            """,
            [category_id],
        )
    )


def price_list_on(*, day: date) -> PriceList | None:
    """Return the price list that holds on a day; the exclusion constraint's index finds it."""
    return PriceList.objects.filter(valid__contains=day).first()
