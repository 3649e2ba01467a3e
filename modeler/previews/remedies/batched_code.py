"""Python code that changes all rows by one statement: the same, a batch of keys at a time.

Only a function that does nothing else is written anew: it asks for models, and calls ``update``
once on a query set of plain filters, with values that are the same whenever it is called. The
author's own expressions stay as they are.
"""

from __future__ import annotations

import ast
import textwrap

from modeler.previews.hazards.plan import Sent
from modeler.previews.hazards.querysets import MANAGERS
from modeler.previews.remedies.backfill import IMPORTS, LOOP, RESUMABLE
from modeler.previews.remedies.change import NoRemedy
from modeler.previews.remedies.original import Original
from modeler.previews.remedies.part import Part
from modeler.previews.sql.commands import Query

PLAIN = frozenset({"all", "filter", "exclude", "using"})
VALUES = "django.db.models"  # what values may be made of

SOURCE = '''\
def {name}({parameters}):
    """{words}

    It can be stopped and run again.
    """
{models}
    connection = {editor}.connection
    rows = {rows}
    values = dict({values})

    def keys_after(key, size):
        left = rows.order_by("pk") if key is None else rows.order_by("pk").filter(pk__gt=key)
        return list(left.values_list("pk", flat=True)[:size])

    def change(first, last):
        rows.filter(pk__gte=first, pk__lte=last).update(**values)

{loop}

{resumable}
'''


def batched_part(original: Original, position: int, sent: tuple[Sent, ...], slug: str) -> Part:
    """Return the part of a RunPython in batches, which is a file of its own.

    Args:
        original: the migration's file.
        position: of the operation in it.
        sent: the statements that it sent on the shadow.
        slug: words for the file's name.

    Raises:
        NoRemedy: it does more than change rows by one statement, or a second run would differ.
    """
    verbs = [
        command.verb
        for entry in sent
        for command in entry.commands
        if isinstance(command, Query) and command.verb != "select"
    ]
    if verbs != ["update"]:
        raise NoRemedy("it does more than one update")
    function, replaced, text = batched(original, position)
    kept, imports = original.needed_by((text, function))
    return Part(
        (text,),
        slug,
        atomic=False,
        alone=True,
        functions=tuple(function if one == replaced else one for one in kept),
        imports=(*IMPORTS, *imports),
    )


def batched(original: Original, position: int) -> tuple[str, str, str]:
    """Return the function in batches, the text that it replaces, and the operation.

    Args:
        original: the migration's file.
        position: of a RunPython in it.

    Raises:
        NoRemedy: the function does more, or what a second run would do differently.
    """
    call = original.calls[position]
    if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Name):
        raise NoRemedy("its function is not named in the file")
    name = call.args[0].id
    text = next((text for bound, text in original.definitions if name in bound), "")
    try:
        (function,) = ast.parse(textwrap.dedent(text)).body
    except (SyntaxError, ValueError):
        raise NoRemedy(f"{name} is not written in the file") from None
    if (
        not isinstance(function, ast.FunctionDef)
        or function.decorator_list
        or len(function.args.args) != 2
    ):
        raise NoRemedy(f"{name} is no plain function")
    models, update = _parts(function)
    imported = _imported(original)
    for keyword in update.keywords:
        _check(keyword, imported, {one.arg or "" for one in update.keywords}, name)
    source = ast.get_source_segment
    lines = textwrap.dedent(text)
    documented = ast.get_docstring(function) or "Change every row."
    made = SOURCE.format(
        name=name,
        parameters=ast.unparse(function.args),
        words=f"{documented.splitlines()[0].rstrip('.')}, a batch of keys at a time.",
        models=textwrap.indent("\n".join(source(lines, one) or "" for one in models), "    "),
        rows=source(lines, update.func.value),  # type: ignore[attr-defined]
        values=", ".join(source(lines, keyword) or "" for keyword in update.keywords),
        editor=function.args.args[1].arg,
        loop=LOOP,
        resumable=RESUMABLE.format(name=name),
    )
    return made.rstrip(), text, _apart(call)


def _parts(function: ast.FunctionDef) -> tuple[list[ast.stmt], ast.Call]:
    """Return the lines that ask for models, and the one ``update``."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    *models, last = body
    names = set()
    for line in models:
        match line:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Attribute(value=ast.Name(), attr="get_model")),
            ):
                names.add(name)
            case _:
                raise NoRemedy(f"{function.name} does more than one update")
    match last:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(attr="update", value=rows), args=[]) as update
        ) if all(keyword.arg for keyword in update.keywords):
            _check_rows(rows, names, function.name)
            return models, update
    raise NoRemedy(f"{function.name} does more than one update")


def _check_rows(node: ast.expr, models: set[str], name: str) -> None:
    """Raise unless an expression is a query set of all or of filtered rows."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr not in PLAIN:
            raise NoRemedy(f"{name} updates more than rows that were filtered")
        node = node.func.value
    match node:
        case ast.Attribute(value=ast.Name(id=model), attr=manager) if (
            model in models and manager in MANAGERS
        ):
            return
    raise NoRemedy(f"{name} updates rows of a model that it does not ask for by get_model")


def _check(keyword: ast.keyword, imported: dict[str, str], changed: set[str], name: str) -> None:
    """Raise unless a value is the same for a row whenever it is computed."""
    for node in ast.walk(keyword.value):
        match node:
            case ast.Constant(value=str(text)) if text.partition("__")[0] in changed:
                raise NoRemedy(f"{name} computes {text} from itself: a second run would differ")
            case ast.Name(id=used) if not imported.get(used, "").startswith(VALUES):
                raise NoRemedy(f"{name} uses {used}, which need not be the same in a second run")
            case ast.Name(id="Now" | "Random" | "RandomUUID" as used):
                raise NoRemedy(f"{name} uses {used}, which is another one in each batch")


def _imported(original: Original) -> dict[str, str]:
    """Return where imported names come from."""
    found: dict[str, str] = {}
    for node in original.imports:
        for alias in node.names:
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            path = f"{module}.{alias.name}" if module else alias.name
            found[alias.asname or alias.name.partition(".")[0]] = path
    return found


def _apart(call: ast.Call) -> str:
    """Return the operation outside of a transaction."""
    kept = [keyword for keyword in call.keywords if keyword.arg != "atomic"]
    atomic = ast.keyword("atomic", ast.Constant(value=False))
    return ast.unparse(ast.Call(call.func, call.args, [*kept, atomic]))
