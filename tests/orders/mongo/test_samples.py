"""Samples of the shop's collections, by the command, from rows that were committed."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from modeler.models import StoredResult


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("collection_specs", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_samples_are_rows_without_personal_data(committed: Any) -> None:
    told = json.loads(run("--samples", "2", "--format", "json", "--store"))
    assert (told["format"], told["version"]) == ("modeler.samples", 1)
    found = {one["name"]: one for one in told["collections"]}
    assert {name: (one["origin"], len(one["documents"])) for name, one in found.items()} == {
        "customers": ("rows", 2),
        "orders": ("rows", 2),
        "products": ("rows", 2),
        "sessions": ("generated", 2),
    }
    assert found["sessions"]["reason"] == "no rows"
    order = next(
        one
        for one in found["orders"]["documents"]
        if one["_id"] == {"$uuid": str(committed.order.pk)}
    )
    assert order["order_number"] == committed.order.order_number
    assert order["total_amount"] == {"$numberDecimal": str(committed.order.total_amount)}
    assert order["customer"] == {"first_name": "•••", "last_name": "•••", "email": "•••"}
    assert "customer.email" in found["orders"]["masked"]
    said = json.dumps(told, ensure_ascii=False)
    for secret in ("ada@example.org", "Main Street", "+4930123456", "10115", "Smith"):
        assert secret not in said
    assert "Claw hammer" in said
    stored = StoredResult.objects.get(kind=StoredResult.Kind.SAMPLES)
    texts = [one.pop("texts") for one in stored.payload["collections"]]
    assert stored.payload == told
    # As mongosh writes them, in the order of their fields.
    assert [len(each) for each in texts] == [2, 2, 2, 2]
    assert all(text.startswith("{\n  _id: ") for each in texts for text in each)


def test_samples_as_text(committed: Any) -> None:
    said = run("orders.Customer", "--samples", "1")
    assert said.startswith("customers  (one of its rows)\n  masked: first_name, last_name, ")
    assert 'email: "•••"' in said
    assert "NumberLong(" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--samples", "0"), "--samples takes a number of documents, at least 1."),
        (("--samples", "1", "--format", "pymongo"), "--format pymongo writes a module"),
        (("--drift", "--format", "pymongo"), "--format pymongo writes a module"),
        (("--store", "--format", "pymongo"), "--store goes with"),
    ],
)
def test_what_does_not_go_together(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        run(*arguments)
    assert caught.value.returncode == 2
