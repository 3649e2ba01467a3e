"""How the connection that migrates is set up, as far as settings say."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Facts of a connection.

    Attributes:
        parameters: of the server, that the connection sets when it is opened (``lock_timeout``).
        pooled: a pooler may hand each transaction to another session of the server.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    pooled: bool = False


# Django's manual asks for this setting behind a pooler that works by transactions, and for no
# other reason (Databases, "Transaction pooling and server-side cursors").
POOLER_SETTING = "DISABLE_SERVER_SIDE_CURSORS"


def session_facts(settings: Mapping[str, Any]) -> SessionFacts:
    """Return what an entry of ``DATABASES`` says.

    Args:
        settings: the entry; of ``OPTIONS["options"]`` each ``-c name=value`` counts.
    """
    text = str((settings.get("OPTIONS") or {}).get("options") or "")
    try:
        words = shlex.split(text)
    except ValueError:
        words = []
    parameters = {}
    for position, word in enumerate(words):
        told = ""
        if word == "-c" and position + 1 < len(words):
            told = words[position + 1]
        elif word.startswith("-c"):
            told = word[2:]
        elif word.startswith("--"):
            told = word[2:].replace("-", "_")
        name, equals, value = told.partition("=")
        if equals:
            parameters[name.strip().lower()] = value.strip()
    return SessionFacts(parameters, bool(settings.get(POOLER_SETTING)))
