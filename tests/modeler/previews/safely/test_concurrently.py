"""Statements that no transaction holds, and what they leave when they fail."""

from __future__ import annotations

import pytest

from tests.modeler.previews.safely.deploy import Deploy

HEAD = "from django.contrib.postgres.operations import *\n"
INDEX = 'AddIndexConcurrently("pet", models.Index("name", name="by_name")),'
UNIQUE = 'migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY one_name ON pets_pet (name)"),'
HAS = "CREATE INDEX by_name ON public.pets_pet USING btree (name)"


def outside(deploy: Deploy, operations: str) -> None:
    deploy.project.migration("0002_index", operations, facts="atomic = False", head=HEAD)


def test_it_waits_longer_than_for_a_lock_and_names_who_holds_it_up(deploy: Deploy):
    outside(deploy, INDEX)
    with deploy.session() as other:
        other.rows("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM auth_group")
        run = deploy.start("--lock-timeout", "100ms", "--accept", "all")
        run.says("waits for the end of older transactions")
        run.says("older transactions, held up by process")
        assert deploy.indexes() == {"by_name": False, "pets_pet_pkey": True}
        other.rows("COMMIT")
    assert run.wait() == 0, run.text
    assert "failed" not in run.text
    assert deploy.indexes() == {"by_name": True, "pets_pet_pkey": True}


def test_when_its_patience_ends_nothing_is_left(deploy: Deploy):
    outside(deploy, INDEX)
    before = deploy.catalog
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        run = deploy.start("--patience", "300ms", "--accept", "all")
        run.says("by_name is not valid; DROP INDEX CONCURRENTLY IF EXISTS")
        other.rows("COMMIT")
    assert run.wait() == 1
    assert "gave up after it had waited for 300 ms, held up by process" in run.text
    assert "Nothing of pets.0002_index is done." in run.text
    assert deploy.catalog == before
    assert deploy.run()[0] == 0
    assert deploy.indexes() == {"by_name": True, "pets_pet_pkey": True}


def test_equal_values_are_explained_and_the_invalid_index_is_taken_away(deploy: Deploy):
    outside(deploy, 'migrations.RunSQL("UPDATE pets_pet SET name = upper(name)"),\n' + UNIQUE)
    with deploy.session() as session:
        session.rows("INSERT INTO pets_pet (name) VALUES ('Rex'), ('rex')")
        code, said = deploy.run()
        assert code == 1
        assert 'could not create unique index "one_name"' in said
        assert "Key (name)=(REX) is duplicated." in said
        assert (
            "SELECT name, count(*) FROM pets_pet WHERE name IS NOT NULL GROUP BY name "
            "HAVING count(*) > 1" in said
        )
        assert deploy.indexes() == {"pets_pet_pkey": True}
        assert "done: 1 (Raw SQL operation); not begun: 2 (Raw SQL operation)" in said
        session.rows("DELETE FROM pets_pet WHERE id = 1; UPDATE pets_pet SET name = 'again'")
        code, said = deploy.run()
        assert code == 0, said
        assert "operation 1 of 2: done by an earlier run" in said
        assert session.rows("SELECT name FROM pets_pet") == [("again",)]
    assert deploy.indexes() == {"one_name": True, "pets_pet_pkey": True}
    assert deploy.value("SELECT to_regclass('modeler_unfinished_migration')") is None


def test_an_invalid_index_of_an_earlier_attempt_is_built_anew(deploy: Deploy):
    """Django's own migrate would fail on its name, and IF NOT EXISTS would hide it."""
    outside(
        deploy,
        'migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS one_name '
        'ON pets_pet (name)"),',
    )
    with deploy.session() as session:
        session.rows("INSERT INTO pets_pet (name) VALUES ('Rex'), ('Rex')")
        with pytest.raises(Exception, match="could not create unique index"):
            session.rows("CREATE UNIQUE INDEX CONCURRENTLY one_name ON pets_pet (name)")
        assert deploy.indexes()["one_name"] is False
        session.rows("DELETE FROM pets_pet WHERE id = 1")
    code, said = deploy.run()
    assert code == 0, said
    assert "index one_name is not valid; DROP INDEX CONCURRENTLY IF EXISTS public.one_name" in said
    assert deploy.indexes() == {"one_name": True, "pets_pet_pkey": True}


