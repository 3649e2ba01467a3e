"""Facts of a live database: what is read, what is not there, and that nothing is locked."""

from __future__ import annotations

import pytest

from modeler.previews.effects.catalog import Constraint, ForeignKey, OwnedSequence, Session
from modeler.previews.effects.effect import RelationKind
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.definitions import Name
from tests.modeler.previews.effects.cases import read_family
from tests.modeler.previews.effects.measurement import held


@pytest.fixture(scope="module")
def database(shadow_of_session, django_db_blocker):
    with django_db_blocker.unblock(), shadow_of_session.clone("effects catalog") as clone:
        connection = clone.connect("effects_catalog_setup")
        with connection.cursor() as cursor:
            cursor.execute(read_family("pets")[0])
        connection.close()
        yield clone


@pytest.fixture
def connection(database, shadow):
    made = database.connect("effects_catalog")
    made.set_autocommit(False)
    yield made
    made.rollback()
    made.close()


def test_facts_of_a_table(connection):
    visit = LiveCatalog(connection).relation(Name("visit"))
    assert (visit.name, visit.kind) == ("visit", RelationKind.TABLE)
    assert [(column.name, column.type.name, column.not_null) for column in visit.columns] == [
        ("pet_id", "int8", True), ("owner_id", "int8", False), ("at", "timestamptz", True),
        ("note", "varchar", False),
    ]  # fmt: skip
    assert visit.column("note").type.modifiers == (30,)
    assert [(index.name, index.columns, index.primary) for index in visit.indexes] == [
        ("visit_pkey", ("pet_id", "at"), True)
    ]
    assert visit.foreign_key("visit_owner_id_fkey") == ForeignKey(
        "visit_owner_id_fkey", "visit", ("owner_id",), "owner", ("1",), "restrict",
        index="owner_pkey",
    )  # fmt: skip
    assert [(key.name, key.on_delete, key.on_update) for key in visit.referrers] == [
        ("log_visit_pet_visit_at_fkey", "cascade", "cascade")
    ]


def test_facts_that_hang_on_a_table(connection):
    catalog = LiveCatalog(connection)
    pet = catalog.relation("pet")
    assert pet.sequences == (OwnedSequence("pet_id_seq", "id", identity=True),)
    assert [(found.name, found.kind) for found in pet.dependents] == [
        ("mixed", "view"), ("pm", "materialized view"), ("pv", "view"),
    ]  # fmt: skip
    assert pet.constraint("pet_age") == Constraint(
        "pet_age", "check", ("age",), expression="CHECK ((age >= 0))"
    )
    assert not pet.foreign_key("pet_vet_nv").validated
    assert pet.column("c1").type.domain == "code"
    assert pet.column("c1").type.constrained
    assert pet.triggers == ("pet_tr",)
    assert catalog.relation("deps").dependencies == (("b", ("a",)),)
    assert catalog.relation("part").children == ("part1", "part2")
    assert catalog.relation("part1").parents == ("part",)
    assert catalog.relation(Name("Weird Table", "app")).name == 'app."Weird Table"'
    assert catalog.relation('app."Weird Idx"').table == 'app."Weird Table"'


def test_what_is_not_there_raises_nothing(connection):
    catalog = LiveCatalog(connection)
    assert catalog.relation(Name("no'such")) is None
    assert catalog.relation(Name('no"such', "no schema")) is None
    assert catalog.type("no such(type") is None
    assert catalog.type("nosuch") is None
    assert catalog.volatility("nosuch") == ""
    assert catalog.tables_of_type(Name("nosuch")) == ()
    assert catalog.relation(Name("pet")) is not None  # the transaction is not aborted


def test_reading_locks_no_relation_of_the_project(connection, database):
    catalog = LiveCatalog(connection)
    for name in ("pet", "part1", "pm", "pvv", "reff", "deps", "pet_id_seq", "pet_owner"):
        assert catalog.relation(name) is not None
    observer = database.connect("effects_catalog_observer")
    observer.ensure_connection()
    assert held(connection.connection, observer.connection) == ()


def test_what_was_read_is_kept_until_it_is_forgotten(connection):
    catalog = LiveCatalog(connection)
    assert catalog.relation("pet").column("chip") is None
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE pet ADD COLUMN chip int")
        cursor.execute("SET LOCAL TimeZone = 'Europe/Berlin'")
        cursor.execute("DISCARD PLANS")
    assert catalog.relation("pet").column("chip") is None
    catalog.forget()
    assert catalog.relation("pet").column("chip") is not None
    assert catalog.session.time_zone == "Europe/Berlin"
    assert not catalog.session.is_utc
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    catalog.forget()
    assert catalog.relation("pet") is not None


@pytest.mark.parametrize(
    ("zone", "is_utc"),
    [("UTC", True), ("Etc/UTC", True), ("GMT", True), ("+00", True), ("Europe/London", False),
     ("Africa/Abidjan", False)],
)  # fmt: skip
def test_which_zones_are_utc(zone, is_utc):
    assert Session(18, zone).is_utc is is_utc
