"""Constraints of models, read from the models alone, refuse what PostgreSQL refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Abs, Coalesce, Concat, Lower, NullIf, TruncDay, Upper
from django.test.utils import isolate_apps

from modeler.mongo.documents.builder import DocumentBuilder
from modeler.mongo.spec import collection_specs
from modeler.schema.location import Location
from modeler.schema.registry import read_registry
from tests.modeler.mongo.formulas.shapes import FUNCTIONS, ROWS
from tests.modeler.mongo.formulas.verdicts import mongo_verdicts, postgres_verdicts, put

FIELDS = {
    "id": models.IntegerField(primary_key=True),
    "email": models.CharField(max_length=80, null=True),
    "nick": models.TextField(null=True),
    "name": models.TextField(),
    "status": models.CharField(max_length=10),
    "a": models.IntegerField(null=True),
    "b": models.IntegerField(null=True),
    "size": models.SmallIntegerField(),
    "price": models.DecimalField(max_digits=9, decimal_places=2, null=True),
    "ratio": models.FloatField(null=True),
    "made": models.DateTimeField(null=True),
    "day": models.DateField(null=True),
    "facts": models.JSONField(null=True),
    "deleted": models.DateTimeField(null=True),
    "flag": models.BooleanField(null=True),
}
OWN = Func("name", function="own_word", output_field=models.CharField(max_length=3))
CONSTRAINTS = {
    "lower": lambda: models.UniqueConstraint(Lower("email"), name="u"),
    "two": lambda: models.UniqueConstraint(Lower("email"), Upper("status"), name="u"),
    "coalesce": lambda: models.UniqueConstraint(Coalesce("nick", "name"), name="u"),
    "coalesced": lambda: models.UniqueConstraint(Coalesce("nick", Value("")), "a", name="u"),
    "sum": lambda: models.UniqueConstraint(F("a") + F("b"), name="u"),
    "product": lambda: models.UniqueConstraint(F("price") * F("a"), name="u"),
    "absolute": lambda: models.UniqueConstraint(Abs("price"), name="u"),
    "nullif": lambda: models.UniqueConstraint(NullIf("a", "b"), name="u"),
    "day": lambda: models.UniqueConstraint(TruncDay("made", tzinfo=UTC), name="u"),
    "JSON": lambda: models.UniqueConstraint(KeyTextTransform("sku", "facts"), name="u"),
    "joined": lambda: models.UniqueConstraint(Concat("name", Value("/"), "status"), name="u"),
    "own function": lambda: models.UniqueConstraint(OWN, name="u"),
    "not a status": lambda: models.UniqueConstraint(
        fields=["name"], condition=~Q(status="x"), name="u"
    ),
    "not a nick": lambda: models.UniqueConstraint(
        fields=["name"], condition=~Q(nick="ink"), name="u"
    ),
    "null": lambda: models.UniqueConstraint(
        fields=["name"], condition=Q(deleted__isnull=True), name="u"
    ),
    "columns": lambda: models.UniqueConstraint(
        fields=["name"], condition=Q(a__lt=F("b")), name="u"
    ),
    "not a price": lambda: models.UniqueConstraint(
        fields=["name"], condition=~Q(price=0) & Q(price__isnull=False), name="u"
    ),
    "begins": lambda: models.UniqueConstraint(
        fields=["name"], condition=Q(nick__istartswith="a"), name="u"
    ),
    "either": lambda: models.UniqueConstraint(
        fields=["name"], condition=Q(flag=True) | Q(price__gt=F("a")), name="u"
    ),
    "JSON said": lambda: models.UniqueConstraint(
        fields=["name"], condition=Q(facts__sku="p"), name="u"
    ),
    "both": lambda: models.UniqueConstraint(
        Lower("email"), condition=Q(deleted__isnull=True) & ~Q(status="x"), name="u"
    ),
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("shape", CONSTRAINTS)
def test_the_same_pairs_are_refused(shape, mongo_database):
    with isolate_apps("tests.blog") as apps:
        meta = type("Meta", (), {
            "app_label": "blog", "db_table": "thing", "constraints": [CONSTRAINTS[shape]()],
        })  # fmt: skip
        fields = {name: field.clone() for name, field in FIELDS.items()}
        thing = type("Thing", (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
        schema = read_registry(apps=apps)
    (spec,) = collection_specs(schema, [schema.table("blog.Thing")])
    assert [one.message for one in spec.findings if one.code == "MS201"] == []
    assert [index.unique for index in spec.indexes] == [True]
    rows = [{name: row[name] for name in row if name in FIELDS} for row in ROWS]
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        try:
            with connection.schema_editor(atomic=False) as editor:
                editor.create_model(thing)
        except NotImplementedError as error:
            pytest.skip(str(error))
        cursor.execute("CREATE TABLE twin (LIKE thing)")
        asked = postgres_verdicts(cursor, rows)
        for number, row in enumerate(rows):
            put(cursor, "twin", number, row)
        twin = replace(schema.table("blog.Thing"), location=Location("default", "", "twin"))
        builder = DocumentBuilder(replace(schema, tables=(twin,)), spec)
        built = builder.documents(cursor, [(str(number),) for number in range(len(rows))])
    documents = [built[(str(number),)] for number in range(len(rows))]
    assert mongo_verdicts(mongo_database, spec, documents) == asked
    assert True in asked.values()
    assert False in asked.values()
