"""Whether MongoDB refuses what PostgreSQL refuses: rows mutated at random, put to both.

Every table of every collection. For each rule in PostgreSQL's own catalogue a few mutants are
aimed at it: NULL, values beyond the type, keys of other rows of the same document and of others,
and values that PostgreSQL itself finds to break a check or only just to keep it. Then come values
drawn for every column, and pairs of columns, in some of which one breaks a rule, each rule as
often as any other. Empty tables are filled beforehand, and where a key needs a second row, one is
made.

The UPDATE is tried in PostgreSQL in a savepoint, the document in MongoDB in a transaction that is
aborted. Under the rules alone that PostgreSQL holds; what choices and validators of the
application refuse besides is counted apart. Left out: references that lead nowhere, other keys of
a root (that is another document), values that are none of the type; triggers are disabled.

First of all, all documents are exported under all rules and compared with their rows, byte by
byte.

    python -m benchmarks.mongo_parity shop
    python -m benchmarks.mongo_parity northwind northwind.sql   # any name with any dump
    python -m benchmarks.mongo_parity northwind northwind.sql --models   # of inspectdb
    .tools/oscar/bin/python -m benchmarks.mongo_parity oscar  # the one of tests/thirdparty
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.mongo_servers import (
    ROOT,
    both_servers,
    copied_database,
    seeded_shop,
)

SETTINGS = {
    "shop": "config.settings.test", "oscar": "oscar_settings", "wagtail": "wagtail_settings",
    "pretix": "pretix_settings",
}  # fmt: skip
BAR, REFUSED = 0.999, 0.30
ORDERS = 1_000


def main() -> int:
    """Print what mutants and the export came to; 1 where a difference was not told before."""
    parser = argparse.ArgumentParser()
    parser.add_argument("project", help="shop, oscar, wagtail, pretix, or any name for a file")
    parser.add_argument("file", nargs="?", type=Path, help="SQL of a sample database")
    parser.add_argument(
        "--models", action="store_true", help="with a file: through models that inspectdb writes"
    )
    parser.add_argument("--seconds", type=float, default=1e9, help="for each collection at most")
    parser.add_argument("--only", default="", help="mutants of these collections alone, a,b,c")
    parser.add_argument("--mutants", action="store_true", help="leave the export out")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kept", default="", help="folder of servers and databases that stay")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "tests" / "thirdparty" / "projects"))
    with both_servers(options.kept) as url:
        return 0 if judged(options, url) else 1


def judged(options: argparse.Namespace, url: str) -> bool:
    """Make the project's database, and run both parts."""
    if options.project == "shop":
        own = copied_database(url, "parity_shop", seeded_shop(url, ORDERS))
    else:
        own = copied_database(url, f"parity_{options.project}", "template1")
    os.environ["DATABASE_URL"] = own
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS.get(options.project, "tests.blog.settings")
    import django

    django.setup()
    from pymongo import MongoClient

    from tests.modeler.mongo.parity.database_rules import database_rules

    projects = importlib.import_module("benchmarks.mongo_projects")
    connection, settings, schema, specs = projects.project(
        options.project, url, options.file, models=options.models
    )
    client: MongoClient[Any] = MongoClient(os.environ["MONGO_URL"])
    print(f"{options.project}: {len(schema.tables)} tables, {len(specs)} collections", flush=True)
    if options.only or options.mutants:
        specs = tuple(
            spec for spec in specs if not options.only or spec.name in options.only.split(",")
        )
        return parity(options, client, connection, settings, schema, specs)
    fine = projects.export_and_verify(client, settings, schema, specs)
    if options.project != "shop" and options.file is None:
        # Generated rows know nothing of choices and validators.
        print("under the database's rules alone:")
        held = tuple(map(database_rules, specs))
        fine &= projects.export_and_verify(client, settings, schema, held)
    fine &= parity(options, client, connection, settings, schema, specs)
    return fine


def parity(
    options: argparse.Namespace, client: Any, connection: Any, settings: dict[str, Any],
    schema: Any, specs: Any,
) -> bool:  # fmt: skip
    """Run the mutants, and print what they came to."""
    from tests.modeler.mongo.parity.run import make_collections, prepare, run
    from tests.modeler.mongo.parity.tally import Tally, merged

    database = f"parity_{options.project}"
    for key in prepare(connection, schema, specs):
        print(f"  no second row could be made for {key}")
    for where, reason in make_collections(client, database, schema, specs, settings):
        print(f"  refused before any change: {where}: {reason}")
    tallies: list[Tally] = []
    missed: list[str] = []
    rules = 0
    for spec, tally in run(
        connection,
        client,
        database,
        schema,
        specs,
        seed=options.seed,
        seconds=options.seconds,
    ):
        tallies.append(tally)
        rules += len(tally.wanted)
        missed += [f"{spec.name}: {rule}" for rule in tally.missed]
        print(
            f"  {spec.name}: {tally.mutants:,} mutants, {tally.refused:,} refused, "
            f"{sum(tally.explained.values())} told before, {len(tally.unexplained)} not, "
            f"{len(tally.misjudged)} misjudged by the evaluator, "
            f"{len(tally.otherwise)} by other checks",
            flush=True,
        )
        for text, one in (("NOT TOLD", tally.unexplained), ("MISJUDGED", tally.misjudged)):
            for mutant in one[:5]:
                print(f"    {text} {mutant}")
        for mutant, name in tally.otherwise[:5]:
            print(f"    OTHER CHECK {name}: {sorted(mutant.broken)} {mutant.evaluated} {mutant}")
    total = merged(tallies)
    unequal = sum(total.explained.values()) + len(total.unexplained)
    within = 1 - len(total.unexplained) / max(1, total.mutants)
    share = total.refused / max(1, total.mutants)
    print(
        f"{total.mutants:,} mutants, {share:.0%} refused by PostgreSQL (bar {REFUSED:.0%}); "
        f"equal {total.parity:.4%}; equal or told before {within:.4%} (bar {BAR:.1%}); "
        f"{unequal} differ; {total.application:,} more refused by rules of the application alone; "
        f"{sum(total.formless.values()):,} rows without a form in BSON, not counted"
    )
    for reason, count in (total.explained + total.formless).most_common():
        print(f"  {count:5}  {reason}")
    print(f"rules hit: {rules - len(missed)} of {rules}; not hit: {', '.join(missed) or 'none'}")
    return within >= BAR and share >= REFUSED and not total.misjudged and not total.otherwise


if __name__ == "__main__":
    sys.exit(main())
