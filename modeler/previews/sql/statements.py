"""From a statement's first words to what reads the rest.

Source: PostgreSQL manual, part VI (SQL commands), 14 to 18.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from modeler.previews.sql.changed_objects import alter_object
from modeler.previews.sql.commands import (
    AlterObject,
    AlterRelation,
    Command,
    CreateObject,
    Opaque,
    Session,
    Transaction,
)
from modeler.previews.sql.cursor import Cursor
from modeler.previews.sql.definitions import Name, ObjectKind
from modeler.previews.sql.drops import comment, drop
from modeler.previews.sql.indexes import create_index, reindex
from modeler.previews.sql.maintenance import analyze, cluster, lock, refresh, truncate, vacuum
from modeler.previews.sql.new_objects import create_object, create_statistics
from modeler.previews.sql.options import options_in_brackets
from modeler.previews.sql.privileges import default_privileges, privileges
from modeler.previews.sql.queries import QUERIES, copy, data_statement
from modeler.previews.sql.relation_actions import relation_action
from modeler.previews.sql.sequences import alter_sequence, at_sequence_option, create_sequence
from modeler.previews.sql.session import reset, set_parameter, transaction
from modeler.previews.sql.tables import create_table
from modeler.previews.sql.triggers import create_rule, create_trigger, policy
from modeler.previews.sql.views import create_view

RELATIONS = (
    ObjectKind.TABLE, ObjectKind.INDEX, ObjectKind.MATERIALIZED_VIEW, ObjectKind.VIEW,
    ObjectKind.SEQUENCE, ObjectKind.FOREIGN_TABLE,
)  # fmt: skip


def read_command(cursor: Cursor) -> Command:
    """Read one statement; what is left behind it is the caller's to refuse.

    Raises:
        FormatError: it cannot be read.
    """
    if cursor.is_mark("("):
        return data_statement(cursor)
    word = cursor.token.text if cursor.token.kind == "name" else ""
    if word in QUERIES:
        return data_statement(cursor)
    read = BY_WORD.get(word)
    if read is None:
        raise cursor.unexpected("a statement of PostgreSQL")
    cursor.step()
    return read(cursor)


def _create(cursor: Cursor) -> Command:
    if cursor.take("unique"):
        cursor.need("index")
        return create_index(cursor, unique=True)
    if cursor.take("index"):
        return create_index(cursor, unique=False)
    replaces = cursor.take("or", "replace")
    cursor.take_one_of("global", "local")
    temporary = bool(cursor.take_one_of("temporary", "temp"))
    unlogged = cursor.take("unlogged")
    if cursor.take("table"):
        return create_table(cursor, temporary=temporary, unlogged=unlogged)
    if cursor.take("foreign", "table"):
        return create_table(cursor, foreign=True)
    if cursor.take("sequence"):
        return create_sequence(cursor, temporary=temporary, unlogged=unlogged)
    recursive = cursor.take("recursive")
    if cursor.take("view"):
        return create_view(cursor, materialized=False, or_replace=replaces, temporary=temporary)
    if temporary or unlogged or recursive:
        raise cursor.unexpected("TABLE, SEQUENCE or VIEW")
    if cursor.take("materialized", "view"):
        return create_view(cursor, materialized=True)
    if cursor.take("constraint", "trigger"):
        return create_trigger(cursor, constraint=True, or_replace=replaces)
    if cursor.take("trigger"):
        return create_trigger(cursor, constraint=False, or_replace=replaces)
    if cursor.take("rule"):
        return create_rule(cursor, or_replace=replaces)
    if cursor.take("policy"):
        return policy(cursor, creates=True)
    if cursor.take("statistics"):
        return create_statistics(cursor)
    if cursor.take("schema"):
        return _schema(cursor)
    return create_object(cursor, or_replace=replaces)


def _schema(cursor: Cursor) -> CreateObject:
    absent = cursor.take("if", "not", "exists")
    own = "" if cursor.at("authorization") else cursor.identifier()
    if cursor.take("authorization"):
        role = cursor.label()
        own = own or role
    schema = CreateObject(ObjectKind.SCHEMA, Name(own), False, absent, "schema")  # noqa: FBT003
    contents = []
    while not cursor.ended:
        start = cursor.position
        if not cursor.is_name("create", "grant"):
            raise cursor.unexpected("CREATE or GRANT")
        cursor.step()
        while not (cursor.ended or cursor.is_name("create", "grant")):
            cursor.skip_group()
        place = cursor.tokens[cursor.position - 1].end
        found = cursor.tokens[start : cursor.position]
        inner = Cursor(cursor.source, [*found, replace(cursor.tokens[-1], start=place, end=place)])
        contents.append(read_command(inner))
        inner.finish()
    return replace(schema, contents=tuple(contents))


def _alter(cursor: Cursor) -> Command:
    for kind in RELATIONS:
        if cursor.take(*kind.value.split()):
            return _alter_relation(cursor, kind)
    if cursor.take("policy"):
        return policy(cursor, creates=False)
    if cursor.take("default", "privileges"):
        return default_privileges(cursor)
    return alter_object(cursor)


def _alter_relation(cursor: Cursor, kind: ObjectKind) -> Command:
    if cursor.take("all", "in", "tablespace"):
        tablespace = cursor.identifier()
        cursor.rest()
        return AlterObject(
            kind, Name(tablespace), "set tablespace", written=f"all in {kind.value}"
        )
    exists = cursor.take("if", "exists")
    only = cursor.take("only")
    name = cursor.relation()
    sequence = kind is ObjectKind.SEQUENCE
    if sequence and (cursor.ended or (at_sequence_option(cursor) and not cursor.at("owner"))):
        return alter_sequence(cursor, name, exists)
    actions = cursor.several(lambda: relation_action(cursor))
    return AlterRelation(kind, name, actions, exists, only)


def _explain(cursor: Cursor) -> Command:
    """Read EXPLAIN: it takes the locks of the statement, and does its work with ANALYZE."""
    if not options_in_brackets(cursor):
        while cursor.take_one_of("analyze", "analyse", "verbose"):
            pass
    return read_command(cursor)


def _declare(cursor: Cursor) -> Command:
    cursor.identifier()
    while not cursor.at("for"):
        if cursor.ended:
            raise cursor.unexpected("FOR")
        cursor.step()
    cursor.step()
    return data_statement(cursor)


def _prepare(cursor: Cursor) -> Command:
    if cursor.at("transaction"):
        return transaction(cursor, "prepare")
    cursor.identifier()
    cursor.rest()
    return Session("prepare")


def _security(cursor: Cursor) -> Command:
    cursor.need("label")
    return comment(cursor)


def _reassign(cursor: Cursor) -> Command:
    cursor.need("owned", "by")
    cursor.rest()
    return AlterObject(ObjectKind.OTHER, Name(""), "reassign owned")


def _import(cursor: Cursor) -> Command:
    cursor.need("foreign", "schema")
    cursor.rest()
    return Opaque("import foreign schema")


def _opaque(verb: str) -> Callable[[Cursor], Command]:
    def read(cursor: Cursor) -> Command:
        if cursor.ended:
            raise cursor.unexpected(f"what to {verb}")
        cursor.rest()
        return Opaque(verb)

    return read


def _session(verb: str) -> Callable[[Cursor], Command]:
    def read(cursor: Cursor) -> Command:
        cursor.rest()
        return Session(verb)

    return read


def _transaction(verb: str) -> Callable[[Cursor], Transaction]:
    return lambda cursor: transaction(cursor, verb)


BY_WORD: dict[str, Callable[[Cursor], Command]] = {
    "create": _create,
    "alter": _alter,
    "drop": drop,
    "comment": comment,
    "security": _security,
    "reindex": reindex,
    "vacuum": vacuum,
    "analyze": analyze,
    "analyse": analyze,
    "cluster": cluster,
    "truncate": truncate,
    "lock": lock,
    "refresh": refresh,
    "grant": lambda cursor: privileges(cursor, grants=True),
    "revoke": lambda cursor: privileges(cursor, grants=False),
    "reassign": _reassign,
    "import": _import,
    "copy": copy,
    "explain": _explain,
    "declare": _declare,
    "set": set_parameter,
    "reset": reset,
    "prepare": _prepare,
    **{
        verb: _transaction(verb)
        for verb in (
            "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release",
        )
    },
    **{verb: _opaque(verb) for verb in ("do", "call", "execute")},
    **{
        verb: _session(verb)
        for verb in (
            "show", "listen", "unlisten", "notify", "discard", "checkpoint", "load", "deallocate",
            "close", "fetch", "move",
        )
    },
}  # fmt: skip
