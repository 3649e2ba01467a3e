"""Data statements of any shape, read by sqlglot, a dependency of the extra ``previews``.

Source: PostgreSQL manual, SELECT, INSERT, UPDATE, DELETE, MERGE, section 7.8 (WITH).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from modeler.errors import FormatError
from modeler.previews.sql.calls import called_functions
from modeler.previews.sql.commands import CreateTable, Query
from modeler.previews.sql.cursor import shortened
from modeler.previews.sql.definitions import Name
from modeler.schema.sql_tokens import Token

INSTALL = (
    "a statement of this shape is read by the package sqlglot, which is not installed; install "
    "django-modeler[previews]"
)


def parsed_query(source: str, found: Sequence[Token]) -> Query | CreateTable:
    """Read a statement; SELECT … INTO is a CreateTable.

    Args:
        source: the text that the tokens point into.
        found: the tokens of the statement, an ``end`` token last.

    Raises:
        FormatError: sqlglot is missing, or cannot read it.
    """
    try:
        import sqlglot
        from sqlglot import exp
    except ImportError as error:
        raise FormatError(INSTALL) from error
    text = _without_placeholders(source, found)
    try:
        trees = sqlglot.parse(text, dialect="postgres")
    except sqlglot.errors.SqlglotError as error:
        said = str(error).partition("\n")[0].split(". Line", 1)[0].rstrip(".:")
        raise FormatError(f"sqlglot cannot read it: {said}") from error
    except RecursionError as error:
        raise FormatError("its parts are nested too deep") from error
    except Exception as error:
        # Its parser has bugs of its own, which must not end a preview.
        raise FormatError(f"sqlglot fails: {type(error).__name__}") from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query | exp.DML | exp.Values):
        raise FormatError("it is no data statement")
    try:
        return _Reader(exp).read(trees[0], text, found)
    except (AttributeError, KeyError, TypeError) as error:
        # It is lenient: DELETE without a table is a tree too.
        raise FormatError("it is no complete data statement") from error


def _without_placeholders(source: str, found: Sequence[Token]) -> str:
    """Return the text with a value for each placeholder; brackets suit lists and single ones."""
    parts, position = [], found[0].start
    for token in found:
        if token.kind == "placeholder" and token.text.startswith("%"):
            parts += [source[position : token.start], "(NULL)"]
            position = token.end
    return "".join((*parts, source[position : found[-1].start]))


class _Reader:
    """Takes the facts out of a tree.

    Args:
        exp: sqlglot's module of expressions, which is imported late.
    """

    def __init__(self, exp: Any) -> None:
        self.exp = exp

    def read(self, tree: Any, text: str, found: Sequence[Token]) -> Query | CreateTable:
        exp = self.exp
        changes = [
            node for node in tree.walk() if isinstance(node, exp.Insert | exp.Update | exp.Delete
                                                       | exp.Merge)
            and not isinstance(node.parent, exp.When)
        ]  # fmt: skip
        # The statement's own target comes first.
        changes.sort(key=lambda node: node is not tree)
        targets = [self._target(node) for node in changes]
        writes = [self._name(node) for node in targets]
        own = writes[:1] if changes and changes[0] is tree else []
        writes = [*own, *sorted(set(writes) - set(own))]
        taken = {id(node) for node in targets}
        reads = {
            self._name(node)
            for node in tree.find_all(exp.Table)
            if id(node) not in taken and self._is_read(node)
        }
        query = Query(
            verb=type(tree).__name__.lower() if changes and changes[0] is tree else "select",
            writes=tuple(writes),
            # An INSERT may read its own target; of the others the target is read anyway.
            reads=tuple(sorted(reads if isinstance(tree, exp.Insert) else reads - set(writes))),
            locks_rows=tuple(sorted(set(self._locked(tree)))),
            filtered=all(map(self._filtered, changes)) if changes else self._filtered(tree),
            from_rows=isinstance(tree, exp.Insert) and self._from_rows(tree),
            functions=called_functions(found),
        )
        into = tree.args.get("into")
        if into is None:
            return query
        return CreateTable(
            self._name(into.this), temporary=bool(into.args.get("temporary")),
            unlogged=bool(into.args.get("unlogged")), query=text, selected=query,
        )  # fmt: skip

    def _target(self, node: Any) -> Any:
        # INSERT INTO t (columns) wraps the table.
        return node.this.this if isinstance(node.this, self.exp.Schema) else node.this

    def _name(self, table: Any) -> Name:
        if not isinstance(table, self.exp.Table) or not table.name:
            raise FormatError("a table is expected and none is named")
        parts = [part for part in table.parts if isinstance(part, self.exp.Identifier)]
        folded = [part.name if part.quoted else part.name.lower() for part in parts]
        name, *outer = (shortened(part) for part in reversed(folded))
        return Name(name, outer[0] if outer else "")

    def _is_read(self, table: Any) -> bool:
        exp = self.exp
        if not isinstance(table.this, exp.Identifier):
            return False  # a function
        if isinstance(table.parent, exp.Lock | exp.Into):
            return False  # names a table that is told elsewhere
        return not self._is_common(table)

    def _is_common(self, table: Any) -> bool:
        """Tell whether a name is that of a common table expression which is seen there."""
        if table.db:
            return False
        name = self._name(table).name
        inner, node = table, table.parent
        while node is not None:
            clause = _argument(node, "with")
            # Seen from the statement itself: all of them.
            if (
                clause is not None
                and inner is not clause
                and name in self._common_names(clause.expressions)
            ):
                return True
            if isinstance(node, self.exp.With):
                # Seen from within one: those before it, and all when RECURSIVE.
                before = (
                    node.expressions
                    if node.args.get("recursive")
                    else node.expressions[: _place(node.expressions, inner)]
                )
                if name in self._common_names(before):
                    return True
            inner, node = node, node.parent
        return False

    def _common_names(self, expressions: Sequence[Any]) -> set[str]:
        names = set()
        for expression in expressions:
            alias = expression.args["alias"].this
            names.add(shortened(alias.name if alias.quoted else alias.name.lower()))
        return names

    def _locked(self, tree: Any) -> Iterator[Name]:
        for select in tree.find_all(self.exp.Select):
            for lock in select.args.get("locks") or ():
                chosen = {self._name(table).name for table in lock.expressions}
                for alias, table in self._tables_of(select):
                    if not chosen or alias in chosen:
                        yield self._name(table)

    def _tables_of(self, select: Any) -> Iterator[tuple[str, Any]]:
        """Yield the tables of a FROM with the names they go by there."""
        source = _argument(select, "from")
        items = [source.this] if source is not None else []
        items += [join.this for join in select.args.get("joins") or ()]
        while items:
            item = items.pop()
            items += [join.this for join in item.args.get("joins") or ()]
            alias = self._alias(item)
            if isinstance(item, self.exp.Table):
                if isinstance(item.this, self.exp.Identifier) and not self._is_common(item):
                    yield alias or self._name(item).name, item
            elif isinstance(item.this, self.exp.Table):
                items.append(item.this)  # a join in brackets
            elif isinstance(item.this, self.exp.Select):
                # A lock of a query in FROM is one of its tables.
                for own, table in self._tables_of(item.this):
                    yield alias or own, table

    def _alias(self, item: Any) -> str:
        alias = item.args.get("alias")
        if alias is None or alias.this is None:
            return ""
        return shortened(alias.this.name if alias.this.quoted else alias.this.name.lower())

    def _filtered(self, node: Any) -> bool:
        exp = self.exp
        if isinstance(node, exp.Merge):
            return True
        if isinstance(node, exp.Insert):
            source = node.expression
            return isinstance(source, exp.Query) and self._filtered(source)
        if isinstance(node, exp.Update | exp.Delete) and (
            _argument(node, "from") is not None or node.args.get("using")
        ):
            return True
        if isinstance(node, exp.SetOperation):
            return self._filtered(node.left) or self._filtered(node.right)
        if isinstance(node, exp.Subquery):
            return self._filtered(node.this)
        where = node.args.get("where")
        if where is not None and not (isinstance(where.this, exp.Boolean) and where.this.this):
            return True
        return isinstance(node, exp.Select) and node.args.get("limit") is not None

    def _from_rows(self, insert: Any) -> bool:
        source = insert.expression
        return bool(insert.args.get("default")) or isinstance(source, self.exp.Values)


def _argument(node: Any, name: str) -> Any:
    """Return ``FROM`` or ``WITH`` of a node; releases of sqlglot spell them in two ways."""
    return node.args.get(f"{name}_") or node.args.get(name)


def _place(expressions: Sequence[Any], wanted: Any) -> int:
    return next(
        (number for number, found in enumerate(expressions) if found is wanted), len(expressions)
    )
