"""Prepared transactions: they hold locks without a process, until somebody ends them."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.postgres.locks import OF_SERVER, LockMode

from .asked import Asked, Probe
from .obstacle import Obstacle, ObstacleKind, seconds

# Its locks have no pid. They are found by the virtual transaction that holds its own number.
PREPARED = """
SELECT p.gid, p.owner::text AS role,
       extract(epoch FROM clock_timestamp() - p.prepared)::float8 AS age,
       l.relation::bigint AS relation, l.mode::text AS mode
FROM pg_prepared_xacts p
LEFT JOIN pg_locks own ON own.locktype = 'transactionid' AND own.pid IS NULL
 AND own.transactionid = p.transaction
LEFT JOIN pg_locks l ON l.virtualtransaction = own.virtualtransaction AND l.pid IS NULL
 AND l.locktype = 'relation' AND l.relation = ANY(%s::bigint[])
WHERE p.database = current_database()
ORDER BY p.prepared, p.gid, l.relation, l.mode
"""


def prepared_transactions(asked: Asked) -> Iterable[Obstacle]:
    named = set()
    for row in asked.rows(PREPARED, [asked.oids]):
        hint = (
            f"End it: COMMIT PREPARED '{row['gid']}' or ROLLBACK PREPARED '{row['gid']}', as "
            f"{row['role']} or a superuser; ask its transaction manager which."
        )
        evidence = (("gid", row["gid"]), ("role", row["role"]), ("seconds", f"{row['age']:.1f}"))
        start = f"The prepared transaction {row['gid']!r} of {row['role']}"
        if row["mode"] in OF_SERVER:
            target, mode = asked.target(row["relation"]), LockMode.of_server(row["mode"])
            if target.intent.conflicts_with(mode):
                named.add(row["gid"])
                yield Obstacle(
                    ObstacleKind.PREPARED_TRANSACTION,
                    target.relation,
                    f"{start} holds {mode.value} on {target.relation} for {seconds(row['age'])}; "
                    "it has no process that could end.",
                    hint,
                    (*evidence, ("mode", mode.value)),
                    blocks=True,
                )
        elif row["age"] >= asked.older_than and row["gid"] not in named:
            yield Obstacle(
                ObstacleKind.PREPARED_TRANSACTION,
                "server",
                f"{start} waits for its end for {seconds(row['age'])}, without a lock on these "
                "tables.",
                hint,
                evidence,
            )


PROBES = (Probe("prepared transactions", prepared_transactions, needs_targets=False),)
