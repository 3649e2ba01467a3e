"""How long the pages in words take on generated schemas, without the database's part.

Run: ``python -m benchmarks.pages [--sizes 300 1000 3000]``. Exits 1 when a page needs more than
two seconds.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from unittest import mock

from benchmarks.diagrams import generated

SIZES, ROUNDS, MOST = (300, 1000, 3000), 3, 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = parser.parse_args().sizes
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.blog.settings")
    import django

    django.setup()
    from modeler.web import panel, table, tables, twin

    slow = False
    print(f"{'tables':>6}  {'page':<28}{'seconds':>8}{'kB':>8}")
    for size in sizes:
        schema = schema_of(size)
        hub = max(schema.tables, key=lambda each: each.key.endswith("Table0000")).key
        app = schema.tables[0].app
        modules = (panel, table, tables, twin)
        patches = [
            mock.patch.object(each, "project_schema", mock.Mock(return_value=schema))
            for each in modules
        ]
        patches += [mock.patch.object(each, "project_hubs", frozenset) for each in (panel, twin)]
        for patch in patches:
            patch.start()
        for name, view, query, arguments in (
            ("index", tables.tables, "", ()),
            ("index of an app", tables.tables, f"app={app}", ()),
            ("index of columns", tables.tables, "list=columns", ()),
            ("search", tables.tables, "q=column", ()),
            ("table", table.table, "", (hub,)),
            ("panel", panel.panel, f"focus={hub}", (hub,)),
            ("twin of all", twin.twin, "", ()),
            ("twin of an app, all columns", twin.twin, f"app={app}&columns=all", ()),
            ("twin of three hops", twin.twin, f"focus={hub}&hops=3", ()),
        ):
            taken, weight = seconds(view, query, arguments)
            slow = slow or taken > MOST
            print(f"{size:>6}  {name:<28}{taken:>8.2f}{weight / 1000:>8.0f}")
        for patch in patches:
            patch.stop()
    sys.exit(slow)


def schema_of(size: int):
    """Return the generated graph as a schema: columns, keys and foreign keys."""
    from modeler.schema.column import Column
    from modeler.schema.location import Location
    from modeler.schema.relation import Relation, RelationKind
    from modeler.schema.schema import App, Schema
    from modeler.schema.table import Table, TableKind

    graph = generated(size)
    places = {box.key: Location("default", "", box.title.lower()) for box in graph.boxes}
    relations: dict[str, list[Relation]] = {}
    for edge in graph.edges:
        relations.setdefault(edge.source, []).append(
            Relation(
                edge.source,
                edge.columns[0].removesuffix("_id"),
                RelationKind.FOREIGN_KEY,
                edge.columns,
                edge.target,
                places[edge.target],
                edge.target_columns,
                accessor=f"{edge.source.replace('.', '_').lower()}_set",
                query_name=edge.source.replace(".", "_").lower(),
                on_delete="CASCADE",
            )
        )
    tables = tuple(
        Table(
            box.key,
            places[box.key],
            TableKind.MODEL,
            box.title,
            app=box.app,
            label=box.title.lower(),
            label_plural=f"{box.title.lower()}s",
            primary_key=("id",),
            columns=tuple(Column(row.name, row.type, row.null, row.name) for row in box.rows),
            relations=tuple(relations.get(box.key, ())),
        )
        for box in graph.boxes
    )
    labels = sorted({table.app for table in tables})
    return Schema(tables, tuple(App(label, label, label.title()) for label in labels))


def seconds(view, query: str, arguments: tuple[str, ...]) -> tuple[float, int]:
    """Return the median of some answers and the weight of one, figures of rows left out."""
    from django.contrib.auth import get_user_model
    from django.test import RequestFactory

    from modeler.web import panel, table
    from modeler.web.figures import Figures

    nothing = Figures(None)
    times, weight = [], 0
    with (
        mock.patch.object(table, "figures_of", return_value=nothing),
        mock.patch.object(panel, "figures_of", return_value=nothing),
    ):
        for _ in range(ROUNDS):
            request = RequestFactory().get(f"/?{query}")
            request.user = get_user_model()(is_staff=True, is_superuser=True)
            begun = time.perf_counter()
            response = view(request, *arguments)
            times.append(time.perf_counter() - begun)
            assert response.status_code == 200
            weight = len(response.content)
    return statistics.median(times), weight


if __name__ == "__main__":
    main()
