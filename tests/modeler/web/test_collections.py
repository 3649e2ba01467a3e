"""Pages of collections: what is declared, what commands stored, what the queue says."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO
from unittest.mock import Mock

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from modeler import permissions
from modeler.errors import ServerError
from modeler.models import StoredResult
from modeler.mongo.fingerprint import fingerprints
from modeler.mongo.sync.install import install, uninstall
from modeler.schema import project
from modeler.web.collection_health import Health, Known
from modeler.web.project import project_schema, project_specs
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db(databases="__all__")
TODAY = object()
NASTY = "<script>alert(1)</script>"


@pytest.fixture
def reader(client, settings):
    declared = "tests.modeler.web.declared_collections.COLLECTIONS"
    settings.MODELER = {**getattr(settings, "MODELER", {}), "COLLECTIONS": declared}
    project_specs.cache_clear()
    client.force_login(person("reader", holding=permissions.READ))
    yield client
    project_specs.cache_clear()


def text_of(response) -> str:
    """The page's words, each once between blanks."""
    body = response.content.decode().partition('id="content-main"')[2] or response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def store(
    kind: str, payload: object, made_for: object = TODAY, command: str = "manage.py"
) -> None:
    StoredResult.objects.create(
        kind=kind, command=command, payload=payload,
        specifications=fingerprints(project_specs().specs) if made_for is TODAY else made_for,
    )  # fmt: skip


def test_the_list_has_what_is_declared_and_nothing_was_looked_at(reader):
    text = text_of(reader.get(reverse("modeler:collections")))
    assert "The collections that the project declares." in text
    assert "posts blog.Post comments, tag_codes, filed_in" in text
    assert text.count("never looked") == 3
    assert "Changes are not followed:" in text


def test_the_document_is_drawn_with_what_lies_in_it(reader):
    response = reader.get(reverse("modeler:collection", args=["posts"]))
    text = text_of(response)
    assert "comments array of documents blog.Comment" in text
    assert "tag_codes array of values blog.PostTag" in text
    assert "filed_in copy blog.Category" in text
    assert "comment_count long | int" in text
    svg = response.content.decode()
    for key in ("blog.Post", "blog.Comment", "blog.PostTag", "blog.Category"):
        assert reverse("modeler:table", args=[key]) in svg


def test_a_collection_is_found_by_its_table_too(reader):
    assert reader.get(reverse("modeler:collection", args=["blog.Post"])).status_code == 200


PROOF = {
    "name": "posts", "documents": 1204331, "rejected": 2, "holds": False, "unbuildable": 1,
    "rules": [{"rule": NASTY, "count": 2, "samples": [["7"]], "reason": NASTY}],
    "bytes": {"p50": 100, "p99": 2000, "max": 30000},
}  # fmt: skip
VERIFIED = {
    "name": "posts", "equal": False, "documents": 5, "differences": [
        {"fault": "stale", "key": [NASTY], "detail": ""}], "more": 2,
}  # fmt: skip
DRIFTED = {
    "name": "posts",
    "findings": [
        {"part": "live", "code": "MS305", "level": "warning", "message": NASTY, "hint": "Apply."}
    ],
}


def test_what_commands_stored_is_shown_and_escaped(reader):
    store("proof", {"collections": [{**PROOF, "sharing": 54}]})
    store("verification", {"collections": [VERIFIED]})
    store("drift", {"collections": [DRIFTED]})
    store("preflight", {"findings": [
        {"code": "MS501", "level": "error", "subject": "blog.Post.rating", "message": NASTY,
         "hint": "Mend."},
        {"code": "MS501", "level": "error", "subject": "blog.Tag.label", "message": "elsewhere",
         "hint": "Mend."},
        {"code": "MS515", "level": "error", "subject": "blog.Post", "message": "of the whole",
         "hint": "Mend."},
    ]})  # fmt: skip
    store("samples", {"collections": [{"name": "posts", "texts": [NASTY]}]})
    listed = text_of(reader.get(reverse("modeler:collections")))
    for said in (
        "2 of 1,204,331 refused, 1 impossible, 54 without a key of their own",
        "1 difference",
        "3 differ",
    ):
        assert said in listed
    response = reader.get(reverse("modeler:collection", args=["posts"]))
    assert NASTY not in response.content.decode()
    assert response.content.decode().count("&lt;script&gt;alert(1)") >= 5
    assert "elsewhere" not in text_of(response)
    assert "of the whole" in text_of(response)


