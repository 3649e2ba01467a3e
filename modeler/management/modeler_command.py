"""What modeler's commands share: no traceback for what a person can mend, whole files."""

from __future__ import annotations

import os
import shlex
import sys
import tempfile
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modeler.errors import ModelerError
from modeler.schema.schema import Schema

WRONG_INPUT = 2  # exit code, as argparse uses it
OUT_OF_DATE = 1  # exit code of --check and --exit-code


class ModelerCommand(BaseCommand, ABC):
    """A command whose ``run`` does the work.

    A ``ModelerError`` ends as one sentence on standard error and exit code 2.
    """

    # A project whose checks fail is one that somebody wants to look at.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    @abstractmethod
    def run(self, **options: Any) -> None:
        """Do the work; options as they were parsed."""

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run(**options)
        except ModelerError as error:
            raise CommandError(str(error), returncode=WRONG_INPUT) from error

    def add_names(self, parser: ArgumentParser, what: str) -> None:
        parser.add_argument(
            "names", nargs="*", metavar="APP|APP.Model", help=f"{what}; of all apps by default"
        )

    def add_output(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--output", metavar="FILE", default="-", help="file to write; - for the terminal"
        )

    def add_store(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--store", action="store_true", help="store the result for the pages in admin"
        )

    def say_missing(self, schema: Schema) -> None:
        """Say on standard error what could not be read, so that nobody takes it for complete."""
        for subject, reason in schema.missing:
            self.stderr.write(f"Note: {subject}: {reason}")

    def put_out(self, result: str | bytes, output: str) -> None:
        """Write a result to a file, whole or not at all, or to standard output.

        Raises:
            CommandError: the file cannot be written.
        """
        if output == "-":
            if isinstance(result, str):
                self.stdout.write(result, ending="")
            else:
                self._put_bytes(result)
            return
        path = Path(output)
        try:
            handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as stream:
                stream.write(result.encode("utf-8") if isinstance(result, str) else result)
            # mkstemp makes the file private; a picture for the docs should get the usual rights.
            mask = os.umask(0)
            os.umask(mask)
            Path(temporary).chmod(0o666 & ~mask)
            Path(temporary).replace(path)
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written: {error.strerror}. Name another file with --output.",
                returncode=WRONG_INPUT,
            ) from error
        self.stderr.write(f"Wrote {output}.")

    def _put_bytes(self, result: bytes) -> None:
        if self.stdout.isatty():
            raise CommandError(
                "A terminal cannot show this format. Name a file with --output.",
                returncode=WRONG_INPUT,
            )
        sys.stdout.buffer.write(result)

    def check_file(
        self, current: str | bytes, file: str, changes: Callable[[bytes], Iterable[str]]
    ) -> None:
        """End with 1 and the changes where a committed file is not what would be written now.

        Args:
            current: what would be written.
            file: the committed one.
            changes: lines that say what changed, of the committed bytes.

        Raises:
            CommandError: it is out of date, or cannot be read.
        """
        anew = f"{self.command_line(without='--check')} --output {file}"
        try:
            committed = Path(file).read_bytes()
        except OSError as error:
            raise CommandError(
                f"{file} cannot be read: {error.strerror}. Write it first: {anew}",
                returncode=WRONG_INPUT,
            ) from error
        if committed == (current if isinstance(current, bytes) else current.encode("utf-8")):
            self.stderr.write(f"{file} is up to date.")
            return
        for line in changes(committed):
            self.stdout.write(line)
        raise CommandError(f"{file} is out of date. Write it anew: {anew}", returncode=OUT_OF_DATE)

    def progress(self, done: int, of: int, name: str) -> None:
        """Show where a long run is, on one line of a terminal; files and CI stay quiet."""
        if self.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{done + 1}/{of} {name}", ending="")

    def clear_progress(self) -> None:
        if self.stderr.isatty():
            self.stderr.write("\r\x1b[K", ending="")

    @staticmethod
    def command_line(*, without: str = "") -> str:
        """Return the command as a person would type it again, without ``--output``.

        Args:
            without: a further option with a value that is left out.
        """
        words = [word for word in sys.argv[1:] if word != "--no-input"]
        for option in filter(None, ("--output", without)):
            if option in words:
                at = words.index(option)
                del words[at : at + 2]
            words = [word for word in words if not word.startswith(f"{option}=")]
        return "manage.py " + shlex.join(words)
