"""The table of dangerous migrations."""

from __future__ import annotations

from tests.dangerous.breaking_cases import BREAKING
from tests.dangerous.waiting_cases import WAITING

CASES = (*WAITING, *BREAKING)