GOOD = {
    "proof": {"collections": [{**PROOF, "rejected": 0, "unbuildable": 0, "holds": True,
                               "rules": []}]},
    "drift": {"collections": [{"name": "posts", "findings": []}]},
    "verification": {"collections": [{**VERIFIED, "equal": True, "differences": [], "more": 0}]},
    "preflight": {"findings": []},
    "samples": {"collections": [{"name": "posts", "texts": ["{ _id: 1 }"]}]},
}  # fmt: skip
COMMANDS = {
    "proof": "manage.py collection_specs --prove --store",
    "drift": "manage.py collection_specs --drift --store",
    "verification": "manage.py sync_collections --verify --store",
    "preflight": "manage.py collection_specs --preflight --store",
    "samples": "manage.py collection_specs --samples 3 --store",
}
NOTHING_FOUND = "The preflight found nothing that documents could not hold."


def ticks(response) -> int:
    return response.content.decode().count('"modeler-good"')


def pages(reader) -> tuple[object, object]:
    """The list, and the page of the one collection."""
    return (
        reader.get(reverse("modeler:collections")),
        reader.get(reverse("modeler:collection", args=["posts"])),
    )


def test_what_was_found_of_todays_specification_has_its_ticks(reader):
    for kind, payload in GOOD.items():
        store(kind, payload, command=COMMANDS[kind])
    listed, one = pages(reader)
    assert (ticks(listed), ticks(one)) == (3, 3)
    for response in (listed, one):
        assert "older specification" not in text_of(response)
    assert NOTHING_FOUND in text_of(one)


@pytest.mark.parametrize(
    "made_for",
    [None, {}, {"posts": "0123456789abcdef"}, {"others": "0123456789abcdef"}, ["posts"], 1],
    ids=["stored by an older modeler", "of none", "changed since", "of others", "a list", "one"],
)
def test_what_was_found_of_an_older_specification_has_none(reader, made_for):
    for kind, payload in GOOD.items():
        store(kind, payload, made_for, COMMANDS[kind])
    listed, one = pages(reader)
    assert (ticks(listed), ticks(one)) == (0, 0)
    for response in (listed, one):
        said = text_of(response)
        assert said.count("of an older specification") >= 3
        assert "may not hold any more. Run again:" in said
        for kind in ("proof", "drift", "verification"):
            assert COMMANDS[kind] in said.partition("Run again:")[2]
    assert NOTHING_FOUND not in text_of(one)


def test_only_what_is_outdated_is_asked_for_again(reader):
    for kind in ("proof", "verification"):
        store(kind, GOOD[kind], command=COMMANDS[kind])
    store("drift", GOOD["drift"], {"posts": "0123456789abcdef"}, COMMANDS["drift"])
    for response in pages(reader):
        assert ticks(response) == 2
        notice = response.content.decode().partition("modeler-look-again")[2].partition("</div>")
        assert COMMANDS["drift"] in notice[0]
        assert COMMANDS["proof"] not in notice[0]


def test_a_changed_declaration_takes_the_ticks_and_the_command_brings_them_back(reader, settings):
    """As it happens: stored by a command, then the declaration is changed, then stored again."""

    def samples() -> None:
        call_command("collection_specs", "posts", "--samples", "1", "--store", stderr=StringIO(),
                     stdout=StringIO())  # fmt: skip

    older = "Samples of an older specification"
    samples()
    assert older not in text_of(pages(reader)[1])
    declared = "tests.modeler.web.declared_collections.WITHOUT_FIGURE"
    settings.MODELER = {**settings.MODELER, "COLLECTIONS": declared}
    project_specs.cache_clear()
    assert older in text_of(pages(reader)[1])
    samples()
    assert older not in text_of(pages(reader)[1])


