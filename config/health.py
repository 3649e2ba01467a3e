"""Two questions that a load balancer asks."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process lives; asks nothing else."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database answers and no migration is pending, else 503 with why."""
    try:
        executor = MigrationExecutor(connection)
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError:
        # The message may name hosts and users; it is in the log of whoever runs the database.
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    answer = {"status": "ok", "database": "ok", "pending_migrations": pending, **_pool()}
    if pending:
        answer["status"] = "unavailable"
    return JsonResponse(answer, status=503 if pending else 200)


def _pool() -> dict[str, dict[str, int]]:
    """Figures of the connection pool, where there is one (psycopg_pool, "Pool stats")."""
    pool = getattr(connection, "pool", None)
    if pool is None:
        return {}
    wanted = ("pool_min", "pool_max", "pool_size", "pool_available", "requests_waiting")
    figures = pool.get_stats()
    return {"pool": {name: figures.get(name, 0) for name in wanted}}
