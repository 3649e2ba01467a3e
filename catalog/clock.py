"""The clock that the shop's triggers read, and the one way to set it.

``shop_clock(given)`` is the real clock for everybody. Only a role that may execute
``shop_clock_set`` can turn it back, and after the migrations nobody may, not even the owner:
the right is granted to a seeding role, or by the owner to itself inside one transaction, where
no other session sees it. See docs/shop.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction


class ShopClock(models.Func):
    """The shop's time as a database default."""

    function = "shop_clock"
    output_field = models.DateTimeField()


# Alike, so that two connections of an owner can seed side by side: see ``beside``.
SET, SET_BESIDE = "shop_clock_set", "shop_clock_set_beside"


@contextmanager
def seeding(
    moment: datetime, using: str = DEFAULT_DB_ALIAS, *, beside: bool = False
) -> Iterator[None]:
    """Open one transaction in which the shop's clock stands at ``moment`` (aware).

    Rows that bring their own ``created_at`` (INSERT, COPY) or a new ``updated_at`` (UPDATE)
    keep it; all others are dated ``moment``. ``clock_set`` moves the clock on.

    Args:
        beside: another connection of this role seeds at the same time. An owner borrows the right
            in a transaction, and no second one can borrow the same right until the first ends.

    Raises:
        django.db.ProgrammingError: the role neither owns ``shop_clock_set`` nor may execute it.
    """
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('shop_clock_set(timestamptz)', 'EXECUTE'),"
            " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
        )
        may, superuser = cursor.fetchone()
        borrowed = superuser or not may
        setter = SET_BESIDE if beside and borrowed else SET
        if borrowed:
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {setter}(timestamptz) TO CURRENT_USER")
        clock_set(moment, using=using, setter=setter)
        yield
        cursor.execute("SELECT set_config('shop.clock', '', true)")
        if borrowed:
            cursor.execute(f"REVOKE EXECUTE ON FUNCTION {setter}(timestamptz) FROM CURRENT_USER")


def clock_set(moment: datetime, using: str = DEFAULT_DB_ALIAS, *, setter: str = SET) -> None:
    """Set the shop's clock to ``moment`` (aware) until the end of this transaction."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {setter}(%s)", [moment])
