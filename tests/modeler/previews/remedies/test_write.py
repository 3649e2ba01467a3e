"""Writing files, and when it is refused."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from modeler.errors import ConfigurationError, ConflictError
from modeler.previews.remedies.proposal import Proposal, RemedyFile
from modeler.previews.remedies.write import write_files


@pytest.fixture
def proposal(tmp_path) -> Proposal:
    (tmp_path / "0002_b.py").write_text("old")
    names = ("0002_1_a", "0002_b")
    found = tuple(RemedyFile("pets", name, str(tmp_path / f"{name}.py"), name) for name in names)
    return Proposal((), "pets", "0002_b", "Do", found, original="old")


def content(folder) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_both_are_written(proposal, tmp_path):
    assert write_files(proposal) == tuple(file.path for file in proposal.files)
    assert content(tmp_path) == {"0002_1_a.py": "0002_1_a", "0002_b.py": "0002_b"}


def test_a_changed_original_is_not_overwritten(proposal, tmp_path):
    (tmp_path / "0002_b.py").write_text("new")
    with pytest.raises(ConflictError, match=r"0002_b.py changed since .* Preview it again\."):
        write_files(proposal)
    assert content(tmp_path) == {"0002_b.py": "new"}


def test_a_file_that_is_there_is_not_overwritten(proposal, tmp_path):
    (tmp_path / "0002_1_a.py").write_text("mine")
    with pytest.raises(ConflictError, match=r"0002_1_a.py is there already"):
        write_files(proposal)
    assert content(tmp_path) == {"0002_1_a.py": "mine", "0002_b.py": "old"}


def test_a_missing_original_is_no_reason_to_write(proposal, tmp_path):
    (tmp_path / "0002_b.py").unlink()
    with pytest.raises(ConflictError, match=r"0002_b\.py is gone"):
        write_files(proposal)
    assert content(tmp_path) == {}


def test_all_or_nothing(proposal, tmp_path):
    missing = RemedyFile(
        "pets", "0003_c", str(tmp_path / "nowhere" / "0003_c.py"), "c", later=True
    )
    with pytest.raises(ConfigurationError, match=r"Nothing was changed\."):
        write_files(replace(proposal, files=(*proposal.files, missing)))
    assert content(tmp_path) == {"0002_b.py": "old"}


def test_an_applied_original_is_refused(proposal, tmp_path):
    with pytest.raises(ConfigurationError, match=r"pets\.0002_b is applied already"):
        write_files(replace(proposal, applied=True))
    assert content(tmp_path) == {"0002_b.py": "old"}


@pytest.mark.parametrize("original", ["", "old", "old\n", "same\nold\n", "same\x0c\nold"])
@pytest.mark.parametrize("source", ["new", "new\n", "same\nnew\n", "same\x0c\nnew"])
def test_the_diff_is_what_git_applies(tmp_path, original, source):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "0002_b.py").write_text(original)
    files = tuple(
        RemedyFile("pets", name, f"pets/{name}.py", text)
        for name, text in (("0002_1_a", "first"), ("0002_b", source))
    )
    remedy = Proposal((), "pets", "0002_b", "Do", files, original=original).remedy
    subprocess.run(["git", "apply"], input=remedy.diff, cwd=tmp_path, text=True, check=True)
    assert content(tmp_path / "pets") == {"0002_1_a.py": "first", "0002_b.py": source}
