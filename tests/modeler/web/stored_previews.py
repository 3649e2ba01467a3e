"""Previews for the tests of pages, written by hand as the command stores them."""

from __future__ import annotations

from dataclasses import replace

from modeler.models import StoredResult
from modeler.postgres.locks import LockMode
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.encoding import to_document
from modeler.previews.preview import (
    Accepted,
    MigrationPreview,
    OperationPreview,
    Preview,
    Reversal,
)
from modeler.previews.replay.replay import (
    Break,
    Coverage,
    DeployOrder,
    Failure,
    Meeting,
    Order,
    Replay,
    Verb,
)
from modeler.previews.statement import Statement
from modeler.previews.trace.trace import Trace
from modeler.reporting.finding import Finding, Level, Place, Remedy

AX, S, SRX, AS = (
    LockMode.ACCESS_EXCLUSIVE, LockMode.SHARE, LockMode.SHARE_ROW_EXCLUSIVE, LockMode.ACCESS_SHARE,
)  # fmt: skip
TABLE, INDEX = RelationKind.TABLE, RelationKind.INDEX
KEY = "blog.0002_what"
COMMAND = "manage.py migration_preview --trace --store"


def lock(relation: str, mode: LockMode, cause: str = "", **more) -> Lock:
    return Lock(relation, more.pop("kind", TABLE), mode, cause, **more)


def traced(sql: str, operation: int, effects: Effects, trace: Trace | None = None, **more):
    """Return a statement whose trace says what the rules do, where nothing else is given."""
    same = Trace(
        tuple(replace(each, cause="") for each in effects.locks),
        tuple(replace(each, cause="") for each in effects.work),
        effects.creates,
    )
    return Statement(sql, operation, effects=effects, trace=trace or same, **more)


BUILD = Work("blog_post", WorkKind.INDEX_BUILD, "blog_title", "an index is built (blog_title)")
VALIDATION = Work("blog_tag", WorkKind.VALIDATION, "blog_fk", "the new foreign key is checked")
INDEX_FINDING = Finding(
    "MP401",
    Level.ERROR,
    f"{KEY}:blog_post.blog_title",
    "Writes to blog_post wait while the index blog_title is built.",
    "Use AddIndexConcurrently in a migration of its own.",
    Place("blog/migrations/0002_what.py", 14),
    (("statement", "CREATE INDEX blog_title ON blog_post (title);"), ("size", "4 million rows")),
    Remedy(
        "Build the index without blocking writes",
        ("AddIndexConcurrently('post', models.Index(fields=['title']))",),
        ("CREATE INDEX CONCURRENTLY blog_title ON blog_post (title);",),
    ),
    "index-blocks-writes",
)
MIGRATION = MigrationPreview(
    app="blog",
    name="0002_what",
    applied=False,
    atomic=True,
    reversible=False,
    file="blog/migrations/0002_what.py",
    operations=(
        OperationPreview("AddField", "Add field title to post"),
        OperationPreview("AddIndex", "Create index blog_title on post"),
        OperationPreview("RunPython", "Raw Python", "it sends nothing", "no reverse", False),  # noqa: FBT003
    ),
    forward=(
        traced(
            'ALTER TABLE "blog_post" ADD COLUMN "title" text;',
            0,
            Effects((lock("blog_post", AX, "a column is added (title)"),)),
        ),
        traced(
            'CREATE INDEX "blog_title" ON "blog_post" ("title");',
            1,
            Effects(
                (
                    lock("blog_post", S, "an index is built (blog_title)"),
                    lock("blog_post_pkey", AS, "it is read", kind=INDEX, table="blog_post"),
                    lock("blog_user", AS, "it is read"),
                ),
                (BUILD,),
                ("blog_title",),
            ),
        ),
        # The rules say nothing of the table that it refers to: a disagreement.
        traced(
            'ALTER TABLE "blog_post" ADD CONSTRAINT "blog_fk" FOREIGN KEY ("tag") REFERENCES '
            '"blog_tag" ("id");',
            0,
            Effects((lock("blog_post", SRX, "a foreign key is added"),), (VALIDATION,)),
            Trace(
                (lock("blog_post", SRX), lock("blog_tag", SRX)),
                (Work("blog_tag", WorkKind.VALIDATION, "blog_fk"),),
            ),
            deferred=True,
        ),
    ),
    backward=(Statement('ALTER TABLE "blog_post" DROP COLUMN "title";', 0),),
    reversal=Reversal(
        left=("added index: blog_post.blog_title",), lost=("3 of 3 rows of blog_post",)
    ),
    broken_by_rows="duplicate key value",
)
REPLAY = Replay(
    (
        Break(
            "blog.Post",
            Verb.INSERT,
            "23502",
            "Code that still runs cannot insert blog.Post: column title must have a value.",
            Meeting.OLD_ON_NEW,
            Failure("23502", 'null value in column "title"', "blog_post", "title"),
        ),
    ),
    DeployOrder(
        Order.CODE_FIRST,
        ("Code that still runs cannot insert blog.Post: column title must have a value.",),
        ("New code and rows written before the migration, blog.Tag: it is NULL.",),
    ),
    Coverage(9, 8, ("blog.Note insert: no rows could be made",)),
)
PREVIEW = Preview(
    database="default",
    asked="pending",
    nothing_pending=False,
    server_version="18.4",
    database_version="16.2",
    migrations=(
        MIGRATION,
        MigrationPreview(
            app="blog", name="0003_nothing", applied=False, atomic=False, reversible=True
        ),
    ),
    notes=("Rows were generated.",),
    tables=9,
    filled=8,
    findings=(
        INDEX_FINDING,
        Finding("MP701", Level.WARNING, "default", "Two leaves contradict each other."),
    ),
    accepted=(
        Accepted(
            Finding("MP999", Level.WARNING, f"{KEY}:blog_tag", "It is an old one."),
            "nobody writes at night",
            "Kim",
        ),
    ),
)  # fmt: skip


def keep(preview: Preview = PREVIEW, command: str = COMMAND) -> StoredResult:
    """Store a preview as the command does."""
    return StoredResult.objects.create(
        kind=StoredResult.Kind.PREVIEW, command=command, payload=to_document(preview)
    )


def many_statements(count: int = 300, tables: int = 40) -> Preview:
    """Return a preview of one migration with many statements on many tables."""
    forward = []
    for number in range(count):
        name = f"shop_table_{number % tables}"
        forward.append(
            traced(
                f'ALTER TABLE "{name}" ADD COLUMN "c{number}" integer NULL;',
                number // 4,
                Effects(
                    (
                        lock(name, AX, f"a column is added (c{number})"),
                        lock(f"{name}_pkey", AS, "it is read", kind=INDEX, table=name),
                    ),
                    (Work(name, WorkKind.SCAN),) if number % 11 == 0 else (),
                ),
            )
        )
    operations = tuple(
        OperationPreview("AddField", f"Add fields {number}") for number in range(count // 4)
    )
    migration = MigrationPreview(
        app="shop", name="0009_many", applied=False, atomic=True, reversible=True,
        operations=operations, forward=tuple(forward),
    )  # fmt: skip
    return replace(PREVIEW, migrations=(migration,), findings=(), accepted=())
