"""Eight writers, three workers, and everything killed at random: in the end all is equal."""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from django.db import connections
from pymongo import MongoClient

from modeler.mongo.sync.processes import Job
from modeler.postgres.connections import connection_to
from modeler.servers import Place
from tests.modeler.mongo.sync.domain import Shop, make_shop
from tests.parts import require_mongod
from tests.torture.changes import rows
from tests.torture.servers import servers_to_kill
from tests.torture.torture import Killer, VersionWatch, Workers
from tests.torture.writers import ALIAS, OrmWriter, SqlWriter

SECONDS = float(os.environ.get("TORTURE_SECONDS", "120"))
SEED = int(os.environ.get("TORTURE_SEED", "0")) or random.SystemRandom().randrange(1, 2**31)
DRAIN_SECONDS = 180.0
NAME = "torture"


def stored_bytes(database: Any, name: str) -> dict[str, bytes]:
    """All documents without ``_sync``, as BSON."""
    raw = database.get_collection(name, codec_options=CodecOptions(document_class=RawBSONDocument))
    found = {}
    for document in raw.find():
        plain = {key: value for key, value in document.items() if key != "_sync"}
        found[repr(document["_id"])] = bson.encode(plain)
    return found


def row_bytes(shop: Shop, name: str) -> dict[str, bytes]:
    """The documents that the rows give, as BSON."""
    one = shop.collections[name]
    columns = ", ".join(f"{column}::text" for column in one.builder.key_columns)
    keys = shop.rows(f"SELECT {columns} FROM {one.root.location.table}")
    with shop.connection.cursor() as cursor:
        documents = one.builder.documents(cursor, [tuple(key) for key in keys])
    made = [bson.encode(document) for document in documents.values()]
    return {repr(RawBSONDocument(each)["_id"]): each for each in made}


def drained(shop: Shop) -> float:
    """Wait for the queue, and return how many seconds it took."""
    started = time.monotonic()
    while shop.rows("SELECT count(*) FROM modeler_sync_queue") != [(0,)]:
        waited = time.monotonic() - started
        assert waited < DRAIN_SECONDS, shop.rows(
            "SELECT watch, attempts, count(*) FROM modeler_sync_queue GROUP BY 1, 2 LIMIT 20"
        )
        time.sleep(0.1)
    return time.monotonic() - started


def test_all_is_equal_after_everything_was_killed(django_db_blocker, capsys):
    require_mongod(Place.of(os.environ["MODELER_DATA_DIR"]).data_dir)
    with capsys.disabled(), django_db_blocker.unblock(), servers_to_kill() as servers:
        print(f"\nTORTURE_SEED={SEED} TORTURE_SECONDS={SECONDS:.0f}", flush=True)
        torture(servers)


def torture(servers: Any) -> None:
    settings = servers.database
    own = connection_to(settings, "default")
    connections.settings[ALIAS] = own.settings_dict
    with MongoClient(servers.mongo_url) as client:
        shop = make_shop(own, client, NAME, rows=rows())
        shop.worker.close()
        assert shop.rows("SHOW fsync") == [("on",)]
        assert shop.rows("SHOW synchronous_commit") == [("on",)]
        job = Job(own.settings_dict, "default", servers.mongo_url, NAME, shop.schema, shop.specs)
        own.close()
        workers = Workers(job)
        workers.start()
        watch = VersionWatch(servers.mongo_url, NAME, list(shop.collections))
        watch.start()
        done: Counter[str] = Counter()
        refused: Counter[str] = Counter()
        stopping = threading.Event()
        shared = (own.settings_dict, done, refused, stopping)
        writers = [SqlWriter(f"{SEED} {number}", *shared) for number in range(6)]
        writers += [OrmWriter(f"{SEED} {number}", *shared) for number in range(6, 8)]
        for writer in writers:
            writer.start()
        killer = Killer(SEED, servers, workers)
        try:
            killer.run(SECONDS)
        finally:
            stopping.set()
            for writer in writers:
                writer.join(60)
        (waiting,) = shop.rows("SELECT count(*) FROM modeler_sync_queue")
        took = drained(shop)
        watch.stopping.set()
        watch.join(10)
        codes = workers.stop()
        dead = shop.rows("SELECT collection, key, reason FROM modeler_sync_dead")
        stored = {name: stored_bytes(shop.mongo, name) for name in shop.collections}
        wanted = {name: row_bytes(shop, name) for name in shop.collections}
        epochs = shop.rows("SELECT last_value FROM modeler_sync_version")
        print(
            f"{sum(done.values()):,} changes, {sum(refused.values()):,} refused "
            f"({refused['server']:,} by kills); kills: {dict(killer.kills)}; "
            f"{sum(map(len, wanted.values())):,} documents of which "
            f"{len(watch.seen):,} were seen in {watch.looks:,} looks; {epochs[0][0]:,} versions; "
            f"{waiting[0]:,} entries left, drained in {took:.1f} s",
            flush=True,
        )
        print(dict(done.most_common()), flush=True)
        own.close()
    assert [writer.failure for writer in writers if writer.failure] == []
    assert dead == []
    assert watch.back == []
    assert codes == [0] * len(codes)
    for name, documents in wanted.items():
        different = {key for key in documents if stored[name].get(key) != documents[key]}
        assert (different, set(stored[name]) - set(documents)) == (set(), set()), name
    assert len(done) > 20 and sum(killer.kills.values()) > SECONDS / 10
