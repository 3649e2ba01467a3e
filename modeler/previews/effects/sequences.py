"""Sequences."""

from __future__ import annotations

from modeler.previews.effects.drops import drop_sequence
from modeler.previews.effects.record import AS, RX, SRX, Record
from modeler.previews.sql.commands import AlterSequence, CreateSequence, Drop


def create_sequence(record: Record, command: CreateSequence) -> None:
    name = record.catalog.display(command.name)
    if record.catalog.relation(command.name) is not None and not command.temporary:
        if not command.if_not_exists:
            record.fail(f"{name} exists already")
        return
    record.create(name)
    if command.owned_by is not None:
        record.lock_named(record.catalog.display(command.owned_by), AS, f"it owns {name}")


def alter_sequence(record: Record, command: AlterSequence) -> None:
    """ALTER SEQUENCE: whoever takes a value waits until commit."""
    sequence = record.catalog.relation(command.name)
    if sequence is None:
        if not command.if_exists:
            record.fail(f"{record.catalog.display(command.name)} does not exist")
        return
    for mode in (RX, SRX):
        record.lock(sequence, mode, "its numbers change")
    if command.owned_by is not None:
        record.lock_named(record.catalog.display(command.owned_by), AS, f"it owns {sequence.name}")


def drop_sequences(record: Record, command: Drop) -> None:
    for name in command.names:
        sequence = record.catalog.relation(name)
        if sequence is not None:
            drop_sequence(record, sequence, cascade=command.cascade)
        elif not command.if_exists:
            record.fail(f"{record.catalog.display(name)} does not exist")
