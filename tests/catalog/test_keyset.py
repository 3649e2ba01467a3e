"""Keyset pages: every row once, in order, both ways, bounded by an index."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.db.models.functions import Lower
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.keyset import Ordering, keyset_page
from catalog.models import Category, Product
from modeler.errors import ConfigurationError, FormatError
from tests.orders.installed import execute
from tests.orders.sample import make_product

ORDERS: list[tuple[Ordering, ...]] = [
    (),
    ("pk",),
    ("-created_at",),
    ("name",),
    ("-base_price", "name"),
    ("base_price", "-name", "sku"),
    ("deleted_at", "-name"),
    ("-deleted_at", "base_price"),
    (F("deleted_at").asc(nulls_first=True), "name"),
    (F("deleted_at").desc(nulls_last=True), "-base_price", "name"),
    (Lower("name"), "-id"),
    (Lower("name").desc(), "base_price"),
    ("category__name", "-category__parent__name", "name"),
]
DAYS = st.none() | st.integers(1, 3).map(lambda day: datetime(2026, 1, day, tzinfo=UTC))
PRODUCTS = st.lists(
    st.tuples(st.sampled_from("aAbB"), st.integers(0, 2).map(Decimal), DAYS, st.integers(0, 2)),
    max_size=12,
)


def pages(ordering: tuple[Ordering, ...], size: int, *, backward: bool) -> list[Any]:
    """Return all pages, from the first to the last or from the last to the first."""
    page = keyset_page(Product.objects.all(), *ordering, size=size)
    found = [page]
    while cursor := page.following:
        page = keyset_page(Product.objects.all(), *ordering, size=size, after=cursor)
        found.append(page)
    if backward:
        found = [page]
        while cursor := page.previous:
            page = keyset_page(Product.objects.all(), *ordering, size=size, before=cursor)
            found.append(page)
    return found


@pytest.mark.django_db
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(products=PRODUCTS, ordering=st.sampled_from(ORDERS), size=st.integers(1, 5))
def test_pages_are_the_list_cut_in_pieces(
    products: list[tuple[str, Decimal, datetime | None, int]],
    ordering: tuple[Ordering, ...],
    size: int,
) -> None:
    Product.objects.all().delete()
    Category.objects.filter(children=None).delete()
    Category.objects.all().delete()
    top = Category.objects.create(name="t", slug="t")
    categories = [
        Category.objects.create(name=n, slug=n, parent=parent)
        for n, parent in (("x", None), ("y", top), ("z", top))
    ]
    for n, (name, price, deleted_at, category) in enumerate(products):
        make_product(
            categories[category], sku=f"{n}", name=name, base_price=price, deleted_at=deleted_at
        )
    last = ordering[-1] if ordering else "pk"
    down = last.startswith("-") if isinstance(last, str) else getattr(last, "descending", False)
    in_order = Product.objects.order_by(*ordering, "-pk" if down else "pk")
    wanted = list(in_order.values_list("sku", flat=True))
    cut = [wanted[start : start + size] for start in range(0, len(wanted), size)] or [[]]
    assert [[row.sku for row in p.rows] for p in pages(ordering, size, backward=False)] == cut
    back = [[row.sku for row in page.rows] for page in pages(ordering, size, backward=True)]
    assert [sku for page in reversed(back) for sku in page] == wanted
    assert [len(page) for page in back[1:-1]] == [size] * max(len(back) - 2, 0)


@pytest.mark.parametrize(
    ("ordering", "index", "bound"),
    [
        (("-created_at", "-id"), "product_newest", "created_at <="),
        ((Lower("name"), "id"), "product_name_any_case", "lower((name)::text) >="),
    ],
)
def test_a_page_is_bounded_by_the_index(
    db: None, ordering: tuple[Ordering, ...], index: str, bound: str
) -> None:
    category = Category.objects.create(name="c", slug="c")
    for n in range(3):
        make_product(category, sku=f"{n}", name=f"n{n}", base_price=1)
    first = keyset_page(Product.objects.all(), *ordering, size=1)
    queries: list[str] = []
    execute("SET LOCAL enable_seqscan = off")
    execute("SET LOCAL enable_bitmapscan = off")
    execute("SET LOCAL enable_sort = off")

    def note(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(context["cursor"].mogrify(sql, params))
        return run(sql, params, many, context)

    with connection.execute_wrapper(note):
        keyset_page(Product.objects.all(), *ordering, size=1, after=first.following)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + queries[0])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert f"using {index}" in plan
    (condition,) = [line for line in plan.splitlines() if "Index Cond" in line]
    assert bound in condition
    assert "Sort" not in plan


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"size": 0}, ConfigurationError),
        ({"size": 1, "after": "x", "before": "y"}, ConfigurationError),
        ({"size": 1, "after": "x"}, FormatError),
        ({"size": 1, "after": "bm90IGpzb24"}, FormatError),
        ({"size": 1, "before": "W10"}, FormatError),
        ({"size": 1, "after": "WyJuYW1lLGlkIiwgImEiLCAibm8ga2V5Il0"}, FormatError),
    ],
)
def test_what_cannot_be_is_refused(
    db: None, options: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        keyset_page(Product.objects.all(), "name", **options)


def test_a_cursor_of_another_order_is_refused(db: None) -> None:
    category = Category.objects.create(name="c", slug="c")
    for n in range(2):
        make_product(category, sku=f"{n}", name="n", base_price=1)
    cursor = keyset_page(Product.objects.all(), "name", size=1).following
    for ordering in (("-name",), ("name", "sku"), ("base_price",), (Lower("name"),)):
        with pytest.raises(FormatError, match="another order"):
            keyset_page(Product.objects.all(), *ordering, size=1, after=cursor)


def test_an_order_by_nothing_is_refused(db: None) -> None:
    with pytest.raises(ConfigurationError, match="Product cannot be ordered so"):
        keyset_page(Product.objects.all(), "nmae", size=1)
