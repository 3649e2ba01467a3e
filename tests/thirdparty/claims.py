"""What modeler's JSON, DOT and Mermaid claim, read back into the same sets as the truth."""

from __future__ import annotations

import html
import re
from typing import Any

import pygraphviz

from tests.thirdparty.truth import Truth

WITHOUT_ROWS = {"proxy", "swapped"}
# ``managed = False``: somebody else makes it, perhaps as a view, perhaps not at all.
NOT_MIGRATED = {*WITHOUT_ROWS, "unmanaged", "view"}
ROW = re.compile(
    r'<TR><TD ALIGN="LEFT" WIDTH="24" PORT="in (?P<name>.*?)">'
    r"<FONT[^>]*>(?P<marks>.*?)</FONT></TD>"
    r'<TD ALIGN="LEFT"><FONT[^>]*>.*?</FONT></TD>'
    r'<TD ALIGN="LEFT" PORT="out .*?"><FONT[^>]*>(?P<type>.*?)</FONT></TD></TR>'
)
FENCED = re.compile(r"^```mermaid\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
ENTITY = re.compile(r'  "(?P<key>[^"]+)"(?: (?P<open>\{))?$')
ATTRIBUTE = re.compile(
    r"    (?P<type>\S+) (?P<name>\w+)(?P<keys>(?:,? ?\b(?:PK|FK|UK))*)(?: \"(?P<comment>.*)\")?$"
)
RELATIONSHIP = re.compile(r'  "([^"]+)" (\S+) "([^"]+)" : "(.*)"$')


def claims_of(document: dict[str, Any]) -> Truth:
    """Read the JSON of ``er_diagram``; attributes that hold their default are left out there."""
    tables = [t for t in document["schema"]["tables"] if t["kind"] not in NOT_MIGRATED]
    columns, primary, foreign = set(), set(), set()
    for table in tables:
        name = table["location"]["table"]
        for column in table.get("columns", []):
            columns.add((name, column["name"], column["database_type"], column.get("null", False)))
        if table.get("primary_key"):
            primary.add((name, tuple(table["primary_key"])))
        for relation in table.get("relations", []):
            if relation.get("columns") and relation.get("enforced", True):
                target = relation["target_location"]["table"]
                foreign.add(
                    (name, tuple(relation["columns"]), target, tuple(relation["target_columns"]))
                )
    return Truth(frozenset(columns), frozenset(primary), frozenset(foreign))


def claims_of_dot(text: str) -> Truth:
    """Read the DOT with Graphviz's own parser; types are in their short spelling."""
    graph = pygraphviz.AGraph(string=text)
    tables = {
        node.name: node.attr["table"]
        for node in graph.nodes()
        if not NOT_MIGRATED & set((node.attr["class"] or "").split())
    }
    columns, primary, foreign = set(), set(), set()
    for node in graph.nodes():
        if node.name not in tables:
            continue
        keys = []
        for row in ROW.finditer(node.attr["label"]):
            kind = html.unescape(row["type"]).rstrip("\u00a0")
            column = html.unescape(row["name"])
            null = kind.endswith(" null")
            columns.add((tables[node.name], column, kind.removesuffix(" null"), null))
            if "PK" in row["marks"].split():
                keys.append(column)
        if keys:
            primary.add((tables[node.name], tuple(sorted(keys))))
    for edge in graph.edges():
        if edge.attr["columns"] and edge.attr["style"] == "solid" and edge[0] in tables:
            # A foreign key may point to a proxy: its rows lie in the concrete model's table.
            target = edge[1]
            foreign.add(
                (
                    tables[edge[0]],
                    tuple(edge.attr["columns"].split(",")),
                    tables.get(target, f"proxy {target}"),
                    tuple(edge.attr["target_columns"].split(",")),
                )
            )
    return Truth(frozenset(columns), frozenset(primary), frozenset(foreign))


def claims_of_mermaid(text: str, tables: dict[str, str]) -> Truth:
    """Read Mermaid's lines; every line must be one of the four kinds.

    Args:
        text: the diagram, or a Markdown document of several.
        tables: database table by key, which Mermaid has no place for.
    """
    columns, primary, foreign = set(), set(), set()
    for diagram in diagrams_of(text):
        own = _claims_of_diagram(diagram, tables)
        columns |= own.columns
        primary |= own.primary_keys
        foreign |= own.foreign_keys
    return Truth(frozenset(columns), frozenset(primary), frozenset(foreign))


def diagrams_of(text: str) -> list[str]:
    """Return the diagrams of a text: itself, or the fenced blocks of a Markdown document."""
    if text.startswith("erDiagram\n"):
        return [text]
    beside = FENCED.sub("", text).split("\n")
    assert all(not line or line.startswith("## ") for line in beside), beside
    return FENCED.findall(text)


def _shown(text: str) -> str:
    """Return a string as Mermaid shows it."""
    return re.sub(r"#(\d+);", lambda code: chr(int(code[1])), text)


def _claims_of_diagram(text: str, tables: dict[str, str]) -> Truth:
    lines = [_shown(line) for line in text.splitlines()]
    assert lines[0] == "erDiagram"
    columns, primary, foreign = set(), set(), set()
    entity, keys = "", []
    for line in lines[1:]:
        if line == "  }":
            if keys and entity in tables:
                primary.add((tables[entity], tuple(sorted(keys))))
            entity, keys = "", []
        elif found := RELATIONSHIP.match(line):
            source, arrow, target, label = found.groups()
            joined = re.search(r": (.+) to (.+)$", label)
            if joined and "--" in arrow and source in tables:
                foreign.add(
                    (
                        tables[source],
                        tuple(joined[1].split(", ")),
                        tables.get(target, f"proxy {target}"),
                        tuple(joined[2].split(", ")),
                    )
                )
        elif entity and (found := ATTRIBUTE.match(line)):
            notes = (found["comment"] or "").split(", ")
            null = notes[-1] == "null"
            notes = [note for note in notes[: -1 if null else None] if note]
            name = next(
                (note.removeprefix("column ") for note in notes if note.startswith("column ")),
                found["name"],
            )
            kind = next((n for n in notes if not n.startswith("column ")), found["type"])
            if entity in tables:
                columns.add((tables[entity], name, kind, null))
            if "PK" in found["keys"]:
                keys.append(name)
        elif found := ENTITY.match(line):
            entity = found["key"] if found["open"] else ""
        else:
            raise AssertionError(f"not Mermaid: {line!r}")
    return Truth(frozenset(columns), frozenset(primary), frozenset(foreign))
