"""PostgreSQL and MongoDB of one's own: find, start, supervise, stop.

Nothing here needs Django's settings, so a settings module may import it. Only one process, the
supervisor, owns the servers of a data folder; everyone else holds a lease and connects.
"""

from __future__ import annotations

from .hold import Held, hold
from .place import Place
from .throwaway import Throwaway, supervised
from .urls import embedded_database, mongo_url, postgres_url

__all__ = [
    "Held",
    "Place",
    "Throwaway",
    "embedded_database",
    "hold",
    "mongo_url",
    "postgres_url",
    "supervised",
]
