"""The page of a migration in a stored preview."""

from __future__ import annotations

import re
from dataclasses import replace

import django
import pytest
from django.urls import reverse

from modeler import permissions
from modeler.previews.preview import OperationPreview
from modeler.previews.replay.replay import Coverage, DeployOrder, Order, Replay
from modeler.previews.statement import Statement
from modeler.reporting.finding import Remedy
from tests.modeler.web.people import person
from tests.modeler.web.preview_pages import of_migration, text_of
from tests.modeler.web.stored_previews import (
    COMMAND,
    INDEX_FINDING,
    MIGRATION,
    PREVIEW,
    REPLAY,
    keep,
)

AS_TOLD = "AS : access share, everyone can read and write; some changes of the schema wait"
SRX_TOLD = "SRX : share row exclusive, everyone can read, nobody can write ◆"
pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


def test_an_unknown_migration_names_the_nearest(reader):
    stored = keep()
    got = reader.get(of_migration(stored, "blog.0002_wha"))
    assert got.status_code == 404
    assert (
        "There is no migration in this preview 'blog.0002_wha'. Did you mean blog.0002_what?"
        in text_of(got)
    )
    assert f'href="{reverse("modeler:preview")}?stored={stored.pk}"' in got.content.decode()
    assert reader.get(of_migration(stored, "blogs.0002_what")).status_code == 404


def test_what_is_said_first(reader):
    text = text_of(reader.get(of_migration(keep())))
    assert (
        "error not applied one transaction irreversible traced blog/migrations/0002_what.py "
        f"Stored 0 minutes ago by {COMMAND} "
        "Failed on generated rows that the schema allows: duplicate key value "
        "Reads and writes of blog_post wait during an index build and a foreign-key validation "
        "of blog_tag. " in text
    )
    assert "blog.0003_nothing →" in text


def test_the_timeline_as_a_table(reader):
    page = reader.get(of_migration(keep())).content.decode()
    table = page[page.index('<table class="tl">') :]
    table = table[: table.index("</table>")]
    rows = []
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL):
        cells = re.findall(r"<(?:th|td)([^>]*)>(.*?)</(?:th|td)>", row, re.DOTALL)
        rows.append(
            [
                (
                    int((re.findall(r'colspan="(\d+)"', how) or ["1"])[0]),
                    " ".join(re.sub(r"<[^>]*>", " ", inner).split()),
                )
                for how, inner in cells
            ]
        )
    assert rows == [
        [(1, "Transaction"), (3, "1")],
        [
            (1, "Operation"), (1, "1. Add field title to post"),
            (1, "2. Create index blog_title on post"), (1, "at the end"),
        ],
        [(1, "Statement"), (1, "statement 1"), (1, "statement 2"), (1, "statement 3")],
        [(1, "Work that grows with rows"), (1, ""), (1, "index build"), (1, "key check")],
        [
            (1, "blog_post"), (1, "AX : access exclusive, nobody can read or write"), (1, "◆"),
            (1, "◆"),
        ],
        [(1, "blog_post_pkey index"), (1, ""), (2, AS_TOLD)],
        [(1, "blog_tag"), (2, ""), (1, SRX_TOLD)],
        [(1, "blog_user"), (1, ""), (2, AS_TOLD)],
    ]  # fmt: skip
    assert re.findall(r'<tr class="tl-row tl-(\w+)"', table) == ["heavy", "part", "heavy", "light"]


def test_the_timeline_in_words(reader):
    text = text_of(reader.get(of_migration(keep())))
    part = text[text.index("Locks in words") : text.index("Findings error MP401")]
    assert part == (
        "Locks in words Relation Lock Held over Why Meanwhile "
        "blog_post access exclusive : nobody can read or write statements 1–3 "
        "a column is added (title) Reads and writes of blog_post wait during an index build and a "
        "foreign-key validation of blog_tag. "
        "blog_post_pkey index access share statements 2–3 it is read "
        "blog_user access share : everyone can read and write; some changes of the schema wait "
        "statements 2–3 it is read An index build of blog_post and a foreign-key validation of "
        "blog_tag; readers and writers go on. "
        "blog_tag share row exclusive : everyone can read, nobody can write statement 3 "
        "Writes to blog_tag wait during a foreign-key validation. "
    )


