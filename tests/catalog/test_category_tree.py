"""The tree of categories stays a tree."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Category
from catalog.selectors import category_path, category_subtree
from catalog.services import category_move
from tests.orders.committed import Session, wait_until_blocked
from tests.orders.installed import execute
from tests.orders.sample import Sample


def chain(*names: str) -> list[Category]:
    """Write categories each below the one before."""
    made: list[Category] = []
    for name in names:
        parent = made[-1] if made else None
        made.append(Category.objects.create(name=name, slug=name, parent=parent))
    return made


@pytest.mark.parametrize("depth", [2, 3, 10])
def test_no_cycle_at_any_depth(db: None, depth: int) -> None:
    categories = chain(*(f"c{n}" for n in range(depth)))
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        category_move(category_id=categories[0].pk, parent_id=categories[-1].pk)
    assert caught.value.__cause__.diag.constraint_name == "category_acyclic"  # type: ignore[union-attr]
    assert [c.pk for c in category_path(category_id=categories[-1].pk)] == [
        c.pk for c in categories
    ]


def test_two_rows_of_one_statement_make_no_cycle(db: None) -> None:
    a, b = (Category.objects.create(name=n, slug=n) for n in "ab")
    swap = f"CASE id WHEN '{a.pk}' THEN '{b.pk}'::uuid ELSE '{a.pk}' END"
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(f"UPDATE catalog_category SET parent_id = {swap}")
    assert not Category.objects.exclude(parent=None).exists()


def test_branches_may_move(db: None) -> None:
    a, b, c = chain("a", "b", "c")
    d = Category.objects.create(name="d", slug="d", parent=a)
    category_move(category_id=b.pk, parent_id=d.pk)
    category_move(category_id=a.pk, parent_id=None)
    found = [(x.name, x.depth, x.path, x.products) for x in category_subtree(category_id=a.pk)]
    assert found == [
        ("a", 0, ("a",), 0),
        ("d", 1, ("a", "d"), 0),
        ("b", 2, ("a", "d", "b"), 0),
        ("c", 3, ("a", "d", "b", "c"), 0),
    ]
    assert category_subtree(category_id=c.pk)[0].depth == 0


def move(category: Category, parent: Category, isolation: str) -> Any:
    def work() -> None:
        with transaction.atomic():
            execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
            # Under REPEATABLE READ the snapshot is taken here, before the other commits.
            assert Category.objects.count() == 2
            category_move(category_id=category.pk, parent_id=parent.pk)

    return work


@pytest.mark.parametrize(
    ("isolation", "sqlstate"),
    [("READ COMMITTED", "23514"), ("REPEATABLE READ", "40001"), ("SERIALIZABLE", "40001")],
)
def test_two_who_move_at_once_make_no_cycle(
    committed: Sample, isolation: str, sqlstate: str
) -> None:
    top, below = committed.top, committed.below
    category_move(category_id=below.pk, parent_id=None)
    with transaction.atomic():
        execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        category_move(category_id=below.pk, parent_id=top.pk)
        other = Session(move(top, below, isolation))
        # For its turn, and not for a row: it holds none that we might want.
        assert wait_until_blocked() == "advisory"
    assert other.result().__cause__.sqlstate == sqlstate
    assert [c.name for c in category_path(category_id=below.pk)] == ["Tools", "Hammers"]
    assert Category.objects.get(pk=top.pk).parent_id is None
