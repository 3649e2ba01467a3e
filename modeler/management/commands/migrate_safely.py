from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.loader import MigrationLoader

from modeler.errors import ConfigurationError, UnknownName
from modeler.management.commands.migration_preview import Command as PreviewCommand
from modeler.management.modeler_command import ModelerCommand
from modeler.previews.options import STATIC, TRACED
from modeler.previews.safely.alone import Alone
from modeler.previews.safely.duration import duration
from modeler.previews.safely.interruption import Interruption
from modeler.previews.safely.log import Log
from modeler.previews.safely.look import Look
from modeler.previews.safely.obstacles import behind_pooler, kinds_of
from modeler.previews.safely.operations import HalfDone
from modeler.previews.safely.patience import Patience
from modeler.previews.safely.run import SafeRun
from modeler.previews.safely.stopped import Interrupted, Stopped
from modeler.previews.safely.words import counted
from modeler.previews.steps import Node, load
from modeler.reporting.finding import Level

REHEARSALS = {"trace": TRACED, "static": STATIC}
REFUSED = 1  # exit code: findings or obstacles, or it could not be brought to its end
INTERRUPTED = 130  # as shells say it of SIGINT


class Command(ModelerCommand):
    help = (
        "Django's migrate for a live PostgreSQL: looks first, waits for locks only shortly, tries "
        "again, and goes on after a failed or killed run."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", nargs="?", default="", metavar="APP")
        parser.add_argument("name", nargs="?", default="", metavar="NAME")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, help="alias to migrate (default: default)"
        )
        parser.add_argument(
            "--lock-timeout",
            default="100ms",
            metavar="TIME",
            help="how long a statement waits for a lock (default: %(default)s)",
        )
        parser.add_argument(
            "--attempts",
            type=int,
            default=15,
            metavar="N",
            help="how often it is tried when a lock was not to be had (default: %(default)s)",
        )
        parser.add_argument(
            "--patience",
            default="10min",
            metavar="TIME",
            help="how long statements with CONCURRENTLY, which hold nobody up, wait for others "
            "(default: %(default)s)",
        )
        looks = parser.add_mutually_exclusive_group()
        looks.add_argument(
            "--skip-preview", action="store_true", help="no rehearsal on the shadow, no findings"
        )
        looks.add_argument(
            "--preview",
            choices=tuple(REHEARSALS),
            default="static",
            help="what kind of rehearsal (default: %(default)s)",
        )
        parser.add_argument(
            "--fail-on",
            choices=[*map(str, Level), "never"],
            default=str(Level.ERROR),
            help="refuse when a finding is as grave and not waived (default: %(default)s)",
        )
        parser.add_argument(
            "--baseline", metavar="FILE", help="findings that were accepted when it was written"
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            metavar="OBSTACLE",
            help="go on although the preflight found it: long-transaction, lock-holder, …, all",
        )
        parser.add_argument(
            "--if-running",
            choices=("wait", "leave"),
            default="wait",
            help="when another migrate_safely is at work (default: %(default)s)",
        )
        parser.add_argument(
            "--half-done",
            choices=[*map(str, HalfDone)],
            default=str(HalfDone.STOP),
            help="what to do with code that an earlier run began and did not finish, in a "
            "migration without a transaction (default: %(default)s)",
        )
        parser.add_argument(
            "--run-syncdb", action="store_true", help="tables for apps without migrations, too"
        )
        parser.add_argument("--plan", action="store_true", help="say what would be done, no more")
        parser.add_argument(
            "--no-input",
            "--noinput",
            action="store_false",
            dest="interactive",
            help="do not ask anything",
        )

    def run(self, **options: Any) -> None:
        patience = Patience(
            duration(options["lock_timeout"], "--lock-timeout"),
            options["attempts"],
            duration(options["patience"], "--patience"),
        )
        if patience.attempts < 1:
            raise ConfigurationError("--attempts must be 1 or more.")
        if options["name"] and not options["app"]:
            raise ConfigurationError("Name an app before the migration.")
        accepted = kinds_of(options["accept"])
        alias = options["database"]
        self.check_database(alias)
        waivers = PreviewCommand.baseline(options["baseline"])
        self.log = Log(self._write)
        try:
            with Interruption(self.log) as interruption:
                self.work(alias, patience, accepted, waivers, interruption, options)
        except Stopped as error:
            raise CommandError(str(error), returncode=REFUSED) from error
        except Interrupted as error:
            raise CommandError(
                f"Stopped as asked for. {str(error) or 'Nothing was changed.'}",
                returncode=INTERRUPTED,
            ) from error

    @staticmethod
    def check_database(alias: str) -> None:
        """Raise unless the alias names a PostgreSQL."""
        if alias not in connections:
            raise UnknownName("database", alias, connections)
        connection = connections[alias]
        if connection.vendor != "postgresql":
            raise ConfigurationError(
                f"migrate_safely is made for PostgreSQL, and {alias!r} is "
                f"{connection.display_name}. Run: manage.py migrate --database {alias}"
            )

    def work(
        self,
        alias: str,
        patience: Patience,
        accepted: Any,
        waivers: Any,
        interruption: Interruption,
        options: dict[str, Any],
    ) -> None:
        load(alias)
        pooled = behind_pooler(connections[alias])
        look = Look(
            alias,
            patience=patience,
            log=self.log,
            write=self._write,
            app=options["app"],
            name=options["name"],
            rehearsal=None if options["skip_preview"] else REHEARSALS[options["preview"]],
            waivers=waivers,
            fail_on=None if options["fail_on"] == "never" else Level(options["fail_on"]),
            accepted=accepted,
            plan=options["plan"],
        )
        if options["plan"]:
            self.looked(look)
            return
        alone = Alone(
            connections[alias], self.log, pooled=pooled, wait=options["if_running"] == "wait"
        )
        # Before anything is looked at: another run is no obstacle, and changes what is pending.
        with alone:
            alone.wait_for_leftovers(patience.concurrently, interruption.check)
            loader, nodes = self.looked(look)
            if nodes and options["interactive"] and sys.stdin.isatty():
                self.ask(nodes, alias)
            self.migrate(loader, nodes, alone, interruption, patience, pooled, options)

    def looked(self, look: Look) -> tuple[MigrationLoader, tuple[Node, ...]]:
        try:
            return look(self.progress)
        finally:
            self.clear_progress()

    def ask(self, nodes: tuple[Node, ...], alias: str) -> None:
        answer = input(f"Apply {counted(nodes)} to {alias!r}? [y/N] ")
        if answer.strip().lower() not in ("y", "yes"):
            raise Stopped("Left as it was: nothing was changed.")

    def migrate(
        self,
        loader: MigrationLoader,
        nodes: tuple[Node, ...],
        alone: Alone,
        interruption: Interruption,
        patience: Patience,
        pooled: bool,
        options: dict[str, Any],
    ) -> None:
        alias = options["database"]
        run = SafeRun(
            alias,
            nodes,
            patience=patience,
            log=self.log,
            alone=alone,
            interruption=interruption,
            pooled=pooled,
            half_done=HalfDone(options["half_done"]),
        )
        if pooled:
            self.log.say(
                "Behind a pooler: the lock timeout is set in each transaction. It does not hold "
                "for Python code outside of one, nor can whoever blocks a statement outside of "
                "one be named."
            )
        names = [name for name in (options["app"], options["name"]) if name]
        self.log.say(
            f"Migrating {alias!r}: {counted(nodes)}" if nodes else
            f"Nothing is pending on {alias!r}; migrate sends its signals"
        )  # fmt: skip
        run(
            lambda: call_command(
                "migrate",
                *names,
                database=alias,
                interactive=options["interactive"],
                verbosity=max(0, options["verbosity"] - 1),
                run_syncdb=options["run_syncdb"],
                skip_checks=False,
                stdout=self.stdout,
                stderr=self.stderr,
            ),
            frozenset(loader.applied_migrations),
        )
        self.log.say(f"Done: {counted(tuple(run.done))} applied to {alias!r}")

    def _write(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
