"""Processes of an export: few, for however many collections."""

from __future__ import annotations

import multiprocessing

from modeler.mongo.sync.exporting import export_collections
from modeler.mongo.sync.processes import Job


def test_the_same_process_exports_all_small_collections(shop, server_url):
    settings = shop.connection.settings_dict
    job = Job(settings, "default", server_url, settings["NAME"], shop.schema, shop.specs)
    seen: set[int | None] = set()
    done: dict[str, int] = {}
    for name, exported, _ in export_collections(job, 2, again=True):
        seen |= {process.pid for process in multiprocessing.active_children()}
        done[name] = exported.documents
    assert len(done) > 2
    assert done == {spec.name: len(shop.stored(spec.name)) for spec in shop.specs}
    assert len(seen) == 1  # each has one range
    assert multiprocessing.active_children() == []
