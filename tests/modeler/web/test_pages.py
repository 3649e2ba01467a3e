"""Every page, by everyone: what it shows, and whom it refuses."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from modeler import permissions
from modeler.models import SavedView, StoredResult
from modeler.previews.encoding import to_document
from modeler.previews.preview import MigrationPreview, Preview
from modeler.urls import urlpatterns
from modeler.web.project import project_schema, project_specs
from tests.modeler.web.people import person

pytestmark = pytest.mark.django_db(databases="__all__")


PREVIEW = Preview(
    database="default",
    asked="pending",
    together=True,
    nothing_pending=False,
    server_version="18.4",
    migrations=(
        MigrationPreview(
            app="blog", name="0001_initial", applied=True, atomic=True, reversible=True
        ),
    ),
)
# What only takes what is sent to it.
SENT = {"arrange", "snapshots"}
# What needs a permission beside that of reading.
FURTHER = {"snapshots": permissions.STORE}


def addresses() -> list[str]:
    """Return one address of every page; a new pattern with an argument must be added here."""
    view, _ = SavedView.objects.get_or_create(name="for all", shared=True)
    table = project_schema().tables[0].key
    store("preview", to_document(PREVIEW))
    arguments = {
        "collection": [project_specs().specs[0].table],
        "view": [view.pk],
        "table": [table],
        "panel": [table],
        "steps": ["blog"],
        "export": ["svg"],
        "rule": ["MP401"],
        "preview_migration": ["blog", "0001_initial"],
    }
    found = []
    for pattern in urlpatterns:
        try:
            found.append(reverse(f"modeler:{pattern.name}", args=arguments.get(pattern.name, [])))
        except NoReverseMatch:
            pytest.fail(f"{pattern.name} needs an example in arguments")
    return found


@pytest.fixture
def reader(client):
    client.force_login(person("reader", holding=permissions.READ))
    return client


def test_every_page_asks_for_a_permission():
    assert all(pattern.callback.permission for pattern in urlpatterns)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 302),
        ({"staff": False}, 302),
        ({"staff": False, "holding": permissions.READ}, 302),
        ({"staff": True}, 403),
        ({"staff": True, "holding": permissions.STORE}, 403),
        ({"staff": True, "holding": permissions.READ}, 200),
    ],
    ids=["stranger", "customer", "customer with permission", "staff", "storer", "reader"],
)
def test_every_page_refuses_whom_it_must(client, who, status):
    if who is not None:
        client.force_login(person("someone", **who))
    sent = {reverse(f"modeler:{name}") for name in SENT}
    got = {
        address: (client.post if address in sent else client.get)(
            address,
            **({"data": "{}", "content_type": "application/json"} if address in sent else {}),
        ).status_code
        for address in addresses()
    }
    further = {reverse(f"modeler:{name}"): 403 for name in FURTHER if status == 200}
    assert got == {**dict.fromkeys(got, status), **further}


def test_a_snapshot_is_taken_by_those_who_may_store(client):
    client.force_login(person("keeper", holding=(permissions.READ, permissions.STORE)))
    address = reverse("modeler:snapshots")
    taken = client.post(address, {"name": "1.4"}, content_type="application/json")
    assert taken.status_code == 201
    listed = client.get(reverse("modeler:sources")).json()
    assert taken.json()["value"] in {source["value"] for source in listed["sources"]}
    assert listed["usual"][1]["value"] == f"{taken.json()['value']}..registry"
    refused = client.post(address, {"source": "registri"}, content_type="application/json")
    assert (refused.status_code, refused.json()["error"][:57]) == (
        404, "There is no source 'registri'. Did you mean registry? Wri"
    )  # fmt: skip


def test_what_changed_since_a_snapshot_is_drawn(client):
    client.force_login(person("keeper", holding=(permissions.READ, permissions.STORE)))
    address = reverse("modeler:scene")
    got = client.get(f"{address}?compare=migrations:blog.zero..migrations:blog&app=blog").json()
    assert {table["change"] for table in got["tables"]} == {"added"}
    assert got["compared"]["count"] >= len(got["tables"])
    assert got["query"] == "compare=migrations%3Ablog.zero..migrations%3Ablog&app=blog"
    ask = "?compare=migrations:blog.zero..migrations:blog&app=blog"
    panel = client.get(reverse("modeler:panel", args=["blog.Tag"]) + ask).content.decode()
    assert "table added: 3 columns" in panel
    twin = client.get(reverse("modeler:twin") + ask).content.decode()
    assert twin.count("modeler-change-added") == got["compared"]["count"]
    assert client.get(f"{address}?compare=registry..file:x").status_code == 400
    assert client.get(f"{address}?compare=registry").json()["error"].startswith("The comparison")


def test_strangers_are_sent_to_the_login_of_the_site(client):
    address = reverse("modeler:cockpit")
    assert client.get(address).url == f"{reverse('admin:login')}?next={address}"


def test_the_cockpit_counts_what_is_there(reader):
    text = reader.get(reverse("modeler:cockpit")).content.decode()
    drawn = [table for table in project_schema().tables if table.kind != "swapped"]
    for figure in (len(drawn), len(project_specs().specs)):
        assert f'<span class="modeler-card-figure">{figure}</span>' in text


def test_pages_without_a_stored_result_name_the_command(reader):
    text = reader.get(reverse("modeler:preview")).content.decode()
    assert "<code>manage.py migration_preview --trace --store</code>" in text


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("preview", {}),
        ("preview", {"format": "modeler.preview", "version": 99}),
        ("preview", {"format": "modeler.preview", "version": 2, "preview": {"surplus": 1}}),
    ],
)
def test_a_spoilt_result_is_said_not_raised(reader, kind, payload):
    store(kind, payload)
    response = reader.get(reverse(f"modeler:{kind}"))
    assert response.status_code == 200
    assert b'class="modeler-notice"' in response.content


def store(kind: str, payload: object) -> None:
    StoredResult.objects.create(kind=kind, command="manage.py", payload=payload or {})


def test_a_page_for_every_collection(reader):
    for spec in project_specs().specs:
        response = reader.get(reverse("modeler:collection", args=[spec.table]))
        assert response.status_code == 200, spec.table


def test_an_unknown_collection_names_the_nearest(reader):
    table = project_specs().specs[0].table
    response = reader.get(reverse("modeler:collection", args=[table[:-1]]))
    assert response.status_code == 404
    assert table in response.content.decode()


def test_only_the_newest_results_are_kept(reader):
    from modeler.results import KEEP, result_store

    for number in range(KEEP + 3):
        result_store(
            kind=StoredResult.Kind.PREVIEW, subject="a", command=str(number), fingerprint="",
            payload={},
        )  # fmt: skip
    kept = StoredResult.objects.filter(subject="a").values_list("command", flat=True)
    assert list(kept) == [str(number) for number in reversed(range(3, KEEP + 3))]


def test_commands_write_json_that_is_read_back(capsys):
    from modeler.schema.encoding import from_json

    call_command("er_diagram", format="json")
    assert from_json(capsys.readouterr().out).tables == project_schema().tables
    call_command("collection_specs", format="json")
    specs = json.loads(capsys.readouterr().out)["collections"]
    assert [spec["table"] for spec in specs] == [spec.table for spec in project_specs().specs]


def test_the_pages_take_the_look_and_login_of_the_site_that_is_named(client, settings):
    settings.MODELER = {"ADMIN_SITE": "tests.blog.site.desk"}
    address = reverse("modeler:cockpit")
    assert client.get(address).url == f"{reverse('desk:login')}?next={address}"
    client.force_login(person("reader", holding=permissions.READ))
    assert reverse("desk:index") in client.get(address).content.decode()


def test_stored_results_are_listed_in_admin_with_their_page(client):
    model = get_user_model()
    boss = {model.USERNAME_FIELD: "boss", "is_staff": True, "is_superuser": True}
    client.force_login(model.objects.create(**boss))
    store("preview", {})
    text = client.get(reverse("admin:modeler_storedresult_changelist")).content.decode()
    address = f"{reverse('modeler:preview')}?stored={StoredResult.objects.get().pk}"
    assert f'<a href="{address}">migration preview</a>' in text
    for model in ("storedresult", "savedview", "schemasnapshot"):
        assert client.get(reverse(f"admin:modeler_{model}_add")).status_code == 403
    view = SavedView.objects.create(name="<b>Mine</b>", shared=True)
    text = client.get(reverse("admin:modeler_savedview_changelist")).content.decode()
    link = f'<a href="{reverse("modeler:diagram")}?view={view.pk}">&lt;b&gt;Mine&lt;/b&gt;</a>'
    assert link in text
