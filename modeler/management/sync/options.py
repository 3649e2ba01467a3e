"""Options of ``sync_collections``, and which of them go together."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from modeler.errors import ConfigurationError

VERBS = {
    "install": "put the triggers into PostgreSQL, or bring them up to date",
    "uninstall": "take triggers and queue away; documents stay",
    "export": "write all documents, beside workers or without; goes on where it was stopped",
    "verify": "compare documents with rows",
    "status": "say what waits, what was given up, and whether changes are seen",
    "once": "work until the queue is empty, then end",
    "retry-dead": "queue again what was given up",
    "new-epoch": "let new versions win over all stored ones: after PostgreSQL was restored",
}
# An option, and the verb without which it would be ignored.
BELONGS = (
    ("sql", "install"),
    ("migration", "install"),
    ("again", "export"),
    ("repair", "verify"),
    ("check", "status"),
    ("store", "verify"),
)


def add_options(parser: ArgumentParser) -> None:
    """Add the verbs and their options; those that all commands share are not among them."""
    parser.add_argument(
        "names", nargs="*", metavar="NAME",
        help="collections, apps or models; all by default",
    )  # fmt: skip
    verbs = parser.add_mutually_exclusive_group()
    for verb, text in VERBS.items():
        verbs.add_argument(f"--{verb}", action="store_true", help=text)
    verbs.add_argument(
        "--rebuild", metavar="COLLECTION",
        help="build it anew beside the old one and put it in its place",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes (default: 1)"
    )
    parser.add_argument(
        "--sql", action="store_true", help="with --install: print the statements, no more"
    )
    parser.add_argument(
        "--migration", metavar="APP", help="with --install: write them as a migration of APP"
    )
    parser.add_argument("--again", action="store_true", help="with --export: from the beginning")
    parser.add_argument(
        "--depth", choices=["figures", "hashes", "contents"], default="hashes",
        help="with --verify: how far to look (default: hashes)",
    )  # fmt: skip
    parser.add_argument("--repair", action="store_true", help="with --verify: queue what differs")
    parser.add_argument(
        "--check", action="store_true", help="with --status: end with 1 where not all is well"
    )
    parser.add_argument("--alias", default="default", help="of DATABASES, whose rows are followed")
    parser.add_argument("--database", metavar="NAME", help="of MongoDB")
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="(default: text)"
    )


def chosen_verb(options: dict[str, Any]) -> str:
    """Return what is to be done, as a name in Python; ``work`` where nothing is named."""
    if options["rebuild"]:
        return "rebuild"
    names = (verb.replace("-", "_") for verb in VERBS)
    return next((name for name in names if options[name]), "work")


def want_sense(options: dict[str, Any]) -> None:
    """Refuse options that would be ignored.

    Raises:
        ConfigurationError: one stands alone, or is out of its range.
    """
    for option, verb in BELONGS:
        if options[option] and not options[verb]:
            raise ConfigurationError(f"--{option} goes with --{verb}. Name both, or none.")
    if options["workers"] < 1:
        raise ConfigurationError(f"--workers must be 1 or more, not {options['workers']}.")
