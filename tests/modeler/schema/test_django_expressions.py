"""Conditions of Django, what PostgreSQL makes of them, and their trees all judge rows alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import Case, CheckConstraint, F, Func, IntegerField, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Length, Lower, Upper
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from modeler.schema.django_expressions import read_condition, read_value_expression
from modeler.schema.expression import Opaque, is_opaque
from modeler.schema.registry import read_registry
from modeler.schema.sql_expressions import read_sql
from modeler.schema.sql_text import sql_text
from tests.blog.models import Attachment, Post, Session
from tests.blog.versions import CHECK

TEXTS = st.sampled_from(["", "a", "A%", "draft", "live", "x'y", "_b", "é\\"])
MOMENTS = st.sampled_from(
    [datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 6, 5, 4, 3, tzinfo=UTC)]
)
RATINGS = st.sampled_from([Decimal("0"), Decimal("1.50"), Decimal("-3.25"), Decimal("100")])
TEXT_LOOKUPS = [
    "exact", "iexact", "contains", "icontains", "startswith", "endswith", "istartswith", "gt",
    "lte",
]  # fmt: skip
LEAVES = st.one_of(
    st.builds(lambda f, k, v: Q(**{f"{f}__{k}": v}), st.sampled_from(["title", "status", "body"]),
              st.sampled_from(TEXT_LOOKUPS), TEXTS),
    st.builds(lambda v: Q(status__in=v), st.lists(TEXTS, min_size=1, max_size=3)),
    st.builds(lambda k, v: Q(**{f"rating__{k}": v}), st.sampled_from(["exact", "gt", "lt", "gte"]),
              RATINGS),
    st.builds(lambda low, high: Q(rating__range=(low, high)), RATINGS, RATINGS),
    st.builds(lambda k, v: Q(**{f"published_from__{k}": v}), st.sampled_from(["gt", "lte"]),
              MOMENTS),
    st.builds(lambda f, v: Q(**{f"{f}__isnull": v}),
              st.sampled_from(["rating", "published_from", "published_until"]), st.booleans()),
    st.sampled_from([
        Q(published_until__gt=F("published_from")), Q(title=F("slug")),
        Q(rating__gt=F("rating") * 2 - 1), Q(title=Lower("title")), Q(title__length__gt=2),
        Q(rating=Case(When(status="live", then=Value(Decimal("1.50"))), default=F("rating"))),
        Q(title=Coalesce(Upper("body"), "status")), Q(title__regex=r"^[a-z]+$"),
        Q(title__iregex="^A"), Q(published_from__year=2020),
    ]),
)  # fmt: skip
CONDITIONS = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(lambda a, b: a & b, below, below),
        st.builds(lambda a, b: a | b, below, below),
        below.map(lambda a: ~a),
    ),
    max_leaves=5,
)


@pytest.fixture
def probe(db: None) -> dict[str, str]:
    """A table of rows with every corner, and the types of its columns."""
    from django.db.models import CharField

    CharField.register_lookup(Length)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TEMP TABLE probe (title varchar(120), slug varchar(60), body text,
                status varchar(10), rating numeric(5,2), published_from timestamptz,
                published_until timestamptz);
            INSERT INTO probe
            SELECT t, 'a', b, s, r, f, u
            FROM unnest(ARRAY['', 'a', 'A%', 'x''y']) t, unnest(ARRAY['DRAFT', 'é\\']) b,
                 unnest(ARRAY['draft', 'live', 'a_b']) s,
                 unnest(ARRAY[NULL, 1.5, -3.25, 100]::numeric[]) r,
                 unnest(ARRAY[NULL, '2020-01-01Z']::timestamptz[]) f,
                 unnest(ARRAY[NULL, '2024-06-05 04:03Z']::timestamptz[]) u;
            """
        )
    table = read_registry().table("blog.Post")
    yield {column.name: column.database_type for column in table.columns}
    CharField._unregister_lookup(Length)


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(condition=CONDITIONS)
@example(condition=Q(title__exact="A%"))
def test_a_condition_its_tree_and_what_the_server_prints_judge_alike(
    probe: dict[str, str], condition: Q
) -> None:
    constraint = CheckConstraint(**{CHECK: condition, "name": "probed"})
    with connection.schema_editor(collect_sql=True) as editor:
        sent = constraint._get_check_sql(Post, editor)
        if "%%" in editor.quote_value("%"):
            # An older Django doubles percent signs; the driver halves them when it sends.
            sent %= ()
    ours = read_condition(condition, Post, connection, probe)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE probe ADD CONSTRAINT probed CHECK ({sent}) NOT VALID")
        cursor.execute(
            "SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint "
            "WHERE conrelid = 'probe'::regclass AND conname = 'probed'"
        )
        printed = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE probe DROP CONSTRAINT probed")
        theirs = read_sql(printed, types=probe)
        cursor.execute(f"SELECT ({sent}), ({sql_text(ours)}), ({sql_text(theirs)}) FROM probe")
        judged = cursor.fetchall()
    assert not is_opaque(ours), ours
    assert not is_opaque(theirs), theirs
    assert [row for row in judged if len(set(row)) > 1] == []


class Shout(Func):
    """A function of the project's own."""

    function = "SHOUT"
    output_field = IntegerField()


@pytest.mark.parametrize(
    ("model", "condition", "sql"),
    [
        (Post, ~Q(rating=1), "NOT (rating = 1::numeric AND rating IS NOT NULL)"),
        (Post, Q(owner=3), "owner_id = 3"),
        (Post, Q(owner__isnull=True), "owner_id IS NULL"),
        (Post, Q(pk__in=[1, 2]), "id IN (1, 2)"),
        (Post, Q(title__startswith="50%"), r"title LIKE '50\%%'"),
        (Session, Q(data__device__os="x"), """data -> 'device' -> 'os' = '"x"'::jsonb"""),
        (Session, Q(data__tags__0=1), "data -> 'tags' -> 0 = '1'::jsonb"),
        (Session, Q(data__has_key="a"), "data ? 'a'"),
        (Session, Q(data__contains={"a": 1}), """data @> '{"a": 1}'::jsonb"""),
        (Session, Q(ip__isnull=False), "ip IS NOT NULL"),
        (Attachment, Q(price__gt=F("number") + 1), "price > number + 1"),
        (Post, Q(rating__gt=Shout("title")), "rating > shout(title)"),
    ],
)
def test_what_django_means(model: Any, condition: Q, sql: str) -> None:
    types = {c.name: c.database_type for c in read_registry().table(model._meta.label).columns}
    assert sql_text(read_condition(condition, model, connection, types)) == sql


@pytest.mark.parametrize(
    ("value", "sql"),
    [
        (Lower("title"), "lower(title)"),
        (F("rating") * Value(2), "rating * 2"),
        (Value("it's"), "'it''s'"),
        (Coalesce("body", Value("")), "coalesce(body, '')"),
        (3, "3"),
    ],
)
def test_values(value: Combinable, sql: str) -> None:
    types = {"title": "character varying(120)"}
    assert sql_text(read_value_expression(value, Post, connection, types)) == sql


def test_what_django_cannot_compile_is_opaque_with_the_reason() -> None:
    found = read_condition(Q(nowhere=1), Post, connection)
    assert isinstance(found, Opaque)
    assert found.language == "python"
    assert found.reason.startswith("Django cannot compile it here: FieldError: Cannot resolve")
