"""Statements that the server refuses: the catalog alone tells, before anything is run."""

from __future__ import annotations

import psycopg
import pytest

from modeler.previews.effects.analysis import effects_of
from modeler.previews.effects.live_catalog import LiveCatalog
from modeler.previews.sql.reader import read_statements
from tests.modeler.previews.effects.cases import read_family

REFUSED = [
    ("alter table pet alter kind type text", "uses kind: drop it first"),
    ("alter table pet alter age type bigint", "uses age: drop it first"),
    ("alter table pet drop column age", "say CASCADE"),
    ("alter table pet drop column nosuch", "does not exist"),
    ("alter table pet add column age int", "exists already"),
    ("alter table pet add column x int primary key", "has a primary key already"),
    ("alter table pet set unlogged", "is not unlogged"),
    ("alter table pet drop constraint nosuch", "has no constraint nosuch"),
    ("alter table pet validate constraint nosuch", "has no constraint nosuch"),
    ("alter table pet alter nosuch set not null", "does not exist"),
    ("alter table pet alter nosuch type int", "does not exist"),
    ("alter table pet alter bio type nosuch", "the type nosuch does not exist"),
    ("alter table ne add primary key (o)", "has a primary key already"),
    ("alter table ne add foreign key (o) references nosuch", "nosuch, which does not exist"),
    ("alter table nosuch add column x int", "nosuch does not exist"),
    ("alter table deps alter a type bigint", "the generated column b is made from a"),
    ("alter table deps drop column a", "say CASCADE"),
    ("alter table part alter k type bigint", "part of the partition key"),
    ("alter table part drop constraint part_pkey", "say CASCADE"),
    ("alter table tree add constraint x unique using index tree_parent", "is not unique"),
    ("drop table owner", "say CASCADE"),
    ("drop table nosuch", "does not exist"),
    ("drop table part1", "say CASCADE"),
    ("drop view pv", "pvv depends on it"),
    ("drop index owner_pkey", "belongs to the constraint owner_pkey"),
    ("drop index nosuch", "there is no index nosuch"),
    ("drop sequence plainlog_id_seq", "say CASCADE"),
    ("drop domain plain", "say CASCADE"),
    ("drop function f()", "say CASCADE"),
    ("drop schema app", "is not empty"),
    ("truncate owner", "say CASCADE"),
    ("create table pet (id int)", "exists already"),
    ("create index pet_owner on pet(kind)", "exists already"),
    ("create index concurrently on part(v)", "is partitioned"),
    ("refresh materialized view concurrently pm", "no unique index"),
    ("refresh materialized view pet", "no materialized view pet"),
    ("select * from nosuch", "nosuch does not exist"),
    ("insert into nosuch values (1)", "nosuch does not exist"),
    ("create view pv as select 1", "exists already"),
    ("cluster nosuch using x", "nosuch does not exist"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pets_database(shadow_of_session, django_db_blocker):
    with django_db_blocker.unblock(), shadow_of_session.clone("effects refused") as clone:
        connection = clone.connect("effects_refused")
        with connection.cursor() as cursor:
            cursor.execute(read_family("pets")[0])
        yield connection


@pytest.mark.parametrize(("statement", "reason"), REFUSED, ids=lambda text: text[:80])
def test_the_catalog_tells_that_it_fails(pets_database, shadow, statement, reason):
    if statement == "alter table deps drop column a" and shadow.major < 15:
        pytest.skip("generated columns went along without CASCADE until 14")
    (command,) = read_statements(statement)
    assert reason in effects_of(command, LiveCatalog(pets_database)).fails
    with pytest.raises(psycopg.Error):
        pets_database.connection.execute(statement)
