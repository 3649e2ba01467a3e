"""Puts a changed row to PostgreSQL, and its document to MongoDB and to the evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bson.errors import BSONError
from django.db import DatabaseError
from pymongo import MongoClient
from pymongo.errors import OperationFailure

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.documents.sql import qualified, quoted, rows_of
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.proof.rules import RuleNames
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import validator
from modeler.schema.schema import Schema
from modeler.schema.table import Table
from tests.modeler.mongo.parity.constraints import Check
from tests.modeler.mongo.parity.database_rules import database_rules
from tests.modeler.mongo.parity.places import MutatedRow, RowPlace
from tests.modeler.mongo.parity.verdict import Mutant, Verdict

# No value of the type at all, so that no row could hold it; a reference that leads nowhere.
LEFT_OUT = frozenset({"22P02", "22007", "22P05", "22021", "23503"})
DUPLICATE, INVALID = 11000, 121
ELEMENT_NOT_NULL = "_not_null"  # of a domain, whose name the server says
Changes = Mapping[str, str | None]


def _named(
    verdict: Verdict, changes: Changes, checks: Sequence[Check], broken: frozenset[str]
) -> Verdict:
    """Return a verdict with the name that a domain's rule has among those of a table."""
    (rule,) = verdict.rules
    own = [check.name for check in checks if set(check.columns) <= set(changes)]
    if rule == ELEMENT_NOT_NULL:
        found = [name for name in own if name.endswith(rule)]
    else:
        found = [name for name in own if name in {f"{column}_{rule}" for column in changes}]
    if rule in {check.name for check in checks} or not found:
        return verdict
    name = next((name for name in found if name in broken), found[0])
    return replace(verdict, rules=(name,))


