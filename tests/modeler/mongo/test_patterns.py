from __future__ import annotations

import re

import pytest

from modeler.mongo.patterns import NotTranslated, to_pcre2
from modeler.mongo.types import field_spec
from modeler.schema.column import Column, Validator

ANY_CASE, ASCII, SPACED = re.IGNORECASE, re.ASCII, re.VERBOSE


@pytest.mark.parametrize(
    ("pattern", "flags", "translated"),
    [
        (r"^[-a-z]+\Z", 0, r"^[-a-z]+\z"),
        (r"\w+", 0, r"(*UCP)\w+"),
        (r"\w+", ASCII, r"\w+"),
        (r"\\w", 0, r"\\w"),
        (r"abc", ANY_CASE, r"(*UCP)(?i:abc)"),
        (r"(?i)abc", 0, r"(*UCP)(?i)abc"),
        (r"(?u)a(?u:b)", 0, r"a(?:b)"),
        ("a # b", SPACED, "(?x:a # b\n)"),
        (r"\u00e9\U0001F600\N{SNOWMAN}", 0, r"\x{E9}\x{1F600}\x{2603}"),
        (r"a{,3}b{2,}", 0, r"a{0,3}b{2,}"),
        (r"(?P<year>\d{4})-(?P=year)", 0, r"(*UCP)(?P<year>\d{4})-(?P=year)"),
    ],
)
def test_translated(pattern, flags, translated):
    assert to_pcre2(pattern, flags) == translated


@pytest.mark.parametrize("pattern", [r"(?a)\w", r"[[:alpha:]]", "a\0b", "(", r"(?L:a)"])
def test_refused_with_a_reason(pattern):
    with pytest.raises(NotTranslated, match=r"."):
        to_pcre2(pattern)


def with_validators(*validators: tuple[str, dict[str, str]], **facts: object) -> dict:
    column = Column(
        "c", facts.pop("database_type", "text"), **{"field_type": "CharField", **facts},
        validators=tuple(
            Validator(f"django.core.validators.{name}", tuple(arguments.items()))
            for name, arguments in validators
        ),
    )  # fmt: skip
    return field_spec(column).schema()


REGEX = ("RegexValidator", {"regex": r"^\d+\Z", "flags": "0", "inverse_match": "False"})
INVERSE = ("RegexValidator", {"regex": "x", "flags": "0", "inverse_match": "True"})
SHORTEST = ("MinLengthValidator", {"limit_value": "2"})


@pytest.mark.parametrize(
    ("validators", "facts", "demands"),
    [
        ([REGEX], {}, [{"pattern": r"(*UCP)^\d+\z"}]),
        ([REGEX], {"blank": True}, [{"pattern": r"(*UCP)^\z|(?:^\d+\z)"}]),
        ([INVERSE], {}, [{"not": {"pattern": "x"}}]),
        ([INVERSE], {"blank": True}, [{"anyOf": [{"not": {"pattern": "x"}}, {"enum": [""]}]}]),
        ([REGEX, INVERSE], {}, [{"pattern": r"(*UCP)^\d+\z"}, {"not": {"pattern": "x"}}]),
        ([SHORTEST], {}, [{"minLength": 2}]),
        ([SHORTEST], {"blank": True}, [{"anyOf": [{"minLength": 2}, {"enum": [""]}]}]),
        (
            [("MinValueValidator", {"limit_value": "5"})],
            {"field_type": "IntegerField", "database_type": "integer"},
            [{"minimum": 5}],
        ),
        (
            [("MaxValueValidator", {"limit_value": "9.5"})],
            {"field_type": "DecimalField", "max_digits": 5, "decimal_places": 2},
            [{"maximum": {"$numberDecimal": "9.5"}}],
        ),
        (
            [("MinValueValidator", {"limit_value": "shop.limit"})],
            {"field_type": "IntegerField"},
            None,
        ),
        ([("EmailValidator", {})], {}, None),
    ],
)  # fmt: skip
def test_validators_of_a_field(validators, facts, demands):
    assert with_validators(*validators, **facts).get("allOf") == demands


def test_what_cannot_be_said_is_noted():
    column = Column(
        "c", "text", field_type="TextField",
        validators=(Validator("shop.Latin", (("regex", r"(?a)\w"),)),),
    )  # fmt: skip
    assert field_spec(column).note == "Latin is not carried: (?a) changes what letters are"
