"""The fast path by tokens against the parser, and what is left without the parser."""

from __future__ import annotations

import sys

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.expressions import Window
from django.db.models.functions import Coalesce, Lower, RowNumber
from django.test.utils import CaptureQueriesContext

from modeler.previews.sql.calls import called_functions
from modeler.previews.sql.commands import Query, Unread
from modeler.previews.sql.definitions import Name
from modeler.previews.sql.parsed_queries import parsed_query
from modeler.previews.sql.plain_queries import plain_query
from modeler.previews.sql.reader import read_statements, split_statements
from modeler.schema.sql_tokens import lenient_tokens
from tests.modeler.previews.sql.cases_of import cases

WORDS = ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "(")
QUERIES = [statement for statement, _ in cases() if statement.startswith(WORDS)]

UNKNOWN_TO_PARSER = ("CURRENT OF", "SET (a, b) = (", "OVERRIDING")


def plain_and_parsed(statement: str) -> tuple[Query | None, object]:
    found = lenient_tokens(statement)
    return plain_query(statement, found), parsed_query(statement, found)


def test_plain_reading_equals_parsing_on_the_cases():
    plain = 0
    for statement in QUERIES:
        if any(words in statement for words in UNKNOWN_TO_PARSER):
            continue
        fast, parsed = plain_and_parsed(statement)
        plain += fast is not None
        assert fast in {None, parsed}, statement
    assert plain > len(QUERIES) / 2


def write_and_read() -> None:
    """Use the ORM in every way that migrations do."""
    types = ContentType.objects.all()
    kind = types.create(app_label="a", model="b")
    made = Permission.objects.bulk_create(
        [Permission(name=str(n), codename=str(n), content_type=kind) for n in range(3)]
    )
    Permission.objects.bulk_create(made, ignore_conflicts=True)
    Permission.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["id"], update_fields=["name"]
    )
    group = Group.objects.create(name="g")
    group.permissions.add(*made)
    group.permissions.remove(made[0])
    Permission.objects.filter(content_type__app_label="a").update(name=Lower("codename"))
    Permission.objects.bulk_update(made, ["name"])
    Permission.objects.update(name=F("codename"))
    Group.objects.update_or_create(name="g", defaults={"name": "h"})
    list(Group.objects.select_for_update(of=("self",)).filter(permissions__name="x"))
    list(Permission.objects.select_for_update(skip_locked=True).select_related("content_type")[:5])
    latest = Permission.objects.filter(content_type=OuterRef("pk")).order_by("-pk").values("pk")
    some = Count("permission", filter=Q(permission__name="x"))
    list(types.annotate(n=some, top=Subquery(latest[:1])))
    list(types.filter(~Exists(latest), Q(model__icontains="x") | Q(pk__in=[1, 2])))
    list(types.annotate(row=Window(RowNumber(), partition_by="app_label", order_by="model")))
    list(types.filter(pk=1).union(types.filter(pk=2)))
    list(types.annotate(t=Coalesce("app_label", Value("x"))).values_list("t").distinct())
    types.filter(app_label="a").aggregate(n=Count("*"))
    types.filter(model="zz").exists()
    types.exclude(permission__name="x").in_bulk()
    Permission.objects.filter(content_type__in=types.filter(model="zz")).delete()
    kind.delete()
    Group.objects.all().delete()


@pytest.mark.django_db
def test_plain_reading_equals_parsing_on_what_the_orm_sends():
    with CaptureQueriesContext(
        connection,
    ) as captured:
        write_and_read()
    statements = [text for query in captured for text in split_statements(query["sql"])]
    read = [plain_and_parsed(text) for text in statements if text.startswith(WORDS)]
    assert len(read) > 30
    plain = [(fast, parsed) for fast, parsed in read if fast is not None]
    assert len(plain) > 0.9 * len(read)
    assert [(fast, parsed) for fast, parsed in plain if fast != parsed] == []


@pytest.mark.parametrize(
    ("statement", "functions"),
    [
        ("SELECT nextval('s'), s.f(1), \"F\"(2), now() AT TIME ZONE lower(x)",
         ("nextval", "s.f", "f", "now", "lower")),
        ("INSERT INTO t (a) VALUES (random())", ("random",)),
        ("WITH x (a) AS (SELECT 1) SELECT x.a::numeric(10, 2), CAST(b AS varchar(3)) FROM x", ()),
        ("SELECT * FROM f(1) AS t (a, b), g(2) u (c) WHERE a IN (1) AND (b) IS NULL", ("f", "g")),
        ("SELECT count(*) OVER (ORDER BY a) FROM t WHERE NOT exists (SELECT 1)", ("count",)),
    ],
)  # fmt: skip
def test_functions_that_are_called(statement: str, functions: tuple[str, ...]):
    assert called_functions(lenient_tokens(statement)) == functions


@pytest.fixture
def no_parser(monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlglot", None)


def test_without_the_parser_plain_statements_are_read(no_parser):
    assert read_statements("UPDATE a SET b = 1 WHERE c IN (SELECT d FROM e); TABLE f") == (
        Query("update", (Name("a"),), (Name("e"),), filtered=True, columns=("b",)),
        Unread(
            "a statement of this shape is read by the package sqlglot, which is not installed; "
            "install django-modeler[previews]"
        ),
    )


def test_without_the_parser_a_view_s_query_is_unknown(no_parser):
    (view,) = read_statements("CREATE VIEW v AS TABLE t")
    assert (view.name, view.query, view.text) == (Name("v"), None, "TABLE t")


def test_deep_brackets_end_in_words():
    for statement in (f"SELECT {'(' * 5000}1{')' * 5000}", f"TABLE t UNION ({'(' * 5000}"):
        (read,) = read_statements(statement)
        assert isinstance(read, Unread | Query)
