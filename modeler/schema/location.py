"""Where the rows of a table lie: what a live table and a model have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A table of one database.

    Registry and database are compared on it; proxies and models that share a table are
    many models to one location.

    Attributes:
        alias: the Django database alias.
        schema: the database schema, or ``""`` for the one that unqualified names of this
            alias reach (``current_schema()``).
        table: the table's name, unquoted.
    """

    alias: str
    schema: str
    table: str

    def __str__(self) -> str:
        name = f"{self.schema}.{self.table}" if self.schema else self.table
        return f"{self.alias}:{name}"

    @classmethod
    def of_db_table(cls, alias: str, db_table: str) -> Location:
        """Read Django's ``db_table``, also the ``'"schema"."table"'`` trick.

        Django quotes a name unless it is quoted already, so ``schema"."table`` (without the
        outer quotes) is in use as well; both forms mean the table of another schema.
        """
        bare = db_table.removeprefix('"').removesuffix('"')
        schema, quoted_dot, table = bare.partition('"."')
        if quoted_dot:
            return cls(alias, schema, table)
        return cls(alias, "", bare)
