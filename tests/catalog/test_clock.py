"""The clock is the real one, except for who may execute ``shop_clock_set``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from django.db import ProgrammingError, connection, transaction

from catalog.clock import clock_set, seeding
from catalog.models import Category, Product, Tag
from tests.orders.installed import execute, rows

PAST = datetime(2023, 5, 17, 12, 30, 15, 123456, tzinfo=UTC)
LATER = PAST + timedelta(days=3)

pytestmark = pytest.mark.django_db


def is_now(moment: datetime) -> bool:
    return abs(datetime.now(UTC) - moment) < timedelta(minutes=1)


def test_nobody_may_set_it_after_the_migrations_not_even_the_owner() -> None:
    assert rows("SELECT has_function_privilege('shop_clock_set(timestamptz)', 'EXECUTE')") == [
        (False,)
    ]
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        clock_set(PAST)


def test_the_setting_alone_does_nothing() -> None:
    execute("SET LOCAL shop.clock = '2001-01-01'")
    tag = Tag.objects.create(name="a", slug="a")
    tag.refresh_from_db()
    assert is_now(tag.created_at) and is_now(tag.updated_at)
    assert is_now(rows("SELECT shop_clock('2001-01-01')")[0][0])


def test_seeding_dates_rows_and_ends() -> None:
    with seeding(PAST):
        tag = Tag.objects.create(name="a", slug="a")
        execute(
            "INSERT INTO catalog_tag (name, slug, created_at)"
            f" VALUES ('b', 'b', '{LATER.isoformat()}')"
        )
        clock_set(LATER)
        execute("UPDATE catalog_tag SET name = 'c' WHERE slug = 'a'")
        execute(
            f"UPDATE catalog_tag SET name = 'd', updated_at = '{LATER + timedelta(days=1)}'"
            " WHERE slug = 'b'"
        )
    assert tag.created_at == PAST
    assert rows("SELECT slug, created_at, updated_at FROM catalog_tag ORDER BY slug") == [
        ("a", PAST, LATER),
        ("b", LATER, LATER + timedelta(days=1)),
    ]
    test_nobody_may_set_it_after_the_migrations_not_even_the_owner()
    assert is_now(Tag.objects.create(name="e", slug="e").created_at)


def test_copy_keeps_the_dates_it_brings_and_history_agrees() -> None:
    with seeding(LATER), connection.cursor() as cursor:
        category = Category.objects.create(name="a", slug="a").pk
        with cursor.copy(
            "COPY catalog_product (sku, name, description, category_id, base_price, attributes,"
            " created_at) FROM STDIN"
        ) as copy:
            copy.write_row(("S", "N", "", category, 1, "{}", PAST))
    product = Product.objects.get()
    assert (product.created_at, product.updated_at) == (PAST, PAST)
    assert rows("SELECT pgh_created_at FROM catalog_productevent") == [(PAST,)]


def test_a_failed_seeding_takes_its_right_with_it() -> None:
    with pytest.raises(RuntimeError, match="broken"), seeding(PAST):
        raise RuntimeError("broken")
    test_nobody_may_set_it_after_the_migrations_not_even_the_owner()


@pytest.mark.parametrize("styles", list(permutations(["SQL, DMY", "SQL, MDY", "ISO, YMD"], 2)))
def test_the_date_style_of_a_session_does_not_matter(styles: tuple[str, str]) -> None:
    execute(f"SET LOCAL DateStyle = '{styles[0]}'")
    with seeding(PAST):
        execute("SET LOCAL TimeZone = 'Asia/Tokyo'")
        execute(f"SET LOCAL DateStyle = '{styles[1]}'")
        assert rows(f"SELECT shop_clock() = timestamptz '{PAST.isoformat()}'") == [(True,)]
