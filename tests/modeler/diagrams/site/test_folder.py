"""A site is written whole, and nothing that is not its own is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from modeler.diagrams.site.folder import MANIFEST, write_site
from modeler.errors import ConfigurationError

FIRST = [("index.html", b"1"), ("tables/a.html", b"a"), ("tables/b.html", b"b")]
SECOND = [("index.html", b"2"), ("tables/b.html", b"B"), ("tables/c.html", b"c")]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


@pytest.mark.parametrize("is_there", [False, True])
def test_a_new_or_empty_folder(tmp_path: Path, is_there: bool) -> None:
    folder = tmp_path / "site"
    if is_there:
        folder.mkdir()
    assert write_site(FIRST, folder) == 3
    assert contents(folder) == dict(FIRST)
    assert list(tmp_path.iterdir()) == [folder]
    assert folder.stat().st_mode & 0o055 == 0o055


def test_the_second_time_replaces_its_own_and_keeps_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(FIRST, folder)
    (folder / "CNAME").write_bytes(b"docs.example")
    (folder / "tables" / "mine.html").write_bytes(b"mine")
    write_site(SECOND, folder)
    assert contents(folder) == {
        **dict(SECOND), "CNAME": b"docs.example", "tables/mine.html": b"mine",
    }  # fmt: skip


def test_a_folder_with_other_things_is_refused_and_unchanged(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thesis.txt").write_bytes(b"years")
    with pytest.raises(ConfigurationError, match="not empty and was not made by schema_docs"):
        write_site(FIRST, folder)
    assert contents(tmp_path) == {"site/thesis.txt": b"years"}


def test_a_foreign_file_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_site(FIRST, folder)
    (folder / "tables" / "c.html").write_bytes(b"mine")
    with pytest.raises(ConfigurationError, match=r"c\.html was not made by schema_docs"):
        write_site(SECOND, folder)
    assert contents(folder) == {**dict(FIRST), "tables/c.html": b"mine"}
    assert list(tmp_path.iterdir()) == [folder]


def test_an_edited_manifest_deletes_nothing_outside(tmp_path: Path) -> None:
    folder, outside = tmp_path / "site", tmp_path / "kept.txt"
    write_site(FIRST, folder)
    outside.write_bytes(b"kept")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["files"] += ["../kept.txt", str(outside), "tables/../../kept.txt", 7, "a/b/c"]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    write_site(SECOND, folder)
    assert outside.read_bytes() == b"kept"


@pytest.mark.parametrize("text", ["", "{}", '{"format": "other", "files": []}', "[]"])
def test_a_manifest_that_is_not_ours_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(ConfigurationError, match="was not made by schema_docs"):
        write_site(FIRST, tmp_path)


def test_when_a_page_fails_nothing_is_left_behind(tmp_path: Path) -> None:
    def failing() -> Iterator[tuple[str, bytes]]:
        yield from FIRST
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_site(failing(), tmp_path / "site")
    assert list(tmp_path.iterdir()) == []


def test_a_file_and_a_missing_parent_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="is a file"):
        write_site(FIRST, tmp_path / "file")
    with pytest.raises(ConfigurationError, match="cannot be written: No such file"):
        write_site(FIRST, tmp_path / "no" / "site")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "site"
    call_command("schema_docs", str(folder), "blog.Post", "auth", title="Our data")
    assert "<title>Our data</title>" in (folder / "index.html").read_text()
    assert (folder / "tables" / "blog.Post.html").exists()
    assert not (folder / "tables" / "blog.Tag.html").exists()
    assert "files into" in capsys.readouterr().err
    with pytest.raises(CommandError, match="Did you mean blog"):
        call_command("schema_docs", str(folder), "blgo.Post")