def test_findings_with_rule_evidence_and_remedy(reader):
    page = reader.get(of_migration(keep()))
    text = text_of(page)
    assert "error MP401 Writes to blog_post wait while the index blog_title is built." in text
    assert "Accepted by Kim: nobody writes at night" in text
    html = page.content.decode()
    assert f'<a href="{reverse("modeler:rule", args=["MP401"])}">MP401</a>' in html
    assert 'data-copy="finding-operations-1"' in html and 'id="finding-operations-1"' in html
    assert 'data-copy="finding-sql-1"' in html and 'id="finding-sql-1"' in html
    # A code that this modeler has no rule for leads nowhere.
    assert "MP999" in html and reverse("modeler:rule", args=["MP999"]) not in html


def test_a_remedy_of_several_findings_is_shown_once_as_a_diff(reader):
    diff = "--- a/x.py\n+++ b/x.py\n@@ -1 +1,2 @@\n-old <b>\n+new\n same\n"
    remedy = Remedy("Do it in two", ("one", "two"), diff=diff)
    first = replace(INDEX_FINDING, remedy=remedy)
    second = replace(first, code="MP202", message="Another.")
    page = reader.get(of_migration(keep(replace(PREVIEW, findings=(first, second)))))
    html = page.content.decode()
    lines = re.findall(r'<span class="modeler-patch-(\w+)">(.*)\n</span>', html)
    assert lines == [
        ("file", "--- a/x.py"),
        ("file", "+++ b/x.py"),
        ("place", "@@ -1 +1,2 @@"),
        ("old", "-old &lt;b&gt;"),
        ("new", "+new"),
        ("same", " same"),
    ]
    assert 'href="#finding-1"' in html and "It is the one of finding 1." in html


def test_rules_and_trace_side_by_side_with_what_they_disagree_on(reader):
    text = text_of(reader.get(of_migration(keep())))
    assert (
        "Rules and measurement disagree in 1 place. The measurement is right; the rule is to be "
        "mended." in text
    )
    assert (
        "3 effects, 1 disagreement Effect By rules Measured "
        "share row exclusive on blog_post a foreign key is added yes yes "
        "share row exclusive on blog_tag – yes the rules missed it "
        "foreign-key validation of blog_tag (blog_fk) the new foreign key is checked yes yes"
        in text
    )
    assert "1 effect, rules and measurement agree" in text


def test_the_way_back(reader):
    text = text_of(reader.get(of_migration(keep())))
    part = text[text.index("The way back Undone") : text.index("Change of the model", 3000)]
    assert part.startswith(
        "The way back Undone and done again on the shadow: left by the reverse: added index: "
        "blog_post.blog_title lost by the reverse: 3 of 3 rows of blog_post Backward statements "
        '1. Add field title to post ALTER TABLE "blog_post" DROP COLUMN "title"; '
        "3. Raw Python no reverse"
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reversal": None, "reversible": True}, "It was not tried; --trace does."),
        ({"reversal": None}, "It cannot be undone."),
        ({"error": "no such table"}, "Failed on the shadow: no such table"),
        ({"forward": ()}, "It sends no statements."),
        ({"operations": (), "forward": ()}, "It has no operations."),
        (
            {"forward": (Statement("SELECT 1;", 0),)},
            "No lock on anything that was there before: nobody waits.",
        ),
        ({"replaces": ("blog.0001_initial",)}, "replaces 1 migration"),
        ({"forward": (Statement("X;", 7),)}, "Statement 1 transaction 1 X;"),
    ],
)
def test_other_states(reader, change, sentence):
    stored = keep(replace(PREVIEW, migrations=(replace(MIGRATION, **change),)))
    assert sentence in text_of(reader.get(of_migration(stored)))


@pytest.mark.skipif(django.VERSION < (5, 0), reason="its models are computed by the database")
def test_the_change_of_the_model_as_a_picture(reader):
    name = "0002_what_is_computed"
    stored = keep(replace(PREVIEW, migrations=(replace(MIGRATION, name=name),)))
    got = reader.get(of_migration(stored, f"blog.{name}"))
    page = got.content.decode()
    part = page[page.index('id="models"') :]
    assert "<svg" in part and "What blog.0002_what_is_computed changes" in part
    assert "Blog: Invoice added" in text_of(got)
    assert "Post" not in re.findall(r"<dt>(.*?)<span", part)  # it was there before
    assert (
        "compare=migrations%3Ablog.0001_what_people_write..migrations%3Ablog.0002_what_is_computed"
        in part
    )


@pytest.mark.parametrize(("app", "name"), [("blog", "0099_gone"), ("nosuchapp", "0001_initial")])
def test_a_migration_that_the_project_has_no_more(reader, app, name):
    gone = replace(MIGRATION, app=app, name=name)
    stored = keep(replace(PREVIEW, migrations=(gone,)))
    text = text_of(reader.get(of_migration(stored, f"{app}.{name}")))
    assert (
        f"{app}.{name} is not among the project's migrations now, so that its change of the model "
        "cannot be shown." in text
    )


