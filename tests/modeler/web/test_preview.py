"""The pages of stored previews: what they say, of whom, and what they refuse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from modeler import permissions
from modeler.models import StoredResult
from modeler.postgres.preflight.obstacle import Obstacle, ObstacleKind
from modeler.previews.statement import Statement
from modeler.reporting.finding import Finding, Level
from tests.modeler.web.people import person
from tests.modeler.web.preview_pages import of_migration, text_of
from tests.modeler.web.stored_previews import (
    COMMAND,
    KEY,
    MIGRATION,
    PREVIEW,
    keep,
    many_statements,
)

AS_TOLD = "AS : access share, everyone can read and write; some changes of the schema wait"
SRX_TOLD = "SRX : share row exclusive, everyone can read, nobody can write ◆"
pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


# ---- The list


def test_the_newest_preview_is_shown(reader):
    keep(replace(PREVIEW, notes=("An old one.",)))
    stored = keep()
    text = text_of(reader.get(reverse("modeler:preview")))
    assert "An old one." not in text
    assert f"Stored 0 minutes ago by {COMMAND}" in text
    assert (
        "2 pending migrations on 'default', run on a shadow with PostgreSQL 18.4 "
        "(your server has 16.2)." in text
    )
    assert "error × 1 warning × 1 1 finding is accepted The rules Other stored previews" in text
    assert (
        "Rows were generated. 8 of 9 empty tables of the shadow were given generated rows." in text
    )
    assert (
        "Of all migrations together warning MP701 Two leaves contradict each other. default"
        in text
    )
    assert (
        "Level Migration Longest wait Facts "
        "error blog.0002_what reads and writes of blog_post wait during an index build and a "
        "foreign-key validation of blog_tag not applied, irreversible, traced, breaks on rows "
        "no finding blog.0003_nothing no statements not applied, no transaction" in text
    )
    assert "warning MP999 It is an old one. Accepted by Kim: nobody writes at night" in text
    page = reader.get(reverse("modeler:preview")).content.decode()
    assert f'href="{of_migration(stored)}"' in page


def test_what_stood_in_the_way_on_the_live_server(reader):
    obstacle = Obstacle(
        ObstacleKind.LOCK_HOLDER,
        "blog_post",
        "A report has held a lock on it for 8 s.",
        "Wait for it.",
        (("session", "4711 <a report>"),),
        blocks=True,
    )
    known = Obstacle(ObstacleKind.STANDBY, "server", "A standby replays.")
    keep(replace(PREVIEW, obstacles=(obstacle, known)))
    text = text_of(reader.get(reverse("modeler:preview")))
    assert (
        "On the live server when this was stored "
        "in the way blog_post: A report has held a lock on it for 8 s. Wait for it. "
        "session 4711 <a report> to be known server: A standby replays. " in text
    )
    keep(replace(PREVIEW, obstacles=()))
    assert "Nothing stood in the way." in text_of(reader.get(reverse("modeler:preview")))
    keep()
    assert "On the live server" not in text_of(reader.get(reverse("modeler:preview")))


def test_a_permanent_address_shows_that_one_and_lists_the_others(reader):
    old = keep(replace(PREVIEW, notes=("An old one.",)), command="manage.py old")
    new = keep(command="manage.py new")
    page = reader.get(reverse("modeler:preview") + f"?stored={old.pk}")
    text = text_of(page)
    assert "An old one." in text and "Stored 0 minutes ago by manage.py old" in text
    listed = text[text.index("Other stored previews", text.index("Accepted findings")) :]
    assert listed.split()[3:] == "0 minutes ago manage.py new what is new since then".split()
    assert f"?stored={old.pk}&amp;with={new.pk}#difference" in page.content.decode()


def test_two_previews_beside_each_other(reader):
    first, _, last = MIGRATION.forward
    before = replace(MIGRATION, forward=(first, Statement("DROP TABLE a;", 1), last))
    gone = Finding("MP101", Level.ERROR, f"{KEY}:a", "The table a is dropped.")
    old = keep(
        replace(PREVIEW, migrations=(before,), findings=(gone, PREVIEW.findings[1]), notes=())
    )
    new = keep()
    got = reader.get(reverse("modeler:preview") + f"?stored={new.pk}&with={old.pk}")
    text = text_of(got)
    part = text[text.index("Against the preview of") : text.index("Of all migrations together")]
    assert part == (
        f"Against the preview of 0 minutes ago {COMMAND} Show that one End the comparison "
        "1 new finding error MP401 Writes to blog_post wait while the index blog_title is built. "
        "Use AddIndexConcurrently in a migration of its own. blog.0002_what:blog_post.blog_title "
        "blog/migrations/0002_what.py:14 statement CREATE INDEX blog_title ON blog_post (title); "
        "size 4 million rows Remedy: Build the index without blocking writes Python Copy the "
        "operations AddIndexConcurrently('post', models.Index(fields=['title'])) SQL Copy the "
        "statements CREATE INDEX CONCURRENTLY blog_title ON blog_post (title); "
        "1 finding is gone error MP101 The table a is dropped. blog.0002_what "
        "1 finding is in both warning MP701 Two leaves contradict each other. default "
        'Statements blog.0002_what ALTER TABLE "blog_post" ADD COLUMN "title" text; '
        '- gone: DROP TABLE a; + new: CREATE INDEX "blog_title" ON "blog_post" ("title"); '
        'ALTER TABLE "blog_post" ADD CONSTRAINT "blog_fk" FOREIGN KEY ("tag") REFERENCES '
        '"blog_tag" ("id"); '
        "1 migration is only in this preview blog.0003_nothing "
        "0 migrations have the same statements in both. "
    )


KEPT = "Of one kind and subject the newest 20 are kept."
DIGITS = "It is named by a number, in digits."


@pytest.mark.parametrize("name", ["preview", "preview_migration"])
@pytest.mark.parametrize(
    ("number", "hint"), [("999999", KEPT), ("<b>", DIGITS), ("-1", DIGITS), ("9" * 30, DIGITS)]
)
def test_an_unknown_number_is_said(reader, name, number, hint):
    keep()
    address = reverse("modeler:preview") if name == "preview" else of_migration()
    got = reader.get(address, {"stored": number})
    assert got.status_code == 404
    assert f"There is no stored migration preview '{number}'. {hint}" in text_of(got)
    assert b"<b>" not in got.content


def test_an_unknown_number_to_compare_with_is_said(reader):
    keep()
    got = reader.get(reverse("modeler:preview"), {"with": "999999"})
    assert got.status_code == 404
    assert f"There is no stored migration preview '999999'. {KEPT}" in text_of(got)


def test_an_old_format_is_said_and_the_others_stay_in_reach(reader):
    good = keep()
    StoredResult.objects.create(
        kind="preview", command="manage.py", payload={"format": "modeler.preview", "version": 1}
    )
    for address in (reverse("modeler:preview"), of_migration()):
        got = reader.get(address)
        assert got.status_code == 200
        assert "The stored preview was made by another modeler; store it again." in text_of(got)
    assert f'href="?stored={good.pk}"' in reader.get(reverse("modeler:preview")).content.decode()


def test_nothing_stored(reader):
    text = text_of(reader.get(reverse("modeler:preview")))
    assert f"Nothing is stored yet. Run this, then load the page again: {COMMAND}" in text
    got = reader.get(of_migration())
    assert got.status_code == 404
    assert (
        "There is no migration in this preview 'blog.0002_what'. No preview is stored yet."
        in text_of(got)
    )


# ---- The rules


def test_every_rule_has_a_page_and_is_listed(reader):
    from modeler.previews.hazards.rules import all_hazards

    listed = reader.get(reverse("modeler:rules")).content.decode()
    for rule in all_hazards():
        address = reverse("modeler:rule", args=[rule.code])
        assert f'href="{address}"' in listed
        text = text_of(reader.get(address))
        for heading in ("Problem", "Why", "Fix", "When to ignore"):
            assert f" {heading} " in text, rule.code
        assert "##" not in text and "```" not in text, rule.code


def test_an_unknown_rule(reader):
    got = reader.get(reverse("modeler:rule", args=["MP499"]))
    assert got.status_code == 404
    assert "There is no rule 'MP499'." in text_of(got)
    assert reader.get(reverse("modeler:rules") + "mp401/").status_code == 200


# ---- How much it costs


def test_queries_do_not_grow(reader):
    keep()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            reader.get(reverse("modeler:preview"))
        with CaptureQueriesContext(connection) as page:
            reader.get(of_migration())
        counts.append((len(seen), len(page)))
        for _more in range(6):
            keep(many_statements())
        keep()
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 12


def test_three_hundred_statements_are_all_there(reader):
    address = of_migration(keep(many_statements()), "shop.0009_many")
    got = reader.get(address)
    assert got.status_code == 200
    assert got.content.count(b'class="modeler-statement"') == 300
