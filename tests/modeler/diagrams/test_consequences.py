"""What deleting a row does: rules as cases, and proven against Django's own collector."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, models, router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError

from modeler.diagrams.consequences import Consequence, Effect, consequences_of
from modeler.diagrams.references import references_of
from modeler.errors import UnknownName
from modeler.schema.column import Column
from modeler.schema.location import Location
from modeler.schema.relation import Cardinality, Relation, RelationKind
from modeler.schema.schema import Schema
from modeler.schema.statistics import ColumnStatistics, Statistics, TableStatistics
from modeler.schema.table import Table, TableKind
from modeler.web.project import project_schema
from tests.blog.models.deletions import Replace
from tests.modeler.diagrams.rows import fill_blog
from tests.modeler.diagrams.samples import foreign_key, location, table


def schema_of(*tables: Table) -> Schema:
    return Schema(tuple(sorted(tables, key=lambda each: each.key)))


def said(schema: Schema, key: str) -> list[str]:
    """Return each consequence as ``depth effect relation marks``."""
    return [
        " ".join(
            [str(each.depth), each.effect, each.relation.key]
            + [name for name in ("upwards", "by_database", "again", "spared")
               if getattr(each, name)]
        )
        for each in consequences_of(schema, key)
    ]  # fmt: skip


A = table("x.A")


def referring(key: str, on_delete: str, target: str = "x.A", **changes: object) -> Table:
    relation = foreign_key(key, "to", target, on_delete=on_delete, **changes)
    return table(key, Column("to_id", "uuid"), relations=(relation,))


@pytest.mark.parametrize(
    ("on_delete", "enforced", "expected"),
    [
        ("CASCADE", True, "1 deleted x.B.to"),
        ("CASCADE", False, "1 deleted x.B.to"),
        ("DB_CASCADE", True, "1 deleted x.B.to by_database"),
        ("DB_CASCADE", False, "1 dangles x.B.to"),
        ("SET_NULL", True, "1 set x.B.to"),
        ("SET_DEFAULT", True, "1 set x.B.to"),
        ("SET", True, "1 set x.B.to"),
        ("DB_SET_NULL", True, "1 set x.B.to by_database"),
        ("DB_SET_DEFAULT", True, "1 set x.B.to by_database"),
        ("PROTECT", True, "1 stops x.B.to"),
        ("RESTRICT", True, "1 stops x.B.to"),
        ("DB_RESTRICT", True, "1 stops x.B.to by_database"),
        ("DO_NOTHING", True, "1 stops x.B.to by_database"),
        ("DO_NOTHING", False, "1 dangles x.B.to"),
        ("shop.keep", True, "1 custom x.B.to"),
    ],
)
def test_each_on_delete(on_delete, enforced, expected):
    schema = schema_of(A, referring("x.B", on_delete, enforced=enforced))
    assert said(schema, "x.A") == [expected]


def test_what_goes_takes_along_what_depends_on_it():
    schema = schema_of(
        A, referring("x.B", "CASCADE"), referring("x.C", "SET_NULL", "x.B"),
        referring("x.D", "CASCADE", "x.C"),
    )  # fmt: skip
    assert said(schema, "x.A") == ["1 deleted x.B.to", "2 set x.C.to"]


def test_below_what_the_database_deletes_only_its_own_rules_count():
    schema = schema_of(
        A, referring("x.B", "DB_CASCADE"), referring("x.C", "CASCADE", "x.B"),
        referring("x.D", "CASCADE", "x.B", enforced=False),
        referring("x.E", "DB_SET_NULL", "x.B"),
    )  # fmt: skip
    assert said(schema, "x.A") == [
        "1 deleted x.B.to by_database", "2 stops x.C.to by_database", "2 dangles x.D.to",
        "2 set x.E.to by_database",
    ]  # fmt: skip


def test_a_circle_ends():
    a = table("x.A", Column("to_id", "uuid"), relations=(foreign_key("x.A", "to", "x.B"),))
    schema = schema_of(a, referring("x.B", "CASCADE"))
    assert said(schema, "x.A") == ["1 deleted x.B.to", "2 deleted x.A.to again"]


def test_restrict_gives_way_to_a_cascade_and_protect_does_not():
    both = replace(
        referring("x.C", "CASCADE", "x.B"),
        relations=(
            foreign_key("x.C", "first", "x.A", on_delete="RESTRICT"),
            foreign_key("x.C", "second", "x.A", on_delete="PROTECT"),
            foreign_key("x.C", "third", "x.B", on_delete="CASCADE"),
        ),
    )
    schema = schema_of(A, referring("x.B", "CASCADE"), both)
    assert said(schema, "x.A") == [
        "1 deleted x.B.to", "1 stops x.C.first spared", "1 stops x.C.second",
        "2 deleted x.C.third",
    ]  # fmt: skip


def test_a_restrict_to_itself_is_not_lifted_by_the_row_that_is_deleted():
    assert said(schema_of(referring("x.A", "RESTRICT")), "x.A") == ["1 stops x.A.to"]


def child(key: str, parent: str) -> Table:
    link = Relation(
        key, "up", RelationKind.PARENT_LINK, ("up_id",), parent, location(parent), ("id",),
        on_delete="CASCADE", at_owner=Cardinality.ZERO_OR_ONE,
    )  # fmt: skip
    return table(key, kind=TableKind.CHILD, relations=(link,), bases=(parent,))


def test_a_child_and_its_parents_go_together():
    schema = schema_of(
        A, child("x.B", "x.A"), child("x.C", "x.B"), child("x.Sibling", "x.A"),
        referring("x.D", "CASCADE"),
    )  # fmt: skip
    assert said(schema, "x.A") == [
        "1 deleted x.B.up", "1 deleted x.D.to", "1 deleted x.Sibling.up", "2 deleted x.C.up",
    ]  # fmt: skip
    # Of the parent's other children Django looks for none.
    assert said(schema, "x.C") == [
        "1 deleted x.C.up upwards", "1 deleted x.B.up upwards", "1 deleted x.D.to",
    ]  # fmt: skip


def test_what_refers_to_a_proxy_refers_to_its_rows():
    proxy = table("x.P", kind=TableKind.PROXY, bases=("x.A",))
    schema = schema_of(A, proxy, referring("x.B", "CASCADE", "x.P"))
    assert said(schema, "x.A") == said(schema, "x.P") == ["1 deleted x.B.to"]


def test_another_model_of_the_same_table_meets_the_keys_of_the_database():
    twin = replace(table("x.Twin"), location=A.location, managed=False)
    schema = schema_of(
        A, twin, referring("x.B", "CASCADE"), referring("x.C", "CASCADE", enforced=False)
    )
    assert said(schema, "x.Twin") == ["1 stops x.B.to by_database"]


def test_a_table_without_a_model_has_the_rules_of_the_database():
    def live(name: str, *relations: Relation) -> Table:
        place = Location("default", "", name)
        return Table(str(place), place, TableKind.TABLE, name, relations=relations)

    def key(owner: str, on_delete: str, target: str = "a") -> Relation:
        return Relation(
            f"default:{owner}", f"{owner}_fk", RelationKind.FOREIGN_KEY, ("a",),
            f"default:{target}", Location("default", "", target), ("id",), on_delete=on_delete,
        )  # fmt: skip

    schema = schema_of(
        live("a"), live("b", key("b", "DB_CASCADE")), live("c", key("c", "DO_NOTHING")),
        live("d", key("d", "DB_SET_NULL", "b")),
    )  # fmt: skip
    assert said(schema, "default:a") == [
        "1 deleted default:b.b_fk by_database", "1 stops default:c.c_fk by_database",
        "2 set default:d.d_fk by_database",
    ]  # fmt: skip


def test_an_unknown_table_has_near_names():
    with pytest.raises(UnknownName, match=r"Did you mean x\.A\?"):
        consequences_of(schema_of(A), "x.AA")


def figures(**rows: tuple[float | None, float]) -> Statistics:
    """Return rows and the share of NULL in ``to_id``, by table."""
    return Statistics(
        datetime(2026, 1, 1, tzinfo=UTC),
        tuple(
            TableStatistics(
                location(f"x_{name}"), number, 1, 8192,
                (ColumnStatistics("to_id", nulls, 8, 10.0),),
            )
            for name, (number, nulls) in rows.items()
        ),
    )  # fmt: skip


CHAIN = schema_of(A, referring("x.B", "CASCADE"), referring("x.C", "CASCADE", "x.B"))


@pytest.mark.parametrize(
    ("statistics", "expected"),
    [
        (None, [None, None]),
        # 300 of 400 rows of B refer to 100 of A: 3 each; each B has 800/400 of C.
        (figures(a=(100, 0), b=(400, 0.25), c=(800, 0)), [3.0, 6.0]),
        (figures(a=(100, 0), b=(0, 0), c=(800, 0)), [0.0, None]),
        (figures(a=(100, 0), b=(None, 0), c=(800, 0)), [None, None]),
        (figures(a=(100, 0), b=(400, 0.25)), [3.0, None]),
        (figures(a=(0, 0), b=(400, 0.25), c=(800, 0)), [None, None]),
    ],
)
def test_rows_are_averages_multiplied_along_the_way(statistics, expected):
    found = consequences_of(CHAIN, "x.A", statistics=statistics)
    assert [each.rows for each in found] == expected


class Watching(Collector):
    """Django's own collector, that goes on where something stops it, and looks at all rows."""

    def __init__(self, using: str) -> None:
        super().__init__(using)
        self.stopped: set[type[models.Model]] = set()

    def can_fast_delete(self, *args: object, **kwargs: object) -> bool:
        return False

    def collect(self, *args: object, **kwargs: object) -> None:
        try:
            super().collect(*args, **kwargs)
        except ProtectedError as error:
            self.stopped |= {type(row) for row in error.protected_objects}
        except RestrictedError as error:
            self.stopped |= {type(row) for row in error.restricted_objects}