def test_a_preflight_of_others_says_nothing_of_a_collection(reader):
    store("preflight", {"findings": []}, {"others": "0123456789abcdef"})
    said = text_of(pages(reader)[1])
    assert NOTHING_FOUND not in said
    assert "older specification" not in said


@pytest.mark.parametrize(
    "payload",
    [
        [],
        {},
        {"collections": 1, "findings": 1},
        {"collections": [1]},
        {"collections": [{"name": "posts"}]},
    ],
)
def test_what_another_modeler_stored_breaks_no_page(reader, payload):
    for kind in ("proof", "verification", "drift", "samples", "preflight"):
        store(kind, payload)
    for address in (reverse("modeler:collections"), reverse("modeler:collection", args=["posts"])):
        assert reader.get(address).status_code == 200


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_queue_of_this_moment_is_shown(reader):
    install(connection, project_schema(), project_specs().specs)
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO modeler_sync_queue (watch, key) VALUES ('posts', '{1}')")
            cursor.execute("INSERT INTO modeler_sync_dead VALUES ('posts', '{7}', 'no room', 6)")
        listed = text_of(reader.get(reverse("modeler:collections")))
        assert re.search(r"All changes are seen 1 change waits, the oldest for \d+ ms 1 d", listed)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE modeler_sync_queue SET at = at - interval '5 minutes'")
        late = text_of(reader.get(reverse("modeler:collections")))
        assert "the oldest for 5 min Is a worker at work? manage.py sync_collections" in late
        assert "1 document was given up" in listed
        page = text_of(reader.get(reverse("modeler:collection", args=["posts"])))
        assert "Documents that were given up 7 no room" in page
    finally:
        uninstall(connection)


def test_the_design_has_a_card_for_every_relation_of_an_app(reader):
    everything = reader.get(reverse("modeler:design"))
    assert "From the models alone; nobody counted any rows." in text_of(everything)
    of_blog = reader.get(reverse("modeler:design") + "?app=blog").content.decode()
    assert 'id="blog.Comment.post"' in of_blog
    assert 'id="auth.' not in of_blog
    assert "Declared in code" in of_blog


def test_a_setting_that_cannot_be_used_is_said(reader, settings):
    settings.MODELER = {**settings.MODELER, "COLLECTIONS": "tests.nowhere.COLLECTIONS"}
    project_specs.cache_clear()
    for name in ("collections", "design", "cockpit"):
        response = reader.get(reverse(f"modeler:{name}"))
        assert response.status_code == 200, name
        assert "tests.nowhere.COLLECTIONS" in text_of(response)


def test_a_database_that_cannot_be_asked_is_told_and_asked_again(reader, monkeypatch):
    """Of unmanaged models it alone knows the rules."""
    told = "rules and types of the database default: gone"
    with monkeypatch.context() as patch:
        patch.setattr(project, "read_database", Mock(side_effect=ServerError("gone")))
        project_specs.cache_clear()
        assert told in text_of(reader.get(reverse("modeler:collections")))
    assert told not in text_of(reader.get(reverse("modeler:collections")))
    assert project_specs().schema.table("blog.PostRow").informed


def test_what_a_service_writes_is_not_looked_at_for_being_in_step(reader):
    posts = project_specs().specs[0]
    nothing = Health({}, None, {})
    assert nothing.verification(posts).text == "never looked"
    own = replace(posts, aggregate=replace(posts.aggregate, follow=False))
    assert nothing.verification(own) == Known(None, "not followed")
    assert nothing.verification(replace(posts, key=())) == Known(None, "not followed")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"rows": 120, "documents": 66}, "120 rows, 66 documents"),
        ({"rows": 5, "documents": 5}, "sums differ"),
        ({"rows": 5, "documents": 5, "more": 1}, "1 differs"),
    ],
)
def test_what_differs_without_a_document_that_does(reader, found, said):
    store("verification", {"collections": [{**VERIFIED, "differences": [], "more": 0, **found}]})
    assert said in text_of(reader.get(reverse("modeler:collections")))
