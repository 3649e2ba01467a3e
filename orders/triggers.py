"""The rules of orders that need more than one row, or the row as it was."""

from __future__ import annotations

import pgtrigger

from catalog.triggers import BulkRule, Refusal, Rule
from orders.transitions import BIRTH, UNBORN, legal_moves_sql

SUBTOTAL_MESSAGE = "The subtotal must be the sum of the order's items."
STATUS_MESSAGE = "An order cannot go from this status to that one."
BIRTH_MESSAGE = "A new order is pending."
KEY_MESSAGE = "The key of an order never changes."

born_pending = Refusal(
    name="born_pending",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition(f"NEW.status <> '{BIRTH}'"),
    constraint="order_born_pending",
    message=BIRTH_MESSAGE,
)

legal_transition = Refusal(
    name="legal_transition",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    # A state that is none at all is left to the check constraint.
    condition=pgtrigger.Condition(
        "OLD.status <> NEW.status AND NOT " + legal_moves_sql("OLD.status", "NEW.status")
    ),
    constraint="order_status_transition",
    message=STATUS_MESSAGE,
)

# Who: the user of the history context; else whoever the session belongs to. The setting is empty,
# not missing, once a transaction that set it has ended.
_CONTEXT = "nullif(current_setting('pghistory.context_metadata', true), '')::jsonb"
_WHO = f"coalesce({_CONTEXT} ->> 'user', session_user), coalesce({_CONTEXT} ->> 'reason', '')"


def _log(source: str, target: str, rows: str) -> str:
    # An order is never twice in one state, so its key and the state make a key that is the step's
    # alone; it says when the step was, also when the clock is not the real one.
    return f"""
        INSERT INTO orders_orderstatuschange
            (id, order_id, from_status, to_status, actor, reason, created_at)
        SELECT shop_key(moved.updated_at, moved.id::text || {target}), moved.id, {source},
            {target}, {_WHO}, moved.updated_at
        FROM {rows};
        RETURN NULL;
    """


log_birth = Rule(
    name="log_birth",
    level=pgtrigger.Statement,
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    referencing=pgtrigger.Referencing(new="moved"),
    func=_log(f"'{UNBORN}'", "moved.status", "moved"),
)

# What the log and the history of a statement join its rows by.
key_stays = Refusal(
    name="key_stays",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition("OLD.id <> NEW.id"),
    constraint="order_key_stays",
    message=KEY_MESSAGE,
)

log_transition = BulkRule(
    name="log_transition",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    referencing=pgtrigger.Referencing(old="was", new="moved"),
    func=_log(
        "was.status", "moved.status", "was JOIN moved USING (id) WHERE was.status <> moved.status"
    ),
)


def _subtotal_is(order: str) -> str:
    # One statement reads both sides, so they are of one snapshot. Two transactions that pass alone
    # also pass together: only one can have changed the subtotal (it holds the order's row), and
    # the other's items have then not changed the sum.
    # An order that is gone has no subtotal, and NULL refuses nothing.
    return f"""
        IF (SELECT subtotal FROM orders_order WHERE id = {order}) <> (
            SELECT coalesce(sum(total_price), 0) FROM orders_orderitem WHERE order_id = {order}
        ) THEN
    """


def _subtotal(name: str, operation: pgtrigger.Operation, condition: str, order: str) -> Refusal:
    return Refusal(
        name=name,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        operation=operation,
        condition=pgtrigger.Condition(condition) if condition else None,
        constraint="order_subtotal_is_sum_of_items",
        message=SUBTOTAL_MESSAGE,
        test=_subtotal_is(order),
        result="NULL",
    )


# All of them wait for the end of the transaction; a row at a time, since only row triggers can.
_ITEM_LEFT = "OLD.order_id IS DISTINCT FROM NEW.order_id"
_ITEM_CHANGED = f"{_ITEM_LEFT} OR OLD.total_price IS DISTINCT FROM NEW.total_price"

order_subtotal = [
    # With no subtotal it is the items that have to agree, and each of them asks.
    _subtotal("subtotal_born", pgtrigger.Insert, "NEW.subtotal <> 0", "NEW.id"),
    _subtotal(
        "subtotal_changed",
        pgtrigger.Update,
        "OLD.subtotal IS DISTINCT FROM NEW.subtotal",
        "NEW.id",
    ),
]

item_subtotal = [
    _subtotal("subtotal_item_added", pgtrigger.Insert, "", "NEW.order_id"),
    _subtotal("subtotal_item_gone", pgtrigger.Delete, "", "OLD.order_id"),
    _subtotal("subtotal_item_changed", pgtrigger.Update, _ITEM_CHANGED, "NEW.order_id"),
    _subtotal("subtotal_item_left", pgtrigger.Update, _ITEM_LEFT, "OLD.order_id"),
]