def test_names_are_escaped_everywhere(reader):
    bad = "<b onclick=x>'\"&</b>"
    finding = replace(
        INDEX_FINDING, subject=f"blog.{bad}:{bad}", message=bad, hint=bad, evidence=((bad, bad),),
        place=replace(INDEX_FINDING.place, file=bad),
        remedy=replace(INDEX_FINDING.remedy, title=bad, operations=(bad,), sql=(bad,)),
    )  # fmt: skip
    first = MIGRATION.forward[0]
    nasty = replace(first.effects.locks[0], relation=bad, cause=bad)
    migration = replace(
        MIGRATION,
        name=bad,
        file=bad,
        error=bad,
        broken_by_rows=bad,
        operations=(OperationPreview(bad, bad, bad, bad),),
        forward=(
            replace(first, sql=bad, error=bad, effects=replace(first.effects, locks=(nasty,)),
                    trace=None),
        ),
        reversal=replace(MIGRATION.reversal, left=(bad,), lost=(bad,)),
    )  # fmt: skip
    stored = keep(
        replace(
            PREVIEW, database=bad, asked=bad, notes=(bad,), migrations=(migration,),
            findings=(finding, replace(finding, subject=bad)),
        ),
        command=bad,
    )  # fmt: skip
    other = keep(replace(PREVIEW, findings=(), migrations=(replace(migration, forward=()),)))
    for address, query in (
        (reverse("modeler:preview"), {"stored": stored.pk, "with": other.pk}),
        (reverse("modeler:preview_migration", args=["blog", bad]), {"stored": stored.pk}),
    ):
        got = reader.get(address, query)
        assert got.status_code == 200
        assert b"<b onclick" not in got.content
        assert b"&lt;b onclick=x&gt;&#x27;&quot;&amp;&lt;/b&gt;" in got.content


# ---- Old code on the new schema, and the other way round


DEPLOY = (
    "Order of deploy: code first "
    "Code that still runs cannot insert blog.Post: column title must have a value. "
    "While old and new code run side by side: "
    "New code and rows written before the migration, blog.Tag: it is NULL. "
    "1 thing that breaks, and what the server said "
    "Code that still runs cannot insert blog.Post: column title must have a value. "
    '23502 null value in column "title" '
    "8 of 9 models were read, inserted, updated and deleted. "
    "1 thing was not tried blog.Note insert: no rows could be made"
)


def test_the_order_of_deploy_and_what_breaks(reader):
    careful = replace(MIGRATION, replay=REPLAY)
    stored = keep(replace(PREVIEW, migrations=(careful,), replay=REPLAY))
    text = text_of(reader.get(reverse("modeler:preview")))
    assert DEPLOY in text
    assert (
        "during an index build and a foreign-key validation of blog_tag code first , not" in text
    )
    assert DEPLOY in text_of(reader.get(of_migration(stored)))


def test_where_not_all_was_tried_nothing_is_promised(reader):
    some = Replay((), DeployOrder(Order.EITHER), Coverage(9, 2, ("blog.Note insert: no rows",)))
    stored = keep(replace(PREVIEW, migrations=(replace(MIGRATION, replay=some),)))
    text = text_of(reader.get(reverse("modeler:preview")))
    assert "no break found, not applied" in text
    text = text_of(reader.get(of_migration(stored)))
    assert "Nothing breaks" not in text
    assert "2 of 9 models were read, inserted, updated and deleted." in text


def test_many_reasons_are_cut_and_listed_below(reader):
    reasons = tuple(f"Reason {number}." for number in range(9))
    many = replace(REPLAY, order=DeployOrder(Order.NEITHER, reasons))
    stored = keep(replace(PREVIEW, migrations=(replace(MIGRATION, replay=many),)))
    text = text_of(reader.get(of_migration(stored)))
    assert "Reason 4. … 9 in all; they are listed below. 1 thing that breaks" in text


def test_a_deploy_in_any_order(reader):
    fine = Replay((), DeployOrder(Order.EITHER), Coverage(9, 9))
    stored = keep(replace(PREVIEW, migrations=(replace(MIGRATION, replay=fine),)))
    text = text_of(reader.get(reverse("modeler:preview")))
    assert "deploy in any order, not applied" in text
    assert "Order of deploy:" not in text
    assert (
        "Order of deploy: either Nothing breaks: the code before it works after it, and the other "
        "way round. 9 of 9 models were read, inserted, updated and deleted."
        in text_of(reader.get(of_migration(stored)))
    )
