"""``python -m modeler.servers``: run, status, stop. Needs no Django settings."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from modeler.errors import ModelerError, ServerError

from .hold import Held
from .lease import SERVERS, is_supervised, supervisor_lock
from .mongod import download_mongod
from .place import Place
from .run import run_command, serve
from .status import Status, read_status
from .supervisor import supervise

STOP_SECONDS = 90.0
NOT_RUNNING = 3  # as "service … status" says it (Linux Standard Base, init scripts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code, 1 after an error that was told."""
    options = parser().parse_args(arguments)
    try:
        return options.does(options)
    except ModelerError as error:
        print(f"modeler.servers: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m modeler.servers",
        description="Run PostgreSQL and MongoDB out of a data folder, and stop them after use.",
    )
    verbs = top.add_subparsers(required=True, metavar="run|status|stop|download-mongod")

    run = verbs.add_parser("run", help="run a command on the servers, or serve until Ctrl-C")
    for name in SERVERS:
        run.add_argument(f"--{name}", action="append_const", dest="servers", const=name)
    run.add_argument("--throwaway", action="store_true", help="a new cluster is fast, not durable")
    run.add_argument("--postgres-bin", metavar="DIR", help="PostgreSQL's programs")
    run.add_argument("command", nargs="*", metavar="COMMAND", help="after --")
    run.set_defaults(does=do_run)

    status = verbs.add_parser("status", help="say what runs")
    status.set_defaults(does=do_status)
    stop = verbs.add_parser("stop", help="stop the servers, whoever uses them")
    stop.set_defaults(does=do_stop)

    download = verbs.add_parser("download-mongod", help="fetch MongoDB 6.0 to develop with")
    download.set_defaults(does=do_download)

    # What ``run`` starts; not for people.
    hidden = verbs.add_parser("supervise")
    hidden.add_argument("--lock", type=int, required=True)
    hidden.add_argument("--throwaway", action="store_true")
    hidden.add_argument("--temporary", action="store_true")
    hidden.add_argument("--postgres-bin")
    hidden.set_defaults(does=do_supervise)

    default = os.environ.get("MODELER_DATA_DIR") or ".data"
    for verb in (run, status, stop, download, hidden):
        verb.add_argument("--data", type=Path, default=default, metavar="DIR")
    return top


def do_run(options: argparse.Namespace) -> int:
    servers = tuple(dict.fromkeys(options.servers or ("postgres",)))
    held = Held(Place.of(options.data), servers, options.throwaway, options.postgres_bin)
    status = held.acquire()
    try:
        if options.command:
            return run_command(held, options.command)
        for name in servers:
            print(f"{name} {status.servers[name].version} is ready in {held.place.home}.")
        print("Press Ctrl-C to stop.", flush=True)
        serve(held)
        return 0
    finally:
        held.release()
        held.wait_until_stopped()


def live_status(place: Place) -> Status | None:
    """Return what the supervisor says, or None when none lives."""
    place.refuse_foreign()
    return read_status(place) if is_supervised(place) else None


def do_status(options: argparse.Namespace) -> int:
    place = Place.of(options.data)
    status = live_status(place)
    if status is None:
        print(f"Nothing runs in {place.data_dir}.")
        return NOT_RUNNING
    print(f"The supervisor of {place.data_dir} is process {status.supervisor}.")
    for name, said in sorted(status.servers.items()):
        detail = said.message or f"version {said.version}, process {said.pid}"
        print(
            f"{name}: {said.state}, {detail}"
            if said.pid or said.message
            else f"{name}: {said.state}"
        )
    return 0


def do_stop(options: argparse.Namespace) -> int:
    place = Place.of(options.data)
    status = live_status(place)
    if status is None:
        print(f"Nothing runs in {place.data_dir}.")
        return 0
    os.kill(status.supervisor, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while is_supervised(place):
        if time.monotonic() > deadline:
            raise ServerError(f"Process {status.supervisor} has not ended yet; see {place.logs}.")
        time.sleep(0.05)
    print(f"Stopped what ran in {place.data_dir}.")
    return 0


def do_download(options: argparse.Namespace) -> int:
    found = download_mongod(Place.of(options.data))
    print(f"mongod {found.version} is in {found.program}.")
    return 0


def do_supervise(options: argparse.Namespace) -> int:
    place = Place.of(options.data)
    if not os.path.samestat(os.fstat(options.lock), supervisor_lock(place).path.stat()):
        raise ServerError(f"The rights of {place.data_dir} changed meanwhile. Run again.")
    # Whoever started us waits for this process alone; the child has no parent but init.
    if os.fork():
        os._exit(0)
    supervise(place, throwaway=options.throwaway, postgres_bin=options.postgres_bin)
    if options.temporary:
        # Under the lock still, so nobody can start anything in it meanwhile.
        place.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
