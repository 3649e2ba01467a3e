"""Indexes that are built and dropped while everybody goes on."""

from __future__ import annotations

from modeler.previews.remedies.atom import Atom
from modeler.previews.remedies.change import Change, NoRemedy
from modeler.previews.remedies.statements import concurrently, table_text
from modeler.previews.remedies.undoing import Undoing
from modeler.previews.sql import commands
from modeler.previews.sql.definitions import Name

BY_ITSELF = "It commits by itself, and waits for older transactions without blocking anybody."


def built(atom: Atom, command: commands.CreateIndex) -> Change:
    """Return CREATE INDEX in its concurrent form.

    Raises:
        NoRemedy: the table is partitioned.
    """
    if atom.is_partitioned:
        raise NoRemedy(
            "an index of a partitioned table cannot be built concurrently; build it on each "
            "partition, then ON ONLY the parent, and attach them"
        )
    beside = table_text(Name(command.name, command.table.schema))
    return Change(
        concurrently(atom.sql),
        f"DROP INDEX CONCURRENTLY IF EXISTS {beside}",
        atom.table,
        "like_index" if command.name.endswith("_like") else "index",
        BY_ITSELF,
        concurrent=True,
        works=True,
    )


def dropped(atom: Atom, command: commands.Drop, undoing: Undoing) -> Change:
    """Return DROP INDEX in its concurrent form.

    Raises:
        NoRemedy: it drops more than one index.
    """
    (name, *rest) = command.names
    if rest or command.cascade:
        raise NoRemedy("DROP INDEX CONCURRENTLY takes one index, and no CASCADE")
    return Change(
        concurrently(atom.sql),
        undoing.index(name.name),
        table_text(name),
        "drop_index",
        BY_ITSELF,
        concurrent=True,
        works=True,
    )