@pytest.mark.parametrize(
    ("there", "operation", "code", "words"),
    [
        (HAS, INDEX, 0, "the index by_name is there already and valid"),
        (f"{HAS} WITH (fillfactor = 50)", INDEX, 0, "there already and valid"),
        (f"{HAS} WHERE id > 3", INDEX, 1, "is another one than the migration makes"),
        (HAS.replace("(name)", "(name DESC)"), INDEX, 1, "is another one"),
        (HAS.replace("INDEX", "UNIQUE INDEX", 1), INDEX, 1, "is another one"),
        (HAS.replace("pets_pet", "auth_group"), INDEX, 1, "is taken by an index of auth_group"),
        (
            "CREATE INDEX up ON pets_pet (upper(name)) WHERE name IN ('a', 'b')",
            'migrations.RunSQL("CREATE INDEX CONCURRENTLY up ON pets_pet ((upper(name))) '
            "WHERE (name  in ('a', 'b'))\"),",
            0,
            "the index up is there already and valid",
        ),
        (
            "ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name <> '')",
            "migrations.RunSQL(\"ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name != '')\"),",
            0,
            "the constraint named is there already",
        ),
        (
            "ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name <> 'x')",
            "migrations.RunSQL(\"ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name != '')\"),",
            1,
            "already exists",
        ),
        (
            "ALTER TABLE pets_pet ADD CONSTRAINT friend FOREIGN KEY (id) REFERENCES auth_group",
            'migrations.RunSQL("ALTER TABLE pets_pet ADD CONSTRAINT friend FOREIGN KEY (id) '
            'REFERENCES auth_group (id)"),',
            0,
            "the constraint friend is there already",
        ),
        (
            "ALTER TABLE pets_pet ADD CONSTRAINT friend FOREIGN KEY (id) REFERENCES auth_group",
            'migrations.RunSQL("ALTER TABLE pets_pet ADD CONSTRAINT friend FOREIGN KEY (id) '
            'REFERENCES auth_group (id) ON DELETE CASCADE"),',
            1,
            "already exists",
        ),
        (
            "ALTER TABLE pets_pet ADD CONSTRAINT named CHECK (name <> '')",
            'ValidateConstraint("pet", "named"),',
            0,
            "the constraint named is valid already",
        ),
    ],
)
def test_what_is_there_already_is_compared_with_what_would_be_made(
    deploy: Deploy, there, operation, code, words
):
    outside(deploy, operation)
    with deploy.session() as session:
        session.rows(there)
    before = deploy.catalog
    found, said = deploy.run()
    assert found == code, said
    assert words in said
    assert deploy.catalog == before


def test_reindexing_leaves_no_copies(deploy: Deploy):
    outside(deploy, 'migrations.RunSQL("REINDEX TABLE CONCURRENTLY pets_pet"),')
    with deploy.session() as other:
        other.rows("BEGIN; INSERT INTO pets_pet (name) VALUES ('Rex')")
        run = deploy.start("--patience", "300ms", "--accept", "all")
        run.says("left over from a REINDEX CONCURRENTLY")
        other.rows("COMMIT")
    assert run.wait() == 1, run.text
    assert deploy.indexes() == {"pets_pet_pkey": True}
    assert deploy.run()[0] == 0


def test_detaching_a_partition_is_finished(deploy: Deploy):
    outside(deploy, 'migrations.RunSQL("ALTER TABLE log DETACH PARTITION old CONCURRENTLY"),')
    with deploy.session() as session:
        session.rows(
            "CREATE TABLE log (id int) PARTITION BY RANGE (id); "
            "CREATE TABLE old PARTITION OF log FOR VALUES FROM (1) TO (9)"
        )
        with deploy.session() as other:
            other.rows("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM log")
            code, said = deploy.run("--patience", "300ms", "--accept", "all")
            assert code == 1, said
            assert deploy.value("SELECT inhdetachpending FROM pg_inherits") is True
        code, said = deploy.run()
    assert code == 0, said
    assert deploy.value("SELECT count(*) FROM pg_inherits") == 0
