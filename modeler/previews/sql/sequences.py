"""CREATE and ALTER SEQUENCE.

Source: PostgreSQL manual, CREATE SEQUENCE and ALTER SEQUENCE, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.commands import AlterSequence, CreateSequence
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.type_names import read_type

OPTIONS = ("as", "increment", "minvalue", "maxvalue", "no", "start", "restart", "cache", "cycle",
           "sequence", "owned", "logged", "unlogged")  # fmt: skip


def create_sequence(cursor: Cursor, **kind: bool) -> CreateSequence:
    """Read what follows ``CREATE … SEQUENCE``; ``kind``: ``temporary`` or ``unlogged``."""
    absent = cursor.take("if", "not", "exists")
    name = cursor.name()
    owner: Name | None = None
    while not cursor.ended:
        if cursor.at("owned", "by"):
            owner = _owner(cursor)
        else:
            sequence_option(cursor)
    return CreateSequence(name, owner, absent, **kind)


def alter_sequence(cursor: Cursor, name: Name, if_exists: bool) -> AlterSequence:
    """Read the options that follow ``ALTER SEQUENCE name``."""
    owner: Name | None = None
    changes = False
    if cursor.ended:
        raise cursor.unexpected("an option of the sequence")
    while not cursor.ended:
        if cursor.at("owned", "by"):
            owner = _owner(cursor)
        else:
            sequence_option(cursor)
            changes = True
    return AlterSequence(name, changes, owner, if_exists)


def at_sequence_option(cursor: Cursor, ahead: int = 0) -> bool:
    token = cursor.tokens[min(cursor.position + ahead, len(cursor.tokens) - 1)]
    return token.kind == "name" and token.text in OPTIONS


def sequence_option(cursor: Cursor) -> None:
    """Step over one option other than OWNED BY.

    Raises:
        FormatError: it is none.
    """
    if cursor.take("as"):
        read_type(cursor)
    elif cursor.take("no"):
        if not cursor.take_one_of("minvalue", "maxvalue", "cycle"):
            raise cursor.unexpected("MINVALUE, MAXVALUE or CYCLE")
    elif cursor.take_one_of("cycle", "logged", "unlogged"):
        pass
    elif cursor.take("sequence", "name"):
        cursor.name()
    elif cursor.take("restart"):
        cursor.take("with")
        _number(cursor, needed=False)
    elif cursor.take_one_of("increment", "minvalue", "maxvalue", "start", "cache"):
        cursor.take_one_of("by", "with")
        _number(cursor, needed=True)
    else:
        raise cursor.unexpected("an option of a sequence")


def _number(cursor: Cursor, *, needed: bool) -> None:
    if cursor.token.kind == "operator" and cursor.token.text in "+-":
        cursor.step()
        needed = True
    if cursor.token.kind in {"number", "placeholder"}:
        cursor.step()
    elif needed:
        raise cursor.unexpected("a number")


def _owner(cursor: Cursor) -> Name | None:
    cursor.need("owned", "by")
    if cursor.take("none"):
        return None
    parts = [cursor.identifier()]
    while cursor.take_mark("."):
        parts.append(cursor.label())
    if len(parts) < 2:
        raise cursor.unexpected("a column of the owner")
    return Name(parts[-2], parts[-3] if len(parts) > 2 else "")
