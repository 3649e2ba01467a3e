"""Addresses of the embedded servers. Pure: nothing here starts or makes anything."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import quote, urlencode

from .cluster import PROJECT, SHADOW, SUPERUSER, clusters
from .mongo import HOST, PORT, REPLICA_SET, USER, read_port
from .passwords import read_password
from .place import Place


def embedded_database(
    data_dir: str | os.PathLike[str], server: str = "postgres"
) -> dict[str, Any]:
    """Return an entry for Django's ``DATABASES``: the project's database in ``data_dir``.

    Before the first start there is no password yet, and the entry says an empty one; run the
    project under ``python -m modeler.servers run``.

    Args:
        data_dir: the folder that ``--data`` names.
        server: ``postgres``, or ``shadow`` for the superuser of the shadow cluster.
    """
    place = Place.of(data_dir)
    cluster = clusters(place)[server]
    user, name = (PROJECT, PROJECT) if server == "postgres" else (SUPERUSER, SHADOW)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": str(place.sockets),
        "PORT": str(cluster.port),
        "NAME": name,
        "USER": user,
        "PASSWORD": read_password(place, f"{cluster.name}-{user}"),
    }


def postgres_url(data_dir: str | os.PathLike[str], server: str = "postgres") -> str:
    """Return the same address as a URL, ``postgres://user:password@/name?host=…&port=…``."""
    entry = embedded_database(data_dir, server)
    at = f"{quote(entry['USER'])}:{quote(entry['PASSWORD'], safe='')}@"
    where = urlencode({"host": entry["HOST"], "port": entry["PORT"]})
    return f"postgres://{at}/{quote(entry['NAME'])}?{where}"


def mongo_url(data_dir: str | os.PathLike[str]) -> str:
    """Return the URL of the embedded MongoDB, for a user with every right.

    Raises:
        ServerError: the stored port cannot be read.
    """
    place = Place.of(data_dir)
    password = quote(read_password(place, f"mongo-{USER}"), safe="")
    port = read_port(place) or PORT
    return f"mongodb://{USER}:{password}@{HOST}:{port}/?authSource=admin&replicaSet={REPLICA_SET}"
