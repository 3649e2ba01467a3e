from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .processes import CommandLine


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account can enter; pytest's own are closed to the server's."""
    folder = Path(tempfile.mkdtemp(prefix="modeler-servers-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def servers(open_folder: Path) -> Iterator[CommandLine]:
    """The command line on a data folder of its own, which must leave no process."""
    line = CommandLine(open_folder / "data")
    try:
        yield line
    finally:
        line.close()
    assert line.all_gone()