class Judge:
    """Judges mutants of one collection.

    Args:
        cursor: of an open transaction in which constraints are immediate; nothing stays.
        client: of MongoDB.
        database: where the collection of all rows lies, under the database's rules.
        schema: that the specification was made from.
        twins: the same, of twins.
        spec: with all rules.
    """

    def __init__(
        self, cursor: Any, client: MongoClient[Any], database: str, schema: Schema,
        twins: Schema, spec: CollectionSpec,
    ) -> None:  # fmt: skip
        self.cursor, self.client = cursor, client
        self.collection = client[database][spec.name]
        held = database_rules(spec)
        self.spec = spec
        self.twins = twins
        self.builder = DocumentBuilder(schema, held)
        self.relaxed = DocumentBuilder(twins, held)
        self.evaluator = compile_validator(validator(held))
        self.names = RuleNames(held)
        self.whole = compile_validator(validator(spec))
        self.whole_names = RuleNames(spec)
        self.sources = {index.name: index.source for index in spec.indexes}

    def mutant(
        self, place: RowPlace, row: MutatedRow, changes: Changes, checks: Sequence[Check]
    ) -> Mutant | None:
        """Judge a change of a row; None for what is no value of the column's type.

        Args:
            place: of the row.
            row: that is changed.
            changes: new values by column.
            checks: of its table.
        """
        try:
            self.cursor.execute("SAVEPOINT mutant")
            return self._mutant(place, row, changes, checks)
        finally:
            self.cursor.execute("ROLLBACK TO SAVEPOINT mutant; RELEASE SAVEPOINT mutant")

    def _mutant(
        self, place: RowPlace, row: MutatedRow, changes: Changes, checks: Sequence[Check]
    ) -> Mutant | None:
        table = place.table
        postgres = self._postgres(table, row, changes)
        broken: frozenset[str] = frozenset()
        if postgres is None:
            return None
        builder = self.builder
        if not postgres.accepted:
            twin, builder = qualified(self.twins.table(table.key).location), self.relaxed
            try:
                found = self._update(twin, table, row, changes)
            except DatabaseError:
                return None
            broken = self._broken(twin, found, checks)
            postgres = _named(postgres, changes, checks, broken)
        document, reason = self._built(builder, row)
        application: tuple[str, ...] = ()
        if document is None:
            mongo = evaluated = Verdict.refused(("no form in BSON",), reason)
        else:
            mongo = self._mongo(document)
            rules = {self.names.rule(one)[0] for one in self.evaluator.broken(document)}
            accepted = self.evaluator.accepts(document)
            evaluated = Verdict(accepted=accepted, rules=tuple(sorted(rules)))
            if not mongo.accepted and not mongo.rules:
                mongo = Verdict.refused(evaluated.rules, mongo.detail)
            if postgres.accepted and mongo.accepted:
                named = (self.whole_names.rule(one) for one in self.whole.broken(document))
                application = tuple(sorted({name for name, _ in named}))
        return Mutant(
            self.spec.name, place.path, table.key, tuple(changes.items()),
            postgres, mongo, evaluated, application, broken,
        )  # fmt: skip

    def _postgres(self, table: Table, row: MutatedRow, changes: Changes) -> Verdict | None:
        self.cursor.execute("SAVEPOINT tried")
        try:
            self._update(rows_of(table), table, row, changes)
        except DatabaseError as error:
            self.cursor.execute("ROLLBACK TO SAVEPOINT tried")
            diagnostics: Any = getattr(error.__cause__, "diag", None)
            if diagnostics is None or diagnostics.sqlstate in LEFT_OUT:
                return None
            rule = diagnostics.constraint_name or ""
            emptied = [name for name, value in changes.items() if value is None]
            if diagnostics.sqlstate == "23514" and not rule:
                # A partition's bound has no name; it is asked before NOT NULL.
                required = [name for name in emptied if not table.column(name).null]
                rule = f"{required[0]} not null" if required else "partitions"
            if diagnostics.sqlstate == "23502":
                # Of a domain's own NOT NULL the server names the domain alone.
                names = [diagnostics.column_name, *emptied]
                # Where nothing was emptied, an element of an array is NULL.
                rule = next((f"{name} not null" for name in names if name), ELEMENT_NOT_NULL)
            return Verdict.refused(
                (rule or f"{diagnostics.sqlstate}",), str(diagnostics.message_primary)
            )
        return Verdict()

    def _broken(self, twin: str, found: str, checks: Sequence[Check]) -> frozenset[str]:
        """Return the checks that are false for the row in the twin; a refusal names one alone."""
        if not checks:
            return frozenset()
        shown = ", ".join(f"({one.sql.replace('%', '%%')}) IS FALSE" for one in checks)
        self.cursor.execute("SAVEPOINT checks")
        try:
            self.cursor.execute(f"SELECT {shown} FROM {twin} WHERE ctid = %s::tid", [found])
            answers = self.cursor.fetchone() or ()
        except DatabaseError:
            self.cursor.execute("ROLLBACK TO SAVEPOINT checks")
            return frozenset()
        return frozenset(one.name for one, false in zip(checks, answers, strict=False) if false)

    def _update(self, place: str, table: Table, row: MutatedRow, changes: Changes) -> str:
        """Change the row, and return where it lies then."""
        set_to = ", ".join(f"{quoted(name)} = %s" for name in changes)
        where = " AND ".join(f"{quoted(name)} = %s" for name in table.primary_key)
        known = table.primary_key or tuple(row.values)
        if not table.primary_key:
            where = " AND ".join(f"{quoted(name)}::text IS NOT DISTINCT FROM %s" for name in known)
        values = [*changes.values(), *(row.values[name] for name in known)]
        self.cursor.execute(
            f"UPDATE {place} SET {set_to} WHERE {where} RETURNING ctid::text", values
        )
        found = self.cursor.fetchall()
        if len(found) > 1:
            raise DatabaseError("rows without a key are the same")
        return str(found[0][0])

    def _built(
        self, builder: DocumentBuilder, row: MutatedRow
    ) -> tuple[dict[str, Any] | None, str]:
        try:
            (document,) = builder.documents(self.cursor, [row.root]).values()
        except (DatabaseError, ValueError, ArithmeticError, TypeError, BSONError) as error:
            self.cursor.execute("ROLLBACK TO SAVEPOINT mutant")
            return None, str(error).strip().partition("\n")[0]
        return document, ""

    def _mongo(self, document: dict[str, Any]) -> Verdict:
        with self.client.start_session() as session:
            session.start_transaction()
            try:
                self.collection.replace_one(
                    {"_id": document["_id"]}, document, session=session, upsert=True
                )
            except OperationFailure as error:
                if error.code == DUPLICATE:
                    name = str(error).partition("index: ")[2].partition(" ")[0]
                    source = self.sources.get(name, name)
                    return Verdict.refused((source,), str(error)[:300])
                if error.code == INVALID:
                    return Verdict.refused((), "")
                raise
            except (BSONError, OverflowError, ValueError, TypeError) as error:
                return Verdict.refused(("no form in BSON",), str(error))
            finally:
                session.abort_transaction()
        return Verdict()
