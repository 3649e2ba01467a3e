from __future__ import annotations

import pytest

from modeler.errors import ConfigurationError
from modeler.postgres.address import settings_from_url


def entry(name="", user="", password="", host="", port="", **options):
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": options,
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p@db.example:6543/shop", entry("shop", "u", "p", "db.example", "6543")),
        ("postgresql:///shop", entry("shop")),
        (" postgres://u:a%40b%2F%3A@h/my%20shop ", entry("my shop", "u", "a@b/:", "h")),
        (
            "postgres://u@/d?host=/run/My%20Sock&port=5433",
            entry("d", "u", "", "/run/My Sock", "5433"),
        ),
        ("postgres://u:p@%2FTmp%2FSock:5433/d", entry("d", "u", "p", "/Tmp/Sock", "5433")),
        ("postgres://u@[::1]:5432/d", entry("d", "u", "", "::1", "5432")),
        ("pgsql://u@h/d?sslmode=require", entry("d", "u", "", "h", sslmode="require")),
    ],
)
def test_a_url_becomes_settings(url, expected):
    assert settings_from_url(url) == expected


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("", "it starts with 'no scheme'"),
        ("shop", "it starts with 'no scheme'"),
        ("mysql://u:secret@h/d", "it starts with 'mysql://'"),
        ("postgres://u:secret@h:port/d", "it is no URL"),
        ("postgres://u:secret@[::1/d", "it is no URL"),
        ("postgres://u:secret@h/", "it names no database"),
        ("postgres://u:secret@h/d?sslmode", "it is no URL"),
    ],
)
def test_a_bad_url_is_one_sentence_without_its_password(url, why):
    with pytest.raises(ConfigurationError) as caught:
        settings_from_url(url)
    said = str(caught.value)
    assert said.startswith(f"DATABASE_URL cannot be used: {why}")
    assert said.endswith("Write it like postgres://user:password@host:5432/name.")
    assert "secret" not in said
    assert "\n" not in said
