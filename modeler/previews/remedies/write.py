"""Putting the files of a proposal into the app."""

from __future__ import annotations

from pathlib import Path

from modeler.errors import ConfigurationError, ConflictError
from modeler.previews.remedies.proposal import Proposal

MAX_MIGRATION = "max_migration.txt"  # django-linear-migrations keeps the last one's name there


def write_files(proposal: Proposal) -> tuple[str, ...]:
    """Write the files of a proposal and return their paths, in the order in which they run.

    The original's file becomes the last part of this release; the others are new. Either all are
    written, or none.

    Raises:
        ConfigurationError: the original is applied already, or there is no folder to write to.
        ConflictError: the original changed since it was loaded, or one of the new files is there.
    """
    _refuse(proposal)
    before: dict[Path, str | None] = {}
    try:
        for file in proposal.files:
            path = Path(file.path)
            before[path] = path.read_text("utf-8") if path.exists() else None
            path.write_text(file.source, "utf-8")
        _keep_last(proposal, before)
    except OSError as error:
        for path, text in before.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(text, "utf-8")
        raise ConfigurationError(
            f"The files cannot be written: {error}. Nothing was changed."
        ) from error
    return tuple(file.path for file in proposal.files)


def _refuse(proposal: Proposal) -> None:
    if proposal.applied:
        raise ConfigurationError(
            f"{proposal.key} is applied already, and what is applied is not replaced. "
            f"Migrate back to before it, or leave it."
        )
    if any(not file.path for file in proposal.files):
        raise ConfigurationError(
            f"The migrations of {proposal.app} are in no folder that modeler can write to."
        )
    for file in proposal.files:
        path = Path(file.path)
        if file.name == proposal.name and not proposal.unwritten:
            if not path.exists():
                raise ConflictError(
                    f"{path} is gone; nothing was written. Preview the migrations again."
                )
            if path.read_text("utf-8") != proposal.original:
                raise ConflictError(
                    f"{path} changed since the preview read it; nothing was written. "
                    "Preview it again."
                )
        elif path.exists():
            raise ConflictError(f"{path} is there already; nothing was written. Move it away.")


def _keep_last(proposal: Proposal, before: dict[Path, str | None]) -> None:
    """Tell django-linear-migrations of a file that comes after the app's last one."""
    after = [file for file in proposal.files if file.later or proposal.unwritten]
    if not after:
        return
    path = Path(after[-1].path).with_name(MAX_MIGRATION)
    if path.exists():
        before[path] = path.read_text("utf-8")
        path.write_text(after[-1].name + "\n", "utf-8")
