"""Options of ``collection_specs``, and which of them go together."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.db import DEFAULT_DB_ALIAS

from modeler.errors import ConfigurationError
from modeler.mongo.preflight.run import SECONDS

VERBS = ("apply", "drift", "preflight", "prove", "samples")
WRITTEN = {"mongosh": "a script", "pymongo": "a module"}


def add_options(parser: ArgumentParser) -> None:
    """Add the verbs and their options; those that all commands share are not among them."""
    parser.add_argument(
        "--format",
        choices=["text", "json", "mongosh", "pymongo"],
        default="text",
        help="(default: text)",
    )
    verbs = parser.add_mutually_exclusive_group()
    verbs.add_argument(
        "--apply", action="store_true", help="bring the collections of a MongoDB to the specs"
    )
    verbs.add_argument(
        "--drift", action="store_true", help="say where a MongoDB differs from the specs"
    )
    verbs.add_argument(
        "--preflight",
        action="store_true",
        help="look at the rows for what MongoDB cannot hold as it is; nothing is written",
    )
    verbs.add_argument(
        "--prove",
        action="store_true",
        help="build every document and say which the rules would refuse; nothing is written",
    )
    verbs.add_argument(
        "--samples", type=int, metavar="N",
        help="show so many documents of each: of rows, sensitive values masked, or made up",
    )  # fmt: skip
    parser.add_argument(
        "--workers", type=int, default=2, metavar="N", help="with --prove: processes"
    )
    parser.add_argument(
        "--seconds", type=float, default=SECONDS, metavar="S",
        help="with --preflight: for one query",
    )  # fmt: skip
    parser.add_argument(
        "--alias", default=DEFAULT_DB_ALIAS, help="of DATABASES, whose rows are looked at"
    )
    parser.add_argument(
        "--server", metavar="VERSION",
        help="of MongoDB, such as 7.0, that indexes are specified for (default: with --apply "
        "and --drift that of the server, else MODELER['MONGO_VERSION'] or 6.0)",
    )  # fmt: skip
    parser.add_argument(
        "--dry-run", action="store_true", help="with --apply: say what would be done, no more"
    )
    parser.add_argument(
        "--database", metavar="NAME", help="of MongoDB (default: the one that MONGO_URL names)"
    )
    parser.add_argument(
        "--check",
        metavar="FILE",
        help="write nothing; end with 1 and what changed where FILE is not what would be written",
    )


def chosen_verb(options: dict[str, Any]) -> str:
    """Return what is to be done, as a name in Python; ``write`` where nothing is named."""
    return next((name for name in VERBS if options[name]), "write")


def want_sense(options: dict[str, Any]) -> None:
    """Refuse options that would be ignored or mean nothing, before anybody is asked.

    Raises:
        ConfigurationError: one stands alone, with one that it does not go with, or is no number
            of documents.
    """
    if options["samples"] is not None and options["samples"] < 1:
        raise ConfigurationError("--samples takes a number of documents, at least 1.")
    if options["dry_run"] and not options["apply"]:
        raise ConfigurationError("--dry-run says what --apply would do. Name both, or none.")
    verb = chosen_verb(options)
    if options["format"] in WRITTEN and verb != "write":
        what = WRITTEN[options["format"]]
        raise ConfigurationError(f"--format {options['format']} writes {what}; it goes alone.")
    if options["store"] and verb in ("write", "apply"):
        raise ConfigurationError("--store goes with --drift, --preflight, --prove or --samples.")
    if options["check"] and verb != "write":
        raise ConfigurationError("--check compares a file with the specs; it goes alone.")
    if options["database"] and not (options["apply"] or options["drift"]):
        raise ConfigurationError("--database is for --apply and --drift. Name one of them.")
