"""The pages of stored previews: what they say, of whom, and what they refuse."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape

import django
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from modeler import permissions
from modeler.models import StoredResult
from modeler.previews.preview import OperationPreview
from modeler.previews.replay.replay import Coverage, DeployOrder, Order, Replay
from modeler.previews.statement import Statement
from modeler.reporting.finding import Finding, Level
from tests.modeler.web.people import person
from tests.modeler.web.stored_previews import (
    COMMAND,
    INDEX_FINDING,
    KEY,
    MIGRATION,
    PREVIEW,
    REPLAY,
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


def text_of(response) -> str:
    """Return a page's words in one line, without those of the frame."""
    page = response.content.decode()
    room = page[page.index('class="modeler-rooms"') :]
    room = re.sub(r"<(script|style).*?</\1>", " ", room, flags=re.DOTALL)
    return " ".join(
        unescape(re.sub(r"<wbr>|</?(b|small|strong)>", "", room)).split()
    ) and " ".join(unescape(re.sub(r"<[^>]*>", " ", re.sub(r"<wbr>", "", room))).split())


def of_migration(stored: StoredResult | None = None, key: str = KEY, **query: str) -> str:
    asked = {"stored": str(stored.pk)} if stored else {}
    pairs = "&".join(f"{name}={value}" for name, value in {**asked, **query}.items())
    return reverse("modeler:preview_migration", args=key.split(".")) + (
        f"?{pairs}" if pairs else ""
    )


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


# ---- The page of a migration


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


def test_three_hundred_statements_cost_less_than_a_third_of_a_second(reader):
    address = of_migration(keep(many_statements()), "shop.0009_many")
    assert reader.get(address).status_code == 200  # templates and migrations are read
    spent = []
    for _ in range(3):
        start = time.process_time()
        got = reader.get(address)
        spent.append(time.process_time() - start)
    assert got.content.count(b'class="modeler-statement"') == 300
    assert min(spent) < 0.3, spent
