"""Every text format, read back whole by its own parser: the shop, the blog, nasty names."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from modeler.diagrams.formats.d2 import to_d2
from modeler.diagrams.formats.dbml import to_dbml
from modeler.diagrams.formats.mermaid import mermaid_parts
from modeler.diagrams.formats.plain_text import one_line
from modeler.diagrams.formats.plantuml import to_plantuml
from modeler.diagrams.graph import PROXY, Graph, JoinMode, Row, graph_of
from modeler.diagrams.types import short_type
from modeler.schema.constraint import ConstraintKind
from modeler.schema.registry import read_registry
from modeler.schema.relation import Cardinality
from modeler.schema.schema import Schema
from tests.modeler.diagrams.formats.nasty import examples_of, schemas
from tests.modeler.diagrams.formats.parsers import mermaid_text, read, read_plantuml
from tests.modeler.diagrams.samples import SHOP

pytestmark = pytest.mark.parsers
COUNT = 60


@pytest.fixture(scope="module")
def examples() -> list[Schema]:
    return [
        SHOP,
        SHOP.select(["orders"]),
        Schema(),
        read_registry(),
        *examples_of(schemas(), COUNT),
    ]


MERMAID = {
    Cardinality.ZERO_OR_ONE: "ZERO_OR_ONE",
    Cardinality.ONE: "ONLY_ONE",
    Cardinality.ZERO_OR_MORE: "ZERO_OR_MORE",
    Cardinality.ONE_OR_MORE: "ONE_OR_MORE",
    None: "ONLY_ONE",
}
D2 = {
    Cardinality.ZERO_OR_ONE: "cf-one",
    Cardinality.ONE: "cf-one-required",
    Cardinality.ZERO_OR_MORE: "cf-many",
    Cardinality.ONE_OR_MORE: "cf-many-required",
    None: "none",
}
PLANTUML = {
    Cardinality.ZERO_OR_ONE: "CIRCLE_LINE",
    Cardinality.ONE: "DOUBLE_LINE",
    Cardinality.ZERO_OR_MORE: "CIRCLE_CROWFOOT",
    Cardinality.ONE_OR_MORE: "LINE_CROWFOOT",
    None: "NONE",
}


def outside(graph: Graph) -> set[str]:
    ends = {end for edge in graph.edges for end in (edge.source, edge.target)}
    return ends - {box.key for box in graph.boxes}


def test_mermaid(examples: list[Schema]) -> None:
    graphs = [graph_of(schema, joins=joins) for schema in examples for joins in JoinMode]
    texts = [text for graph in graphs for _, text in mermaid_parts(graph)]
    assert len(texts) == len(graphs)  # each is within the limits as a whole
    for graph, found in zip(graphs, read("mermaid", texts), strict=True):
        names = {entity["id"]: mermaid_text(name) for name, entity in found["entities"]}
        entities = {mermaid_text(name): entity["attributes"] for name, entity in found["entities"]}
        wanted = {one_line(box.key): box.rows for box in graph.boxes}
        wanted |= {one_line(key): () for key in outside(graph)}
        assert set(entities) == set(wanted)
        for key, rows in wanted.items():
            for row, attribute in zip(rows, entities[key], strict=True):
                same_attribute(row, attribute)
        edges = [
            (names[r["entityA"]], names[r["entityB"]], r["relSpec"]["cardB"],
             r["relSpec"]["cardA"], r["relSpec"]["relType"], mermaid_text(r["roleA"]))
            for r in found["relationships"]
        ]  # fmt: skip
        assert Counter(edges) == Counter(
            (one_line(e.source), one_line(e.target), MERMAID[e.at_source], MERMAID[e.at_target],
             "IDENTIFYING" if e.enforced and e.kind not in {PROXY, "generic reverse"}
             else "NON_IDENTIFYING",
             one_line(
                 e.key.removeprefix(f"{e.source}.")
                 + (f": {', '.join(e.columns)} to {', '.join(e.target_columns)}" * bool(e.columns))
             ))
            for e in graph.edges
        )  # fmt: skip


def same_attribute(row: Row, attribute: dict[str, Any]) -> None:
    """The word is the name, or the comment has the name in full; the type likewise."""
    comment = mermaid_text(attribute["comment"])
    name, kind = one_line(row.name), one_line(row.type)
    notes = [
        *([] if attribute["type"] == row.type else [kind]),
        *([] if attribute["name"] == row.name else [f"column {name}"]),
        *(["null"] if row.null else []),
    ]
    assert comment == ", ".join(notes)
    assert attribute["keys"] == [
        mark
        for mark, there in (
            ("PK", row.primary), ("FK", row.foreign), ("UK", row.unique and not row.primary)
        )
        if there
    ]  # fmt: skip


def test_d2(examples: list[Schema]) -> None:
    # D2 places every document that it reads, which takes it a tenth of a second.
    graphs = [graph_of(schema) for schema in examples[:16]]
    for graph, found in zip(graphs, read("d2", [to_d2(g) for g in graphs]), strict=True):
        titles = dict(graph.app_titles)
        tables = {
            unmarked(shape["tooltip"]): (
                shape["label"],
                [(c["name"]["label"], c["type"]["label"].strip(), c["constraint"])
                 for c in shape["columns"] or ()],
            )
            for shape in found["shapes"] if shape["type"] == "sql_table"
        }  # fmt: skip
        assert tables == {
            one_line(box.key + (f": {box.table}" if box.table else "")).strip(): (
                one_line(
                    box.title + ("" if box.kind in {"model", "table"} else f" «{box.kind}»")
                ),
                [(one_line(row.name), one_line(row.type + " null" * row.null),
                  [mark for mark, there in (("primary_key", row.primary),
                   ("foreign_key", row.foreign), ("unique", row.unique)) if there] or None)
                 for row in box.rows],
            )
            for box in graph.boxes
        }  # fmt: skip
        others = [shape["label"] for shape in found["shapes"] if shape["type"] != "sql_table"]
        apps = [one_line(titles.get(app, app)) for app in {b.app for b in graph.boxes} - {""}]
        assert Counter(others) == Counter([*apps, *map(one_line, outside(graph))])
        tooltip = {
            shape["id"]: unmarked(shape["tooltip"]).split(": ")[0] for shape in found["shapes"]
        }
        tooltip |= {s["id"]: s["label"] for s in found["shapes"] if not s["tooltip"]}
        edges = [
            (tooltip[c["src"]], tooltip[c["dst"]], c["srcArrow"], c["dstArrow"],
             bool(c["strokeDash"]), c["label"], unmarked(c["tooltip"]).split(", on delete")[0]
             .split(", not enf")[0])
            for c in found["connections"]
        ]  # fmt: skip
        assert Counter(edges) == Counter(
            (one_line(e.source).split(": ")[0], one_line(e.target).split(": ")[0],
             D2[e.at_source], "unfilled-triangle" if e.kind == PROXY else D2[e.at_target],
             not e.enforced or e.kind in {PROXY, "generic reverse"},
             one_line(e.key.removeprefix(f"{e.source}.")),
             one_line(e.key + (f": {', '.join(e.columns)} → {', '.join(e.target_columns)}"
                      * bool(e.columns))))
            for e in graph.edges
        )  # fmt: skip


def unmarked(markdown: str) -> str:
    """Return what Markdown shows of a text whose every sign has a backslash."""
    return re.sub(r"\\(.)", r"\1", markdown)


def test_plantuml(examples: list[Schema]) -> None:
    documents = read_plantuml("".join(to_plantuml(schema) for schema in examples))
    for schema, document in zip(examples, documents, strict=True):
        graph = graph_of(schema)
        titles = dict(graph.app_titles)
        aliases: list[str] = []
        entities: list[tuple[str, str, list[tuple[str, str]]]] = []
        for kind, *fields in document:
            if kind == "entity":
                aliases.append(fields[0])
                entities.append((fields[1], fields[2], []))
            elif kind == "field":
                entities[-1][2].append((fields[0], fields[1]))
        keys = [box.key for app in sorted({b.app for b in graph.boxes})
                for box in graph.boxes if box.app == app]  # fmt: skip
        keys += sorted(outside(graph))
        boxes = {box.key: box for box in graph.boxes}
        name_of = dict(zip(aliases, keys, strict=True))
        for key, (title, app, fields) in zip(keys, entities, strict=True):
            box = boxes.get(key)
            if box is None:
                assert (title, app, fields) == (f"[{one_line(key).strip()}]", "", [])
                continue
            assert f"[{title[1:-1].strip()}]" == f"[{one_line(box.title).strip()}]"
            name = one_line(titles.get(box.app, box.app)) if box.app else ""
            assert app[1:-1].strip() == name.strip()
            shown = [text for _, text in fields]
            # A column may be called ".." as well, but then its type follows.
            rules = [
                at for at, text in enumerate(shown)
                if text.startswith(".. ") and text.endswith(" ..")
            ]  # fmt: skip
            plain = fields[: rules[0]] if rules else fields
            plain = [(mark, text) for mark, text in plain if text != "--"]
            rows = sorted(box.rows, key=lambda row: not row.primary)
            assert [(mark == "IE_MANDATORY", text.strip()) for mark, text in plain] == [
                (not row.null,
                 f"{one_line(row.name)} : {one_line(row.type)}"
                 f"{' «PK»' * row.primary}{' «FK»' * row.foreign}{' «U»' * row.unique}".strip())
                for row in rows
            ]  # fmt: skip
            table = schema.table(key)
            told = [i.name for i in table.indexes if i.source != "constraint"]
            told += [
                c.name or str(c.kind)
                for c in table.constraints
                if c.kind
                in {ConstraintKind.UNIQUE, ConstraintKind.CHECK, ConstraintKind.EXCLUSION}
            ]
            rest = (
                [text for text in shown[rules[0] :] if not text.startswith(".. ")] if rules else []
            )
            assert len(rest) == len(told)
            for text, name in zip(rest, told, strict=True):
                assert text.strip().startswith(one_line(name).strip())
        links = [
            (name_of[a], name_of[b], left, right, style.startswith("DASHED"), label)
            for kind, *fields in document if kind == "link"
            for a, left, style, right, b, label in [fields]
            # The invisible ones are PlantUML's own, to place what has no links.
            if a in name_of and b in name_of and not style.startswith("INVIS")
        ]  # fmt: skip
        assert Counter(links) == Counter(
            (e.source, e.target, PLANTUML[e.at_source],
             "EXTENDS" if e.kind == PROXY else PLANTUML[e.at_target],
             not e.enforced or e.kind in {PROXY, "generic reverse"},
             f"[{one_line(label(e)).strip()}]")
            for e in graph.edges
        )  # fmt: skip
        notes = [fields[1] for kind, *fields in document if kind == "note"]
        assert len(notes) == sum(
            bool((t.comment or t.documentation).strip()
                 or any((c.comment or c.help_text).strip() for c in t.columns))
            for t in schema.tables if t.key in boxes
        )  # fmt: skip


def label(edge: Any) -> str:
    field = edge.key.removeprefix(f"{edge.source}.")
    if len(edge.columns) < 2:
        return field
    return f"{field}: {', '.join(edge.columns)} → {', '.join(edge.target_columns)}"


def test_dbml(examples: list[Schema]) -> None:
    texts = [to_dbml(schema) for schema in examples]
    for schema, text, found in zip(examples, texts, read("dbml", texts), strict=True):
        tables = {
            (read_schema["name"], table["name"]): table
            for read_schema in found["schemas"] for table in read_schema["tables"]
        }  # fmt: skip
        stored = {
            (location.schema if location.alias == "default" else
             ".".join(filter(None, (location.alias, location.schema))) or "public",
             location.table): table
            for table in schema.tables
            if table.location and table.kind not in {"proxy", "swapped"} and table.managed
            for location in (table.location, *table.also_at)
        }  # fmt: skip
        stored = {(name or "public", table): value for (name, table), value in stored.items()}
        unmanaged = {t.location.table for t in schema.tables if t.location and not t.managed}
        assert set(stored) <= set(tables)
        assert {name for _, name in set(tables) - set(stored)} <= unmanaged
        for key, table in stored.items():
            same_table(table, tables[key])
        groups = {
            group["name"]: {(t["schemaName"], t["tableName"]) for t in group["tables"]}
            for read_schema in found["schemas"] for group in read_schema["tableGroups"]
        }  # fmt: skip
        wanted: dict[str, set[tuple[str, str]]] = {}
        for key, table in stored.items():
            if table.app:
                wanted.setdefault(table.app, set()).add(key)
        for app, members in wanted.items():
            assert members <= groups[app]
        refs = {
            ref["name"]: ref for read_schema in found["schemas"] for ref in read_schema["refs"]
        }
        for table in stored.values():
            for relation in table.relations:
                if relation.kind in {"generic", "generic reverse", "many-to-many", "join"}:
                    continue
                if relation.target_location not in {t.location for t in stored.values()}:
                    assert relation.key not in refs
                    continue
                if relation.key not in refs:
                    said = f"// {one_line(relation.key)}: joins the same columns as another"
                    assert said in text
                    continue
                near, far = refs.pop(relation.key)["endpoints"]
                assert (tuple(near["fieldNames"]), near["relation"] == "*") == (
                    relation.columns, relation.at_owner.many
                )  # fmt: skip
                assert (tuple(far["fieldNames"]), far["relation"] == "*", far["tableName"]) == (
                    relation.target_columns, relation.at_target.many,
                    relation.target_location.table,
                )  # fmt: skip


def same_table(table: Any, found: dict[str, Any]) -> None:
    assert [
        (f["name"], f["type"]["type_name"], f["pk"], bool(f.get("not_null")))
        for f in found["fields"]
    ] == [
        (c.name, short_type(c.database_type), table.primary_key == (c.name,),
         not c.null and table.primary_key != (c.name,))
        for c in table.columns
    ]  # fmt: skip
    keys = [tuple(c["value"] for c in i["columns"]) for i in found["indexes"] if i.get("pk")]
    assert keys == ([table.primary_key] if len(table.primary_key) > 1 else [])
    named = {i["name"]: (bool(i.get("unique")), [c["value"] for c in i["columns"]])
             for i in found["indexes"] if i.get("name")}  # fmt: skip
    for index in table.indexes:
        if index.source != "constraint" and all(part.column for part in index.parts):
            assert named[index.name] == (index.unique, [part.column for part in index.parts])
    comment = table.comment or table.documentation
    first = "\n".join(one_line(line).rstrip() for line in comment.strip().splitlines())
    assert (found["note"] or "").startswith(first)
    for column, field in zip(table.columns, found["fields"], strict=True):
        if column.comment:
            words = "\n".join(
                one_line(line).rstrip() for line in column.comment.strip().splitlines()
            )
            assert (field["note"] or "").startswith(words.strip())
