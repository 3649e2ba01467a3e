"""A schema as a static site: a page a table, an index of tables and columns, search.

The pages work from a folder (``file:``) as from a server, and under a Content-Security-Policy that
allows nothing but the site's own style sheet and script; nothing comes from elsewhere. The same
schema gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from modeler.diagrams.column_index import column_index
from modeler.diagrams.references import References, references_of
from modeler.diagrams.sheet import RelationLine, sheet_of
from modeler.diagrams.site.addresses import addresses_of
from modeler.diagrams.site.picture import picture_of
from modeler.schema.schema import Schema
from modeler.schema.table import Table

HOME = Path(__file__).parent
MOST_LINES = 60  # of what goes with a row: a hub takes half of a project with it
ASSETS = ("site.css", "search.js")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'self'"
)


def pages_of(schema: Schema, *, title: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield ``(path within the site, content)`` of every file.

    Args:
        schema: what is written.
        title: of the whole site, ``Data model`` if not given.
    """
    site = _Site(schema, title or _("Data model"))
    yield "index.html", site.index()
    yield "columns.html", site.columns()
    for table in schema.tables:
        yield site.addresses[table.key], site.table(table)
    for name in ASSETS:
        yield name, (HOME / "assets" / name).read_bytes()


class _Site:
    def __init__(self, schema: Schema, title: str) -> None:
        self.schema, self.title = schema, title
        self.references: References = references_of(schema)
        self.addresses = addresses_of(table.key for table in schema.tables)
        self.engine = Engine(
            dirs=[str(HOME / "templates")], libraries={"i18n": "django.templatetags.i18n"}
        )

    def index(self) -> bytes:
        titles = {app.label: app.title for app in self.schema.apps}
        apps = [
            (titles.get(label, label) or _("Tables without a model"), [
                {"key": table.key, "address": self.addresses[table.key], "table": table,
                 "about": _summary(table)}
                for table in self.schema.tables if table.app == label
            ])
            for label in sorted({table.app for table in self.schema.tables})
        ]  # fmt: skip
        return self.page(
            "index.html", up="", heading=self.title, apps=apps,
            count=len(self.schema.tables), missing=self.schema.missing,
            index=self.search_index(),
        )  # fmt: skip

    def columns(self) -> bytes:
        letters = [
            (letter, [
                (name.name, [(key, self.addresses[key]) for key in name.tables])
                for name in names
            ])
            for letter, names in column_index(self.schema).items()
        ]  # fmt: skip
        return self.page("columns.html", up="", heading=_("Columns"), letters=letters)

    def table(self, table: Table) -> bytes:
        sheet = sheet_of(self.schema, table.key, references=self.references)
        partners = {line.partner for line in (*sheet.outgoing, *sheet.incoming)} - {""}
        svg, note = picture_of(
            self.schema, table, partners, self.references,
            {key: f"../{address}" for key, address in self.addresses.items()},
        )  # fmt: skip
        return self.page(
            "table.html", up="../", heading=table.key, sheet=sheet, table=table,
            picture=_markup(svg), picture_note=note,
            columns=[
                (each, [(key, self.address(key)) for key in each.targets])
                for each in sheet.columns
            ],
            outgoing=self.linked(sheet.outgoing), incoming=self.linked(sheet.incoming),
            inherited=[(key, self.address(key)) for key in sheet.inherited],
            holder=(sheet.holder.key, self.address(sheet.holder.key)),
            consequences=[
                (
                    group.title,
                    [(line, self.address(line.table)) for line in group.lines[:MOST_LINES]],
                    max(0, len(group.lines) - MOST_LINES),
                )
                for group in sheet.consequences
            ],
        )  # fmt: skip

    def address(self, key: str) -> str:
        return f"../{self.addresses[key]}" if key in self.addresses else ""

    def linked(self, lines: tuple[RelationLine, ...]) -> list[tuple[RelationLine, str]]:
        return [(line, self.address(line.partner)) for line in lines]

    def search_index(self) -> SafeString:
        """Return JSON: per table its key, address, what it says, and its columns with theirs."""
        found = [
            [
                table.key,
                self.addresses[table.key],
                " ".join(filter(None, (table.label, table.comment or _summary(table)))),
                [[c.name, " ".join(filter(None, (c.label, c.comment or c.help_text)))]
                 for c in table.columns],
            ]
            for table in self.schema.tables
        ]  # fmt: skip
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        # Within a script element only "<" could end it or begin a comment.
        return _markup(text.replace("<", "\\u003c"))

    def page(self, template: str, **values: Any) -> bytes:
        context = Context(
            {"site": self.title, "policy": POLICY, "language": get_language() or "en",
             "direction": "rtl" if get_language_bidi() else "ltr", **values}
        )  # fmt: skip
        return self.engine.get_template(template).render(context).encode("utf-8", "replace")


def _summary(table: Table) -> str:
    """Return the first paragraph of the documentation in one line."""
    return " ".join(table.documentation.strip().partition("\n\n")[0].split())


def _markup(text: str) -> SafeString:
    # Made by ourselves: a picture of escaped names, or JSON without "<".
    return mark_safe(text)
