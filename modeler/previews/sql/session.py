"""SET, RESET, transactions, and what touches no relation.

Source: PostgreSQL manual, SET, SET CONSTRAINTS, SET TRANSACTION, RESET, BEGIN and kin, 14 to 18.
"""

from __future__ import annotations

from modeler.previews.sql.commands import SetConstraints, SetParameter, Transaction
from modeler.previews.sql.cursor import Cursor


def set_parameter(cursor: Cursor) -> SetParameter | SetConstraints:
    """Read what follows SET."""
    if cursor.take("constraints"):
        names = () if cursor.take("all") else cursor.several(cursor.name)
        when = cursor.take_one_of("deferred", "immediate")
        if not when:
            raise cursor.unexpected("DEFERRED or IMMEDIATE")
        return SetConstraints(names, when == "immediate")
    if cursor.take("transaction"):
        return SetParameter("transaction", _words(cursor), True)  # noqa: FBT003
    if cursor.take("session", "characteristics", "as", "transaction"):
        return SetParameter("session characteristics", _words(cursor))
    local = not _is_assigned(cursor) and cursor.take("local")
    if not local and not cursor.at("session", "authorization"):
        cursor.take("session")
    if cursor.take("session", "authorization"):
        return SetParameter("session_authorization", _value(cursor), local)
    if cursor.take("time", "zone"):
        return SetParameter("timezone", _value(cursor), local)
    if cursor.take("xml", "option"):
        return SetParameter("xmloption", _value(cursor), local)
    # Names that are followed by a value without TO.
    for word, name in (("schema", "search_path"), ("names", "client_encoding"), ("role", "role")):
        if cursor.at(word) and not _is_assigned(cursor):
            cursor.step()
            return SetParameter(name, "" if cursor.ended else _value(cursor), local)
    name = _parameter(cursor)
    if not (cursor.take("to") or cursor.take_operator("=")):
        raise cursor.unexpected("TO or =")
    return SetParameter(name, _value(cursor), local)


def reset(cursor: Cursor) -> SetParameter:
    """Read what follows RESET."""
    if cursor.take("time", "zone"):
        return SetParameter("timezone", None)
    if cursor.take("session", "authorization"):
        return SetParameter("session_authorization", None)
    if cursor.take("transaction", "isolation", "level"):
        return SetParameter("transaction_isolation", None)
    return SetParameter("all" if cursor.take("all") else _parameter(cursor), None)


def transaction(cursor: Cursor, verb: str) -> Transaction:
    """Read what follows the first word, ``verb``, of a statement that steers transactions."""
    match verb:
        case "begin" | "start":
            if verb == "start":
                cursor.need("transaction")
            cursor.take_one_of("work", "transaction")
            cursor.rest()
            return Transaction("begin")
        case "savepoint":
            return Transaction("savepoint", cursor.identifier())
        case "release":
            cursor.take("savepoint")
            return Transaction("release", cursor.identifier())
        case "prepare":
            cursor.need("transaction")
            return Transaction("prepare", cursor.step().text)
    ends = "commit" if verb in {"commit", "end"} else "rollback"
    if cursor.take("prepared"):
        return Transaction(f"{ends} prepared", cursor.step().text)
    cursor.take_one_of("work", "transaction")
    if ends == "rollback" and cursor.take("to"):
        cursor.take("savepoint")
        return Transaction("rollback to", cursor.identifier())
    if cursor.take("and"):
        cursor.take("no")
        cursor.need("chain")
    return Transaction(ends)


def _is_assigned(cursor: Cursor) -> bool:
    following = cursor.tokens[min(cursor.position + 1, len(cursor.tokens) - 1)]
    return following.text in {"to", "="} and following.kind in {"name", "operator"}


def _parameter(cursor: Cursor) -> str:
    name = cursor.label()
    while cursor.take_mark("."):
        name += f".{cursor.label()}"
    return name.lower()


def _value(cursor: Cursor) -> str | None:
    """Read values up to the end; None of DEFAULT, a single string without its quotes."""
    if cursor.ended:
        raise cursor.unexpected("a value")
    if cursor.at("default"):
        cursor.step()
        return None
    first = cursor.token
    text = cursor.rest()
    alone = (first.start, first.end) == (
        cursor.tokens[-2].start,
        cursor.tokens[-2].end,
    )
    return first.text if alone and first.kind in {"string", "quoted"} else text


def _words(cursor: Cursor) -> str:
    if cursor.ended:
        raise cursor.unexpected("a mode of transactions")
    return cursor.rest().lower()
