"""Splitting a text into statements.

Source: PostgreSQL manual, section 4.1, and CREATE FUNCTION (BEGIN ATOMIC … END).
"""

from __future__ import annotations

from modeler.schema.sql_tokens import Token, lenient_tokens

ROUTINES = frozenset({"function", "procedure"})


def split_tokens(sql: str) -> list[list[Token]]:
    """Return the tokens of each statement of a text, without empty ones.

    A semicolon ends a statement unless it stands in brackets (as in CREATE RULE … DO (…; …)) or
    in the body of a function between BEGIN ATOMIC and its END. Strings, dollar-quoted bodies and
    comments are tokens, or none. What follows a string that does not end belongs to it.
    """
    statements: list[list[Token]] = []
    found: list[Token] = []
    depth = blocks = 0
    for token in lenient_tokens(sql):
        if token.kind == "end":
            break
        if token.kind == "mark":
            if token.text == ";" and depth <= 0 and not blocks:
                if found:
                    statements.append(found)
                found, depth = [], 0
                continue
            depth += (token.text == "(") - (token.text == ")")
        elif token.kind == "name" and depth <= 0:
            blocks += _opens(token, found, blocks)
        found.append(token)
    if found:
        statements.append(found)
    return statements


def _opens(token: Token, before: list[Token], blocks: int) -> int:
    """Return 1 where a word opens a block of a function's body, -1 where it ends one."""
    if token.text == "atomic":
        begins = bool(before) and before[-1].text == "begin" and before[-1].kind == "name"
        return 1 if begins and not blocks and _creates_routine(before) else 0
    if not blocks:
        return 0
    # CASE … END may stand in a body.
    return (token.text == "case") - (token.text == "end")


def _creates_routine(found: list[Token]) -> bool:
    words = [token.text for token in found[:4] if token.kind == "name"]
    return words[:1] == ["create"] and bool(ROUTINES & set(words))
