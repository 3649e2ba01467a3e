"""A drawing in one of the formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from modeler.diagrams.drawing import Drawing
from modeler.diagrams.formats.d2 import to_d2
from modeler.diagrams.formats.dbml import to_dbml
from modeler.diagrams.formats.dot import to_dot
from modeler.diagrams.formats.mermaid import to_mermaid
from modeler.diagrams.formats.plantuml import to_plantuml
from modeler.diagrams.formats.raster import pdf_scale, png_scale, to_pdf, to_png
from modeler.diagrams.formats.sql import to_sql
from modeler.diagrams.formats.svg import to_svg
from modeler.diagrams.graph import ColumnMode, JoinMode
from modeler.diagrams.selection.selection import Selection, Show
from modeler.schema.encoding import to_json
from modeler.schema.schema import Schema
from modeler.schema.table import TableKind


class Format(StrEnum):
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"
    DOT = "dot"
    MERMAID = "mermaid"
    PLANTUML = "plantuml"
    D2 = "d2"
    DBML = "dbml"
    SQL = "sql"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a format is sent: ending of a file's name, content type."""

    ending: str
    content_type: str


KINDS = {
    Format.SVG: FileKind("svg", "image/svg+xml"),
    Format.PNG: FileKind("png", "image/png"),
    Format.PDF: FileKind("pdf", "application/pdf"),
    Format.DOT: FileKind("dot", "text/vnd.graphviz"),
    Format.MERMAID: FileKind("mmd", "text/plain"),
    Format.PLANTUML: FileKind("puml", "text/plain"),
    Format.D2: FileKind("d2", "text/plain"),
    Format.DBML: FileKind("dbml", "text/plain"),
    Format.SQL: FileKind("sql", "application/sql"),
    Format.JSON: FileKind("json", "application/json"),
}
USUAL_PNG_SCALE = 2.0
RASTER = frozenset({Format.PNG, Format.PDF})
# What describes a database rather than pictures it: nothing is hidden there by its kind.
DOCUMENTS = frozenset({Format.DBML, Format.SQL, Format.JSON})


def selection_for(format: Format, selection: Selection) -> Selection:
    """Return a selection as a format takes it: documents have tables of every kind."""
    return replace(selection, show=tuple(Show)) if format in DOCUMENTS else selection


def exported(
    format: Format, schema: Schema, drawing: Drawing, *, columns: ColumnMode = ColumnMode.ALL
) -> str | bytes:
    """Return a drawing in a format; text, or bytes for RASTER ones.

    Args:
        schema: what was drawn from.
        drawing: made of it with ``selection_for`` that format.
        columns: which columns of a table DBML and PlantUML have.

    Raises:
        GraphvizMissing, GraphvizFailed: a raster format needs Graphviz.
    """
    match format:
        case Format.SVG:
            return to_svg(drawing.graph, drawing.layout, marks=drawing.marks)
        case Format.PNG:
            return to_png(drawing.graph, drawing.layout, marks=drawing.marks)
        case Format.PDF:
            return to_pdf(drawing.graph, drawing.layout, marks=drawing.marks)
        case Format.PLANTUML:
            return to_plantuml(_narrowed(schema, drawing), columns=columns, joins=_joins(drawing))
        case Format.DBML:
            return to_dbml(_narrowed(schema, drawing), columns=columns)
        case Format.SQL:
            return to_sql(_narrowed(schema, drawing))
        case Format.JSON:
            return to_json(_narrowed(schema, drawing))
    write: Callable[..., str] = {
        Format.DOT: to_dot, Format.MERMAID: to_mermaid, Format.D2: to_d2,
    }[format]  # fmt: skip
    return write(drawing.graph)


def shrunk(format: Format, drawing: Drawing) -> str:
    """Say by how much a raster picture is smaller than usual; ``""`` where it is not."""
    if format is Format.PNG and (scale := png_scale(drawing.layout)) < USUAL_PNG_SCALE:
        return f"The picture is large: a point became {scale:.2f} pixels instead of two."
    if format is Format.PDF and (scale := pdf_scale(drawing.layout)) < 1:
        return f"The page is as large as PDF allows; the picture is at {scale:.0%} of its size."
    return ""


def _joins(drawing: Drawing) -> JoinMode:
    shown = any(box.kind is TableKind.JOIN for box in drawing.graph.boxes)
    return JoinMode.BOX if shown else JoinMode.EDGE


def _narrowed(schema: Schema, drawing: Drawing) -> Schema:
    """Return the schema of the chosen tables; swapped models come with the whole of their app."""
    chosen = drawing.chosen.tables
    apps = {table.app for table in schema.tables if table.key in chosen}
    cut = {
        table.app
        for table in schema.tables
        if table.key not in chosen and table.kind is not TableKind.SWAPPED
    }
    tables = tuple(
        table
        for table in schema.tables
        if table.key in chosen
        or (table.kind is TableKind.SWAPPED and table.app not in cut and table.app in apps)
    )
    kept = apps | {table.app for table in tables}
    return replace(
        schema, tables=tables, apps=tuple(app for app in schema.apps if app.label in kept)
    )
