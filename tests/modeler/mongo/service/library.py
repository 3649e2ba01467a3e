"""Books and who writes them: a version, a mark of deletion, words to search, a reference."""

from __future__ import annotations

from modeler.mongo.aggregate import Aggregate, DeclaredIndex, Part, PartKind
from modeler.mongo.spec import CollectionSpec, aggregate_specs
from modeler.schema.column import Choice, Column
from modeler.schema.constraint import Constraint, ConstraintKind
from modeler.schema.expression import ColumnRef, Literal, Operation
from modeler.schema.index import Index, IndexPart
from modeler.schema.location import Location
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import AdminFacts, Table, TableKind


def column(name: str, database_type: str, kind: str, **more) -> Column:
    return Column(name, database_type, field=more.pop("field", name), field_type=kind, **more)


def place(name: str) -> Location:
    return Location("default", "", name)


def key(name: str = "id") -> Column:
    return column(name, "uuid", "UUIDField", label="ID", comment="Time-ordered key.")


def refers(owner: str, field: str, columns: str, target: str, table: str) -> Relation:
    return Relation(
        owner, field, RelationKind.FOREIGN_KEY, (columns,), target=target,
        target_location=place(table), target_columns=("id",),
    )  # fmt: skip


AUTHOR = Table(
    "books.Author", place("author"), TableKind.MODEL, "Author", app="books", label="author",
    primary_key=("id",),
    columns=(
        key(),
        column("name", "character varying(40)", "CharField", max_length=40),
        column("is_deleted", "boolean", "BooleanField"),
    ),
    comment='People who "write" \\ and more',
    ordering=("name",),
    indexes=(Index("author_name", (IndexPart(column="name"),)),),
)  # fmt: skip
BOOK = Table(
    "books.Book", place("book"), TableKind.MODEL, "Book", app="books", label="book",
    label_plural="books", primary_key=("id",),
    columns=(
        key(),
        column("created_at", "timestamp with time zone", "DateTimeField"),
        column("version", "bigint", "BigIntegerField"),
        column("deleted_at", "timestamp with time zone", "DateTimeField", null=True),
        column("isbn", "character varying(13)", "CharField", max_length=13),
        column("title", "text", "TextField", help_text="As on the cover"),
        column("pages", "integer", "IntegerField"),
        column("price", "numeric(8,2)", "DecimalField", max_digits=8, decimal_places=2),
        column("status", "character varying(5)", "CharField", max_length=5,
               choices=(Choice("draft", "Draft"), Choice("sold", "Sold"))),
        column("author_id", "uuid", "UUIDField", field="author"),
        column("editor_id", "uuid", "UUIDField", field="editor", null=True),
    ),
    relations=(
        refers("books.Book", "author", "author_id", "books.Author", "author"),
        refers("books.Book", "editor", "editor_id", "books.Author", "author"),
    ),
    indexes=(
        Index("book_newest", (IndexPart(column="created_at", descending=True),
                              IndexPart(column="id", descending=True))),
    ),
    constraints=(
        Constraint("book_isbn", ConstraintKind.UNIQUE, ("isbn",)),
        Constraint("book_pages", ConstraintKind.CHECK, ("pages",),
                   expression=Operation(">", (ColumnRef("pages"), Literal("integer", "0")))),
    ),
    ordering=("-created_at", "-id"),
    admin=(
        AdminFacts("admin", "books.admin.BookAdmin",
                   list_display=("title", "author", "editor__name", "shown_price", "__str__"),
                   search_fields=("^isbn", "title", "author__name", "pages"),
                   list_filter=("status", "author__name", "SomeFilter")),
    ),
)  # fmt: skip
CHAPTER = Table(
    "books.Chapter", place("chapter"), TableKind.MODEL, "Chapter", app="books", label="chapter",
    primary_key=("id",),
    columns=(
        key(),
        column("book_id", "uuid", "UUIDField", field="book"),
        column("name", "text", "TextField"),
        column("translator_id", "uuid", "UUIDField", field="translator", null=True),
    ),
    relations=(
        refers("books.Chapter", "book", "book_id", "books.Book", "book"),
        refers("books.Chapter", "translator", "translator_id", "books.Author", "author"),
    ),
)  # fmt: skip
SEAT = Table(
    "books.Seat", place("seat"), TableKind.MODEL, "Seat", app="books", label="seat",
    primary_key=("hall", "number"),
    columns=(
        column("hall", "text", "TextField"),
        column("number", "integer", "IntegerField"),
        column("class", "text", "TextField"),
    ),
)  # fmt: skip
NOTE = Table(
    "books.Note",
    place("note"),
    TableKind.MODEL,
    "Note",
    app="books",
    label="note",
    columns=(column("text", "text", "TextField"),),
)
TABLES = (AUTHOR, BOOK, CHAPTER, SEAT, NOTE)
LIBRARY = Schema(
    tables=tuple(sorted(TABLES, key=lambda table: table.key)),
)
SHAPES = (
    Aggregate("books.Author", "authors"),
    Aggregate(
        "books.Book", "books",
        parts=(Part("chapters", PartKind.ARRAY, "books.Chapter.book"),),
        indexes=(DeclaredIndex((("title", "text"),), (("default_language", "none"),)),),
    ),
    Aggregate("books.Seat", "seats"),
    Aggregate("books.Note", "notes"),
)  # fmt: skip


def library_specs() -> tuple[CollectionSpec, ...]:
    return aggregate_specs(LIBRARY, SHAPES)
