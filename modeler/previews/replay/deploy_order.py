"""Migrate first or code first: from what breaks on either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from modeler.previews.replay.replay import Break, DeployOrder, Order


def deploy_order(
    old_on_new: Sequence[Break],
    new_on_old: Sequence[Break],
    *,
    new_on_new: Sequence[Break] = (),
    old_meets_new_rows: Sequence[Break] = (),
    new_meets_old_rows: Sequence[Break] = (),
    final: bool = True,
) -> DeployOrder:
    """Return the order in which nothing breaks.

    Migrating first lets the old code run on the new schema; deploying first lets the new code
    run on the old one. A contradiction between the new code and its own schema rules out both.

    Args:
        old_on_new, new_on_old, new_on_new: they rule an order out.
        old_meets_new_rows, new_meets_old_rows: they happen only while both codes run, and are
            said where the order lets them happen.
        final: no migration follows that could mend a contradiction; else it is only said.
    """
    if new_on_new and not final:
        order = deploy_order(
            old_on_new,
            new_on_old,
            old_meets_new_rows=old_meets_new_rows,
            new_meets_old_rows=new_meets_old_rows,
        )
        return replace(order, cautions=(*_said(new_on_new), *order.cautions))
    reasons = tuple(found.sentence for found in (*new_on_new, *old_on_new, *new_on_old))
    if new_on_new or (old_on_new and new_on_old):
        return DeployOrder(Order.NEITHER, reasons)
    if old_on_new:
        return DeployOrder(Order.CODE_FIRST, reasons, _said(new_meets_old_rows))
    if new_on_old:
        return DeployOrder(Order.MIGRATE_FIRST, reasons, _said(old_meets_new_rows))
    return DeployOrder(Order.EITHER, (), _said((*old_meets_new_rows, *new_meets_old_rows)))


def _said(found: Sequence[Break]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.sentence for item in found))
