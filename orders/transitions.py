"""The one table of legal moves of an order: trigger, services, admin and diagrams read it."""

from __future__ import annotations

from dataclasses import dataclass

from orders.status import OrderStatus

# The state before birth, as the log of changes writes it.
UNBORN = ""
BIRTH = OrderStatus.PENDING


@dataclass(frozen=True, slots=True)
class Transition:
    """One legal move: ``name`` is what people do to the order."""

    source: OrderStatus
    target: OrderStatus
    name: str


TRANSITIONS: tuple[Transition, ...] = (
    Transition(OrderStatus.PENDING, OrderStatus.CONFIRMED, "confirm"),
    Transition(OrderStatus.PENDING, OrderStatus.CANCELLED, "cancel"),
    Transition(OrderStatus.CONFIRMED, OrderStatus.PROCESSING, "process"),
    Transition(OrderStatus.CONFIRMED, OrderStatus.CANCELLED, "cancel"),
    Transition(OrderStatus.PROCESSING, OrderStatus.SHIPPED, "ship"),
    Transition(OrderStatus.PROCESSING, OrderStatus.CANCELLED, "cancel"),
    Transition(OrderStatus.SHIPPED, OrderStatus.DELIVERED, "deliver"),
    Transition(OrderStatus.DELIVERED, OrderStatus.REFUNDED, "refund"),
)

LEGAL_MOVES: frozenset[tuple[str, str]] = frozenset((t.source, t.target) for t in TRANSITIONS)


def transitions_from(status: str) -> tuple[Transition, ...]:
    """Return what can be done to an order in ``status``, in the order of the table."""
    return tuple(t for t in TRANSITIONS if t.source == status)


def legal_moves_sql(source: str, target: str, *, birth: bool = False) -> str:
    """Return the SQL condition that the pair of expressions is a legal move.

    Args:
        source, target: SQL expressions of the two states.
        birth: whether to come into being counts too.
    """
    moves = [(UNBORN, BIRTH.value)] if birth else []
    moves += [(t.source.value, t.target.value) for t in TRANSITIONS]
    pairs = ", ".join(f"('{a}', '{b}')" for a, b in moves)
    return f"({source}, {target}) IN ({pairs})"
