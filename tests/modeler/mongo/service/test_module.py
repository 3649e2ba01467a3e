"""The module's text: for any schema it is Python, as formatters and type checkers want it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from modeler.mongo.service.module import to_pymongo
from modeler.mongo.spec import collection_specs
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from modeler.schema.relation import Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.table import Table, TableKind
from tests.modeler.mongo.service.library import LIBRARY, library_specs

BIN = Path(sys.executable).parent
STRICT = "E4,E7,E9,F,I,UP,B,PLE"
# A class cannot have every key that a TypedDict can.
DELIBERATE = ("--ignore", "UP013")
NASTY = [
    "class", "None", "match", "type", "str", "datetime", "Any", "id", "_id", "__init__", "2fa",
    "größe", "ﬁ", "名前", "a b", "a-b", "a.b", "$set", "it's", 'say "x"', "back\\slash",
    "new\nline",
    "Repository", "Document", "Definition", "TypedDict", "UUID", "definition", "order", "self",
    "\u202eevil", "\x00", "key", "x" * 200, "{name}", "%s", '"""', "'''", "#", "",
]  # fmt: skip
KINDS = [
    ("IntegerField", "integer"), ("BigIntegerField", "bigint"), ("TextField", "text"),
    ("UUIDField", "uuid"), ("DecimalField", "numeric(8,2)"), ("FloatField", "double precision"),
    ("DateTimeField", "timestamp with time zone"), ("JSONField", "jsonb"),
    ("BinaryField", "bytea"), ("HStoreField", "hstore"), ("BooleanField", "boolean"),
]  # fmt: skip


