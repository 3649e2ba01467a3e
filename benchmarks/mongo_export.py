"""Export of the shop's orders, beside pymongo alone and beside a loop over the ORM."""

from __future__ import annotations

import statistics
import time
from typing import Any

from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions
from pymongo import MongoClient

from benchmarks.mongo_shop import empty_collections, orders_by_hand, shop_job, stored_documents
from modeler.mongo.sync.exporting import export_collections

ROUNDS = 3
BATCH = 1_000
BY_HAND = 2_000
OF_INSERT_MANY, STRETCH, OF_BY_HAND = 0.4, 0.6, 10.0


def measure_export(client: MongoClient[Any], postgres: str, rounds: int = ROUNDS) -> bool:
    """Print documents a second of each, and whether the bars hold."""
    job = shop_job("bench_export", postgres, "orders")
    seconds: dict[str, list[float]] = {"export": [], "insert_many": [], "by hand": []}
    documents: list[dict[str, Any]] = []
    for _ in range(rounds):
        empty_collections(client, "bench_export", job.specs)
        started = time.perf_counter()
        ((_, done, _),) = export_collections(job, 2)
        seconds["export"].append(time.perf_counter() - started)
        assert not done.refused, done.refused[:1]
        if not documents:
            documents = stored_documents(client["bench_export"]["orders"])
        empty_collections(client, "bench_insert", job.specs)
        seconds["insert_many"].append(inserted(client["bench_insert"]["orders"], documents))
        empty_collections(client, "bench_by_hand", job.specs)
        seconds["by hand"].append(by_hand(client, min(BY_HAND, len(documents))))
    rates = {
        name: (len(documents) if name != "by hand" else min(BY_HAND, len(documents)))
        / statistics.median(times)
        for name, times in seconds.items()
    }
    print(f"{len(documents):,} orders, {done.bytes / len(documents):,.0f} bytes each")
    for name, rate in rates.items():
        spread = " ".join(f"{each:.2f}" for each in seconds[name])
        print(f"{name:12} {rate:9,.0f} documents/s   (seconds: {spread})")
    share, times = rates["export"] / rates["insert_many"], rates["export"] / rates["by hand"]
    print(f"export : insert_many  {share:6.1%}  bar {OF_INSERT_MANY:.0%}, stretch {STRETCH:.0%}")
    print(f"export : by hand      {times:6.1f}  bar {OF_BY_HAND:.0f}")
    return share >= OF_INSERT_MANY and times >= OF_BY_HAND


def inserted(collection: Any, documents: list[dict[str, Any]]) -> float:
    """Return the seconds that insert_many takes, in batches as the export's."""
    started = time.perf_counter()
    for start in range(0, len(documents), BATCH):
        collection.insert_many(documents[start : start + BATCH], ordered=False)
    return time.perf_counter() - started


def by_hand(client: MongoClient[Any], limit: int) -> float:
    """Return the seconds of a loop over the ORM that replaces one document after the other."""
    options: CodecOptions[Any] = CodecOptions(uuid_representation=UuidRepresentation.STANDARD)
    collection = client["bench_by_hand"].get_collection("orders", codec_options=options)
    started = time.perf_counter()
    for document in orders_by_hand("default", limit):
        collection.replace_one({"_id": document["_id"]}, document, upsert=True)
    return time.perf_counter() - started
