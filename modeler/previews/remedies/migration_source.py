"""The text of a migration file of a remedy."""

from __future__ import annotations

import textwrap

from modeler.previews.remedies.part import Part
from modeler.previews.remedies.python_text import WIDTH, commented, import_lines, listed

NOT_ATOMIC = "Without a transaction around all of it: its statements commit one by one."


def migration_source(
    part: Part, *, headline: str, dependencies: str, imports: tuple[str, ...], run_before: str = ""
) -> str:
    """Return a migration's Python.

    Args:
        part: what it holds.
        headline: the first paragraph of the docstring.
        dependencies: Python of the list.
        imports: lines that dependencies and operations need beside those of the part.
        run_before: Python of the list, ``""`` without.
    """
    body = []
    if not part.atomic:
        body.append(commented("atomic = False", NOT_ATOMIC))
    body.append(f"dependencies = {dependencies}")
    if run_before:
        body.append(f"run_before = {run_before}")
    body.append(f"operations = {listed(part.operations)}")
    blocks = [
        _docstring(headline),
        import_lines(("from django.db import migrations", *part.imports, *imports)),
    ]
    text = "\n\n".join(blocks)
    for position, block in enumerate((*part.functions, "class Migration(migrations.Migration):")):
        # As isort has it: an assignment follows imports at a distance of one line.
        text += ("\n\n\n" if position or _is_block(block) else "\n\n") + block.rstrip()
    return text + "\n" + textwrap.indent("\n\n".join(body), "    ") + "\n"


def _is_block(text: str) -> bool:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return bool(lines) and lines[0].startswith(("def ", "class ", "async ", "@"))


def _docstring(headline: str) -> str:
    lines = [textwrap.fill(paragraph, WIDTH) for paragraph in headline.split("\n\n")]
    text = "\n\n".join(lines)
    return f'"""{text}"""' if "\n" not in text else f'"""{text}\n"""'