def key_of(model: type[models.Model]) -> str:
    return f"{model._meta.app_label}.{model._meta.concrete_model._meta.object_name}"


@pytest.fixture
def hashable_handlers(monkeypatch):
    """Django 6.1 looks handlers up in a set; the readers need one without a hash."""
    monkeypatch.setattr(Replace, "__hash__", lambda self: 1)


@pytest.mark.usefixtures("hashable_handlers")
@pytest.mark.django_db(databases="__all__")
def test_djangos_collector_does_the_same_to_every_model_of_the_blog():
    rows, schema = fill_blog(), project_schema()
    references = references_of(schema)
    drawn = {each.key for each in schema.tables if each.kind is not TableKind.SWAPPED}
    assert set(rows) == drawn
    for key, row in rows.items():
        collector = Watching(router.db_for_write(type(row)))
        collector.collect([row])
        found = [
            each
            for each in consequences_of(schema, key, references=references)
            if not each.by_database
        ]
        start = references.concrete(key)
        assert {start, *of(found, Effect.DELETED)} == {
            key_of(model) for model, gone in collector.data.items() if gone
        }, key
        changed = {each.relation.key for each in found
                   if each.effect in {Effect.SET, Effect.CUSTOM}}  # fmt: skip
        assert changed == {
            f"{key_of(field.model)}.{field.name}"
            for (field, _), batches in collector.field_updates.items()
            if any(len(batch) for batch in batches)
        }, key
        stopping = [each for each in found if not each.spared]
        assert of(stopping, Effect.STOPS) == {key_of(model) for model in collector.stopped}, key


@pytest.mark.usefixtures("hashable_handlers")
@pytest.mark.django_db(databases="__all__")
def test_a_row_is_deleted_unless_something_is_said_to_stop_it():
    schema = project_schema()
    refused, stopped = set(), set()
    for key, row in fill_blog().items():
        if key == "blog.PostSummary":
            continue  # a view that groups: no row of it can be deleted
        found = consequences_of(schema, key)
        # A handler of the project's own may do anything; those of the blog set NULL.
        if any(each.effect is Effect.STOPS and not each.spared for each in found):
            stopped.add(key)
        alias = router.db_for_write(type(row))
        try:
            with transaction.atomic(using=alias):
                row.delete()
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                raise Undo
        except Undo:
            pass
        except (ProtectedError, RestrictedError, IntegrityError):
            refused.add(key)
        except models.ObjectDoesNotExist:  # pragma: no cover - says which row was lost
            pytest.fail(key)
    assert stopped >= {"blog.Account", "blog.Category", "blog.PostRow"}
    assert refused == stopped


class Undo(Exception):
    """Takes a delete back."""


def of(found: list[Consequence], effect: Effect) -> set[str]:
    return {each.table for each in found if each.effect is effect}
