"""Estimates on the pages: a line a statement with its formulas, locks, who waits longest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from modeler import permissions
from modeler.previews.estimates.estimate import Estimate, Estimated, Grounds, Held
from modeler.previews.estimates.interval import Interval
from modeler.previews.preview import Preview
from tests.modeler.web.people import person
from tests.modeler.web.preview_pages import of_migration, text_of
from tests.modeler.web.stored_previews import AX, MIGRATION, PREVIEW, keep

pytestmark = pytest.mark.django_db(databases="__all__")
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
GB = 1024.0**3


def of(lower: float, upper: float, formula: str) -> Estimated:
    return Estimated(Interval(lower, upper), formula)


BUILD = Estimate(
    ("blog_post",), 41e6, 12 * GB,
    seconds=of(240, 540, "Measured on the shadow: 1.1 s for 100,000 rows."),
    wal=of(GB, 2 * GB, "The new index is logged."),
    disk=of(2 * GB, 3 * GB, "The index has <about> 2 GB."),
    blocks=True,
    queue=of(900, 3_400, "blog_post: 5.0 scans/s × 240 s to 9 min."),
    notes=("The live table has 410 times the rows of the larger one that was measured.",),
)  # fmt: skip
CHECK = Estimate(("blog_tag",), 2e6, GB, unmeasured="The type is odd.", blocks=True)
HELD = Held("blog_post", AX, 0, 2, of(240, 540, "From statement 1 to the end."),
            of(900, 3_400, "…"), open=False)  # fmt: skip
GROUNDS = Grounds(
    exported=True, read_at=NOON - timedelta(days=9), made_at=NOON, live_version="16.2",
    shadow_version="18.4", measured=1,
)  # fmt: skip


def estimated() -> Preview:
    first, build, key = MIGRATION.forward
    migration = replace(
        MIGRATION,
        forward=(first, replace(build, estimate=BUILD), replace(key, estimate=CHECK)),
        held=(HELD,),
    )
    return replace(PREVIEW, migrations=(migration, *PREVIEW.migrations[1:]), grounds=GROUNDS)


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


WAIT = (
    "Reads and writes of blog_post wait during an index build and a foreign-key validation of "
    "blog_tag, for about 4 to 9 min; up to 3,400 queries would queue."
)


def test_the_page_of_a_migration(reader):
    got = reader.get(of_migration(keep(estimated())))
    text = text_of(got)
    assert text.count(WAIT.partition(", for")[0]) == 2  # said first, and of the bar
    assert text.count("for about 4 to 9 min; up to 3,400 queries would queue") == 2
    assert (
        "estimate: about 4 to 9 min on 41 million rows, 12 GB; up to 3,400 queries would queue "
        "Works on 41,000,000 rows, 12 GB blog_post "
        "Time 4 to 9 min Measured on the shadow: 1.1 s for 100,000 rows. "
        "Queue up to 3,400 queries would queue blog_post: 5.0 scans/s × 240 s to 9 min. "
        "Disk at the peak 2.0 GB to 3.0 GB The index has <about> 2 GB. "
        "Write-ahead log 1.0 GB to 2.0 GB The new index is logged. "
        "The live table has 410 times the rows of the larger one that was measured." in text
    )
    assert (
        "estimate: time not known, on 2 million rows, 1.0 GB Works on 2,000,000 rows, 1.0 GB "
        "blog_tag The type is odd." in text
    )
    assert "an export of statistics from 2026-02-23 12:00, 9 days before this preview." in text
    assert "The live server is PostgreSQL 16.2, the shadow 18.4" in text
    assert b"<about>" not in got.content


def test_the_list_says_who_waits_longest(reader):
    text = text_of(reader.get(reverse("modeler:preview") + f"?stored={keep(estimated()).pk}"))
    assert WAIT[1:].rstrip(".") in text
    assert "9 days before this preview." in text


def test_without_estimates_nothing_is_said_of_them(reader):
    text = text_of(reader.get(of_migration(keep())))
    assert "estimate" not in text
    assert "Sizes and traffic" not in text
