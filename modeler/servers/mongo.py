"""A running MongoDB server: a replica set of one, as a direct child of the supervisor."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from modeler.errors import ServerError

from .child import end_child, last_lines, start_child
from .mongod import Mongod, find_mongod
from .orphans import end_orphans
from .passwords import made_password, read_password
from .place import Place, made_folder
from .ports import HOST, holder, is_free

PORT = 27117
REPLICA_SET = "modeler"
USER = "modeler"
START_SECONDS = 60.0
IN_USE = b"Address already in use"
LOG_BYTES = 8_000_000
# Codes of the server (src/mongo/base/error_codes.yml).
AUTHENTICATION_FAILED, ALREADY_INITIALIZED = 18, 23


class MongoServer:
    """The server of one place; only the holder of the supervisor's lock may make one."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.folder = place.home / "mongo"
        self.log = place.logs / "mongo.log"
        self.version = ""
        self.child: subprocess.Popen[bytes] | None = None
        self.log_start = 0  # bytes of the log that were there before this start

    @property
    def pid(self) -> int | None:
        return self.child.pid if self.child else None

    def start(self) -> None:
        """Start, make the replica set and the user where they are missing, await the primary.

        Raises:
            ServerError: with the next step.
        """
        try:
            import pymongo  # noqa: F401, an extra: only those who run MongoDB need it
        except ImportError as error:
            raise ServerError(
                "Starting MongoDB needs the package pymongo. Install it with "
                "'pip install pymongo'."
            ) from error
        mongod = find_mongod(self.place)
        end_orphans(self.folder, "mongod", insist=(signal.SIGTERM, signal.SIGKILL))
        made_folder(self.folder, 0o700, self.place.account)
        made_folder(self.folder / "data", 0o700, self.place.account)
        self._make_key()
        is_new = read_port(self.place) is None
        password = self._password()
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.version = mongod.version
        port = self._port()
        try:
            self._launch(mongod, port, password)
        except ServerError as error:
            # It was free, and another has taken it since.
            if IN_USE not in self.log.read_bytes()[self.log_start :]:
                raise
            if not is_new:
                raise self._taken(port) from error
            self._launch(mongod, self._other_port(), password)

    def _launch(self, mongod: Mongod, port: int, password: str) -> None:
        self.log_start = self.log.stat().st_size if self.log.exists() else 0
        options = {
            "dbpath": self.folder / "data",
            "bind_ip": HOST,
            "port": port,
            "replSet": REPLICA_SET,
            "keyFile": self.folder / "key",
            "wiredTigerCacheSizeGB": 0.25,
            "oplogSize": 512,
        }
        self.child = start_child(
            [
                mongod.program,
                *(str(part) for name, value in options.items() for part in (f"--{name}", value)),
                "--nounixsocket",
                "--quiet",
            ],
            account=self.place.account,
            log=self.log,
            death_signal=signal.SIGTERM,
            cwd=self.folder,
            environment=mongod.environment,
        )
        self._await_primary(self.child, port, password)

    def has_ended(self) -> bool:
        """Whether the process that was started is gone."""
        return self.child is not None and self.child.poll() is not None

    def stop(self) -> None:
        if self.child is not None:
            end_child(self.child, ((signal.SIGTERM, 30.0), (signal.SIGKILL, 10.0)))
            self.child = None

    def _password(self) -> str:
        """Return the user's password, a new one for a new server."""
        name = f"mongo-{USER}"
        if not read_password(self.place, name) and (self.folder / "data" / "WiredTiger").exists():
            raise ServerError(
                f"The password of MongoDB in {self.folder} is lost. Put it back into "
                f"{self.place.passwords / name}, or remove {self.folder} with its data."
            )
        return made_password(self.place, name)[0]

    def _make_key(self) -> None:
        """Make the key by which members know each other; with it the server asks passwords."""
        key = self.folder / "key"
        if key.exists():
            return
        half = self.folder / f"key.new-{os.getpid()}"
        half.unlink(missing_ok=True)
        fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as file:
            file.write(secrets.token_hex(48))
        if self.place.account.is_other:
            os.chown(half, self.place.account.uid, self.place.account.gid)
        half.replace(key)

    def _port(self) -> int:
        """Return this place's port, chosen at the first start and kept in a file."""
        port = read_port(self.place)
        if port is not None:
            if is_free(port):
                return port
            raise self._taken(port)
        if not is_free(PORT):
            return self._other_port()
        port_file(self.place).write_text(f"{PORT}\n")
        return PORT

    def _taken(self, port: int) -> ServerError:
        return ServerError(
            f"MongoDB cannot start: port {port} on {HOST} is used by {holder(port)}. End that "
            f"one, or write another number into {port_file(self.place)}."
        )

    def _other_port(self) -> int:
        """Choose a port that is nobody's usual one, and keep it."""
        with socket.socket() as any_port:
            any_port.bind((HOST, 0))
            port: int = any_port.getsockname()[1]
        port_file(self.place).write_text(f"{port}\n")
        return port

    def _await_primary(self, child: subprocess.Popen[bytes], port: int, password: str) -> None:
        from pymongo.errors import OperationFailure, PyMongoError

        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                # Who answers before that is another's server on the same port, and must not be
                # told that it is a replica set of ours.
                if self._listens() and self._is_primary(port, password):
                    return
                said = "it is not primary yet"
            except OperationFailure as error:
                said = str(error.details.get("errmsg") if error.details else error)
            except PyMongoError as error:
                said = str(error)[:300]
            if child.poll() is not None:
                raise ServerError(
                    f"MongoDB in {self.folder} ended at once: {last_lines(self.log, 1)[:400]} "
                    f"(see {self.log})"
                )
            if time.monotonic() > deadline:
                self.stop()
                raise ServerError(
                    f"MongoDB in {self.folder} was not ready after {START_SECONDS:.0f} s: {said} "
                    f"(see {self.log})"
                )
            time.sleep(0.05)

    def _listens(self) -> bool:
        """Tell whether this server has taken its port, by its own word since it was started."""
        with self.log.open("rb") as log:
            log.seek(self.log_start)
            return b'"Waiting for connections"' in log.read()

    def _is_primary(self, port: int, password: str) -> bool:
        """Take the next step towards a primary that knows our user; True when it is there."""
        from pymongo import MongoClient
        from pymongo.errors import OperationFailure

        address: dict[str, Any] = {
            "host": HOST,
            "port": port,
            "directConnection": True,
            "serverSelectionTimeoutMS": 500,
        }
        try:
            with MongoClient(**address, username=USER, password=password) as client:
                return self._as_member(client, f"{HOST}:{port}")
        except OperationFailure as error:
            if error.code != AUTHENTICATION_FAILED:
                raise
        # Without any user a connection from this machine may do this, and nothing else
        # (MongoDB manual, "Localhost Exception").
        with MongoClient(**address) as client:
            members = [{"_id": 0, "host": f"{HOST}:{port}"}]
            try:
                client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": members})
            except OperationFailure as error:
                if error.code != ALREADY_INITIALIZED:
                    raise
            if client.admin.command("hello").get("isWritablePrimary"):
                client.admin.command("createUser", USER, pwd=password, roles=["root"])
        return False

    def _as_member(self, client: Any, host: str) -> bool:
        config = client.admin.command("replSetGetConfig")["config"]
        if config["members"][0]["host"] != host:
            # The port was changed: the set does not know this server any more, and only a
            # forced configuration tells it.
            config["members"][0]["host"] = host
            client.admin.command("replSetReconfig", config, force=True)
            return False
        return bool(client.admin.command("hello").get("isWritablePrimary"))


def port_file(place: Place) -> Path:
    return place.home / "mongo.port"


def read_port(place: Place) -> int | None:
    """Return the stored port; None before the first start.

    Raises:
        ServerError: the file holds no port.
    """
    try:
        text = port_file(place).read_text().strip()
    except FileNotFoundError:
        return None
    if not (text.isdigit() and 0 < int(text) < 65536):
        raise ServerError(f"{port_file(place)} holds no port number. Write one, or remove it.")
    return int(text)
