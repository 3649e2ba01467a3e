"""Every setting is told of in docs/servers.md, and nothing that is none."""

from __future__ import annotations

import re
from pathlib import Path

from modeler.conf import DEFAULTS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "servers.md").read_text()


def test_the_tables_name_every_setting_and_no_other():
    tables = TEXT.partition("## Settings")[2]
    cells = re.findall(r"^\| (`[^|]*) \|", tables, re.MULTILINE)
    named = [name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert sorted(named) == sorted(DEFAULTS)