def formatted(path: Path) -> None:
    for arguments in (
        ["format", "--isolated", "--diff"],
        [
            "check",
            "--isolated",
            "--target-version",
            "py311",
            "--select",
            STRICT,
            "--ignore",
            "UP013",
        ],
    ):
        done = subprocess.run(
            [BIN / "ruff", *arguments, path], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[:3000]


def typed(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check all modules of a folder, which know each other."""
    return subprocess.run(
        [BIN / "mypy", "--strict", "--config-file=", *sorted(folder.glob("*.py"))],
        capture_output=True, text=True, timeout=300, cwd=folder,
    )  # fmt: skip


def written(folder: Path, schema: Schema, specs) -> Path:
    path = folder / "documents.py"
    path.write_text(to_pymongo(schema, specs), "utf-8")
    return path


def test_modules_are_formatted_and_typed(tmp_path):
    """Of the library, of the awkward models, and of schemas that are drawn."""
    awkward = read_registry()
    (tmp_path / "documents.py").write_text(to_pymongo(LIBRARY, library_specs()), "utf-8")
    (tmp_path / "awkward.py").write_text(to_pymongo(awkward, collection_specs(awkward)), "utf-8")
    for number, schema in enumerate(drawn(3)):
        source = to_pymongo(schema, collection_specs(schema))
        (tmp_path / f"drawn{number}.py").write_text(source, "utf-8")
    formatted(tmp_path)
    service = tmp_path / "service.py"
    service.write_text(SERVICE, "utf-8")
    done = typed(tmp_path)
    assert done.returncode == 0, done.stdout[:3000] + done.stderr
    # Were nothing typed, this would pass as well.
    service.write_text(SERVICE.replace('"draft"', '"lost"').replace("page.next", "page.nxt"))
    said = typed(tmp_path).stdout
    assert "Literal['lost']" in said
    assert 'no attribute "nxt"' in said


SERVICE = """\
from datetime import UTC, datetime
from uuid import UUID, uuid4

from bson.decimal128 import Decimal128
from bson.int64 import Int64

import documents


def run() -> str | None:
    database = documents.open_database(documents.connect(), "library")
    documents.ensure_collections(database)
    books = documents.BookRepository(database)
    made = books.create({
        "_id": uuid4(), "created_at": datetime.now(UTC), "version": Int64(1), "deleted_at": None,
        "isbn": "1", "title": "One", "pages": 1, "price": Decimal128("1.00"), "status": "draft",
        "author_id": UUID(int=1), "editor_id": None, "chapters": [],
    })
    title: str = made["title"]
    found = books.get(made["_id"])
    if found is not None:
        title = found["chapters"][0]["name"]
    page = books.page(limit=3)
    for change in documents.AuthorRepository(database).watch_books_by_author(made["_id"]):
        if change.document is not None:
            title = change.document["title"]
    return page.next or title
"""


def test_the_module_needs_pymongo_and_python_alone(tmp_path):
    tree = ast.parse(to_pymongo(LIBRARY, library_specs()))
    tops = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert tops - set(sys.stdlib_module_names) == {"bson", "pymongo"}


def test_equal_specifications_give_equal_bytes():
    assert to_pymongo(LIBRARY, library_specs()) == to_pymongo(LIBRARY, library_specs())


def test_no_collections_give_a_module_too(tmp_path):
    formatted(written(tmp_path, Schema(), ()))


def test_every_class_has_a_name_of_its_own():
    schema = read_registry()
    specs = collection_specs(schema)
    body = ast.parse(to_pymongo(schema, specs)).body
    classes = [node.name for node in body if isinstance(node, ast.ClassDef)]
    assert len(classes) == len(set(classes))
    assert sum(name.endswith("Repository") for name in classes) == len(specs) + 1


names = st.sampled_from(NASTY) | st.text(min_size=1, max_size=12)
columns = st.lists(
    st.builds(
        lambda name, kind, null, said: Column(
            name or "_", kind[1], null=null, field=name, field_type=kind[0], label=said,
            comment=said, max_digits=8, decimal_places=2,
        ),
        names, st.sampled_from(KINDS), st.booleans(), names,
    ),
    min_size=1, max_size=6, unique_by=lambda column: column.name,
)  # fmt: skip


@st.composite
def schemas(draw):
    tables = []
    for number, name in enumerate(draw(st.lists(names, min_size=1, max_size=4))):
        held = draw(columns)
        place = Location("default", "", f"{name}{number if name in NASTY[:20] else ''}" or "_")
        if any(table.location == place for table in tables):
            continue
        relations = ()
        if tables and len(held) > 1:
            far = draw(st.sampled_from(tables))
            if far.primary_key:
                relations = (
                    Relation(
                        f"a.T{number}", held[-1].name, RelationKind.FOREIGN_KEY, (held[-1].name,),
                        target=far.key, target_location=far.location,
                        target_columns=far.primary_key[:1],
                    ),
                )  # fmt: skip
        keyed = tuple(column.name for column in held[: draw(st.integers(0, 2))])
        tables.append(
            Table(
                f"a.T{number}", place, TableKind.MODEL, name or "_", app="a", primary_key=keyed,
                columns=tuple(held), relations=relations, label=name, comment=draw(names),
            )
        )  # fmt: skip
    return Schema(tables=tuple(sorted(tables, key=lambda table: table.key)))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(schemas())
def test_any_schema_gives_python(schema):
    source = to_pymongo(schema, collection_specs(schema))
    tree = compile(source, "documents.py", "exec", ast.PyCF_ONLY_AST)
    defined = [node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    assert len(defined) == len(set(defined))
    exec(compile(source, "documents.py", "exec"), {"__name__": "sys"})


@settings(max_examples=3, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.lists(schemas(), min_size=12, max_size=12))
def test_any_schema_gives_a_formatted_module(tmp_path_factory, schemas):
    folder = tmp_path_factory.mktemp("formatted")
    for number, schema in enumerate(schemas):
        path = folder / f"documents{number}.py"
        path.write_text(to_pymongo(schema, collection_specs(schema)), "utf-8")
    formatted(folder)


def drawn(count: int) -> list[Schema]:
    """Some schemas, the same each time."""
    found: list[Schema] = []

    @settings(
        max_examples=count, deadline=None, derandomize=True, phases=[Phase.generate],
        database=None,
    )  # fmt: skip
    @given(schemas())
    def collect(schema):
        found.append(schema)

    collect()
    return found
