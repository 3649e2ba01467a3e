"""Python code that changes all rows at once, in batches; and code that is left as it is."""

from __future__ import annotations

import textwrap

import pytest
from django.db.migrations.state import ProjectState

from modeler.previews.child import migration_of
from modeler.previews.remedies.backfill import FIRST
from tests.modeler.previews.hazards.rehearsed import Case
from tests.modeler.previews.remedies.test_forms import PET
from tests.modeler.previews.remedies.tried import assert_proven, tried

HEAD = """
from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Now, Upper
from django.utils import timezone

STARS = "*"


"""
TAIL = """

class Migration(migrations.Migration):
    dependencies = [("pets", "0001_before")]
    operations = [
        migrations.RunPython(name_them, migrations.RunPython.noop),
    ]
"""


def case_of(body: str, head: str = "") -> Case:
    function = "def name_them(apps, schema_editor):\n" + textwrap.indent(
        textwrap.dedent(body).strip(), "    "
    )
    source = HEAD + head + function + "\n" + TAIL
    operations = migration_of("pets", "0002_pending", source).operations
    return Case("", operations, [PET], source=source)


PETS = 'Pet = apps.get_model("pets", "Pet")\n'
SAME = {
    "all rows": PETS + 'Pet.objects.update(age=F("id") + 1)',
    "filtered": '"""Name them."""\n'
    + PETS
    + 'Pet.objects.filter(age=None).exclude(name="Rex").update(name=Upper(Value("x")), age=3)',
    "of an alias": PETS
    + "Pet._default_manager.using(schema_editor.connection.alias).all().update(name=Value('x'))",
}


@pytest.mark.parametrize("body", SAME.values(), ids=SAME)
def test_an_update_becomes_batches(shadow, body):
    found = assert_proven(shadow, case_of(body), codes=["MP603"])
    assert found.names == ["0002_pending"]
    assert "atomic=False" in found.sources["0002_pending"]
    assert "name_them.resumable = True" in found.sources["0002_pending"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (
            PETS + 'Pet.objects.update(age=F("age") + 1)',
            "name_them computes age from itself: a second run would differ.",
        ),
        (
            PETS + "Pet.objects.update(age=timezone.now().year)",
            "name_them uses timezone, which need not be the same in a second run.",
        ),
        (
            PETS + "Pet.objects.update(name=Now())",
            "name_them uses Now, which is another one in each batch.",
        ),
        (
            PETS + "Pet.objects.update(name=STARS)",
            "name_them uses STARS, which need not be the same in a second run.",
        ),
        (
            PETS + 'Pet.objects.order_by("age").update(age=1)',
            "name_them updates more than rows that were filtered.",
        ),
        (
            PETS + 'Pet.objects.update(age=1)\nprint("done")',
            "name_them does more than one update.",
        ),
        (
            'for pet in apps.get_model("pets", "Pet").objects.all():\n    pet.save()',
            "it does more than one update.",
        ),
    ],
    ids=["itself", "a call", "now", "a constant", "ordered", "more", "one by one"],
)
def test_other_code_is_left_to_its_author(shadow, body, why):
    found = tried(shadow, case_of(body), codes=["MP603"], proves=False).remedies
    assert found.proposals == ()
    (without,) = found.without
    assert without.reasons == (f"Raw Python operation: {why}",)


def test_batches_do_what_the_statement_did_and_can_be_stopped(shadow):
    rows = FIRST * 3 + 7
    body = PETS + 'Pet.objects.filter(age=None).update(age=F("id"))'
    source = assert_proven(shadow, case_of(body), codes=["MP603"]).sources["0002_pending"]
    (operation,) = migration_of("pets", "0002_pending", source).operations
    with shadow.clone("batches") as clone, clone.registered("default") as connection:
        state = ProjectState()
        PET.state_forwards("pets", state)
        with connection.schema_editor() as editor:
            PET.database_forwards("pets", editor, ProjectState(), state)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO pets_pet (name, age) SELECT 'x', CASE WHEN n % 3 = 0 THEN 5 END "
                f"FROM generate_series(1, {rows}) n"
            )
        updates = []

        def stopping(execute, sql, params, many, context):
            if sql.startswith("UPDATE"):
                updates.append(sql)
                if len(updates) == 2:
                    raise KeyboardInterrupt
            return execute(sql, params, many, context)

        editor = connection.schema_editor(atomic=False)
        with pytest.raises(KeyboardInterrupt), connection.execute_wrapper(stopping):
            operation.code(state.apps, editor)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pets_pet WHERE age IS NULL")
            assert cursor.fetchone() == (rows - rows // 3 - FIRST,)
            operation.code(state.apps, editor)
            cursor.execute(
                "SELECT count(*) FILTER (WHERE id % 3 = 0 AND age = 5), "
                "count(*) FILTER (WHERE id % 3 > 0 AND age = id), count(*) FROM pets_pet"
            )
            assert cursor.fetchone() == (rows // 3, rows - rows // 3, rows)
