"""Estimates as Markdown, for a comment on a pull request."""

from __future__ import annotations

from modeler.previews.preview import Preview
from modeler.reporting.formats.markdown import escape

from .words import estimate_in_words, grounds_in_words, held_in_words

LONGEST = 100  # characters of a statement


def estimates_markdown(preview: Preview) -> str:
    """Return a table of heavy statements and one of the locks held meanwhile; ``""`` for none."""
    heavy = [
        (migration.key, statement.sql, estimate_in_words(statement.estimate))
        for migration in preview.migrations
        for statement in migration.forward
        if statement.estimate
    ]
    if not heavy or preview.grounds is None:
        return ""
    lines = ["", "### Estimates", "", "| migration | statement | estimate |", "|---|---|---|"]
    lines += [_row(key, _short(sql), words) for key, sql, words in heavy]
    held = [
        (migration.key, f"{held.mode} on {held.relation}", held_in_words(held))
        for migration in preview.migrations
        for held in migration.held
    ]
    if held:
        lines += ["", "| migration | lock | held |", "|---|---|---|"]
        lines += [_row(*cells) for cells in held]
    lines += ["", escape(" ".join(grounds_in_words(preview.grounds)))]
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(escape, cells))} |"


def _short(sql: str) -> str:
    line = " ".join(sql.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 2]} …"
