"""The texts that name what is compared."""

from __future__ import annotations

import pytest

from modeler.diagrams.comparison.sources import (
    Comparison,
    Source,
    SourceKind,
    read_comparison_name,
    read_source_name,
)
from modeler.errors import ConfigurationError, UnknownName

READ = {
    "registry": Source(SourceKind.REGISTRY),
    " registry ": Source(SourceKind.REGISTRY),
    "database": Source(SourceKind.DATABASE, "default"),
    "database:replica": Source(SourceKind.DATABASE, "replica"),
    "migrations": Source(SourceKind.MIGRATIONS),
    "migrations:shop": Source(SourceKind.MIGRATIONS, "shop"),
    "migrations:shop.0003": Source(SourceKind.MIGRATIONS, "shop.0003"),
    "snapshot:12": Source(SourceKind.SNAPSHOT, "12"),
    "snapshot:Release: two": Source(SourceKind.SNAPSHOT, "Release: two"),
    "expected": Source(SourceKind.EXPECTED, "default"),
    "file:../old schema.json": Source(SourceKind.FILE, "../old schema.json"),
}


@pytest.mark.parametrize(("text", "source"), READ.items())
def test_a_text_names_one_source_and_is_read_back(text: str, source: Source) -> None:
    assert read_source_name(text) == source
    assert read_source_name(str(source)) == source


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("databse", UnknownName, "There is no source 'databse'. Did you mean database?"),
        ("", UnknownName, "There is no source ''. Write one of: registry, database, "),
        ("registry:x", ConfigurationError, "but the registry is one. Write: registry."),
        ("database:", ConfigurationError,
         "The source 'database:' lacks its name. Write: database or database:ALIAS."),
        ("snapshot", ConfigurationError,
         "Write: snapshot:ID or snapshot:NAME or snapshot:latest."),
        ("file: ", ConfigurationError, "lacks its name. Write: file:PATH."),
    ],
)  # fmt: skip
def test_what_names_no_source_is_refused(text: str, error: type, message: str) -> None:
    with pytest.raises(error) as caught:
        read_source_name(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("registry..database", "registry", "database:default"),
        ("expected..database:replica", "expected:default", "database:replica"),
        ("file:../a..b.json..registry", "file:../a..b.json", "registry"),
        ("snapshot:1..2..migrations:shop.0001", "snapshot:1..2", "migrations:shop.0001"),
        ("registry .. file:../x", "registry", "file:../x"),
    ],
)
def test_a_comparison_names_two(text: str, old: str, new: str) -> None:
    comparison = read_comparison_name(text)
    assert (str(comparison.old), str(comparison.new)) == (old, new)
    assert read_comparison_name(str(comparison)) == comparison
    assert isinstance(comparison, Comparison)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("registry", "names one source. Write two, from old to new: registry..database."),
        ("registry..databas", "There is no source 'databas'. Did you mean database?"),
        ("registry..", "There is no source ''."),
        ("..registry", "There is no source ''."),
    ],
)
def test_half_a_comparison_is_refused(text: str, message: str) -> None:
    with pytest.raises((ConfigurationError, UnknownName)) as caught:
        read_comparison_name(text)
    assert message in str(caught.value)
