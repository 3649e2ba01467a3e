"""Export, synchronisation and judging of the shop's collections, against their bars.

    python -m benchmarks.mongo [--orders 20000] [--only export sync evaluator] [--kept FOLDER]

On servers of its own: a durable PostgreSQL, and a MongoDB replica set of one member. Every ratio
is of one run, the rounds of both sides taken in turns; the load of the machine is printed beside.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from benchmarks.mongo_servers import at, both_servers, seeded_shop

PARTS = ("export", "sync", "evaluator")


def main() -> int:
    """Print all figures; 1 where a bar is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    parser.add_argument("--kept", default="", help="folder of servers and databases that stay")
    options = parser.parse_args()
    with both_servers(options.kept) as url:
        template = seeded_shop(url, options.orders)
        os.environ["DATABASE_URL"] = at(url, template)
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        from pymongo import MongoClient

        with MongoClient(os.environ["MONGO_URL"]) as client:
            print_machine(client)
            held = measured(options.only, client, url, template)
            print(f"load at the end: {os.getloadavg()[0]:.1f}")
    return 0 if all(held) else 1


def measured(parts: tuple[str, ...], client: Any, url: str, template: str) -> list[bool]:
    """Run the parts; tell of each whether its bars hold."""
    held: list[bool] = []
    if "export" in parts:
        from benchmarks.mongo_export import measure_export

        held.append(measure_export(client, template))
    if "sync" in parts:
        from benchmarks.mongo_sync import measure_drain, measure_lag, measure_triggers, prepared

        job, own = prepared(client, url, template)
        held += [measure_lag(client, job, own), measure_triggers(own)]
        job, own = prepared(client, url, template, flat=True)
        held.append(measure_drain(job, own))
    if "evaluator" in parts:
        held.append(judged())
    return held


def judged() -> bool:
    """Print how fast documents of the shop are judged, and built and judged, by one processor."""
    from django.db import connections

    from benchmarks.mongo_shop import shop_specs
    from modeler.mongo.proof.processes import prove_collections

    schema, specs = shop_specs("orders", "customers", "products")
    settings = dict(connections["default"].settings_dict)
    fine = True
    for one in prove_collections(settings, "default", schema, specs):
        alone, both = one.documents / one.judging, one.documents / one.seconds
        fine &= alone >= 20_000 and both >= 8_000
        print(
            f"evaluator: {one.documents:,} {one.collection} of {one.size(0.5):,} bytes: "
            f"{alone:,.0f} a second of a processor (bar 20,000), with building {both:,.0f} "
            f"(bar 8,000); {one.rejected} refused"
        )
    return fine


def print_machine(client: Any) -> None:
    """Print what the figures are of."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (postgres,) = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    mongo = client.server_info()["version"]
    print(
        f"{os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}; Python "
        f"{sys.version.split()[0]}, PostgreSQL {postgres}, MongoDB {mongo}"
    )


if __name__ == "__main__":
    sys.exit(main())
