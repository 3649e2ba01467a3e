"""A contradiction that a later migration may mend is said, and rules nothing out."""

from __future__ import annotations

from modeler.previews.replay.deploy_order import deploy_order
from modeler.previews.replay.replay import Break, DeployOrder, Failure, Meeting, Order, Verb

CALLED = Break(
    "shop.Pet", Verb.INSERT, "42883", "New code cannot insert shop.Pet.", Meeting.NEW_ON_NEW,
    Failure("42883", "function stamp() does not exist"),
)  # fmt: skip


def test_it_rules_out_both_orders_at_the_end():
    assert deploy_order((), (), new_on_new=(CALLED,)) == DeployOrder(
        Order.NEITHER, ("New code cannot insert shop.Pet.",)
    )


def test_it_is_a_caution_where_migrations_follow():
    assert deploy_order((), (), new_on_new=(CALLED,), final=False) == DeployOrder(
        Order.EITHER, (), ("New code cannot insert shop.Pet.",)
    )
