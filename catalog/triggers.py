"""Rules of the shop that a constraint cannot say, as triggers that raw SQL cannot pass either."""

from __future__ import annotations

from typing import Any

import pgtrigger
from pgtrigger import compiler


class RuleSql(compiler.UpsertTriggerSql):
    """The SQL of a rule, without django-pgtrigger's way of ignoring triggers.

    A rule that a session setting switches off is no rule. It also spares each firing a call and
    a subtransaction. Migrations store this class: change the template only by a new class.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE FUNCTION {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class BulkRuleSql(RuleSql):
    """The SQL of a rule that joins the rows before and after a statement; see ``in_bulk``."""

    def get_template(self) -> str:
        return in_bulk(super().get_template())


def in_bulk(template: str) -> str:
    """Return the template with a function whose joins stay linear however many rows changed.

    PL/pgSQL keeps the plan of a join of both transition tables from its first use. If that was of
    one row it is a nested loop, and for the ten thousand rows of a later statement it is ruinous.
    """
    head, language, tail = template.rpartition("LANGUAGE plpgsql;")
    if not language:
        raise AssertionError("django-pgtrigger no longer writes its functions as it did")
    return f"{head}LANGUAGE plpgsql SET enable_nestloop = off;{tail}"


class Rule(pgtrigger.Trigger):
    """A trigger that holds for everybody: it has no ignore switch."""

    sql: type[RuleSql] = RuleSql

    def compile(self, model: Any) -> compiler.Trigger:
        options: dict[str, Any] = super().compile(model).sql.kwargs
        return compiler.Trigger(name=self.name, sql=self.sql(**options))


class BulkRule(Rule):
    """A rule of a statement that joins the rows before and after it."""

    sql = BulkRuleSql
    level = pgtrigger.Statement


class Refusal(Rule):
    """A rule that refuses a write with SQLSTATE 23514, so that Django raises IntegrityError.

    Args:
        constraint: the name that the server reports, as if the rule were a constraint.
        message: what people read, in admin too.
        test: PL/pgSQL that ends in ``IF … THEN``; without it the trigger's condition decides.
    """

    def __init__(
        self, *, constraint: str, message: str, test: str = "", result: str = "NEW", **options: Any
    ) -> None:
        self.constraint, self.message = constraint, message
        refusal = raise_violation(constraint, message)
        body = f"{test} {refusal} END IF; RETURN {result};" if test else refusal
        super().__init__(func=body, **options)


class Stamp(Rule):
    """Dates each row by the shop's clock, whoever writes it, and counts its versions.

    A given time counts only where the seeding role has set the clock (see catalog/clock.py).
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self, *, versioned: bool = False) -> None:
        first, following = ("NEW.version := 1;", "NEW.version := OLD.version + 1;")
        super().__init__(
            name="stamp",
            func=f"""
                IF TG_OP = 'INSERT' THEN
                    NEW.created_at := shop_clock(NEW.created_at);
                    NEW.updated_at := NEW.created_at;
                    {first if versioned else ""}
                ELSE
                    NEW.created_at := OLD.created_at;
                    NEW.updated_at := shop_clock(NULLIF(NEW.updated_at, OLD.updated_at));
                    {following if versioned else ""}
                END IF;
                RETURN NEW;
            """,
        )


def append_only(constraint: str, message: str) -> list[Refusal]:
    """Return the two rules that let rows of a table only be added."""
    return [
        Refusal(
            name="append_only",
            when=pgtrigger.Before,
            operation=pgtrigger.Update | pgtrigger.Delete,
            constraint=constraint,
            message=message,
        ),
        Refusal(
            name="no_truncate",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            constraint=constraint,
            message=message,
        ),
    ]


def raise_violation(constraint: str, message: str) -> str:
    """Return the PL/pgSQL that refuses a write in the name of ``constraint``."""
    text = message.replace("'", "''")
    return (
        f"RAISE EXCEPTION USING ERRCODE = '23514', MESSAGE = '{text}', "
        f"CONSTRAINT = '{constraint}', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;"
    )
