"""Writing a site into a folder: whole, and without touching what is not its own."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from modeler.errors import ConfigurationError

MANIFEST = ".modeler-schema-docs.json"
FORMAT, VERSION = "modeler.schema_docs", 1


def write_site(files: Iterable[tuple[str, bytes]], folder: Path) -> int:
    """Write the files into a folder; return how many.

    All of it is written to a folder beside first. A folder that is not there, or is empty, then
    comes into being whole. One that an earlier call made gets the new files one by one, each
    whole, and loses the pages of tables that are no more; files that did not come from there stay.

    Args:
        files: path within the site, with slashes, and content.
        folder: where it goes; its parent folder must be there.

    Raises:
        ConfigurationError: the folder holds other things, is no folder, or cannot be written.
    """
    folder = folder.absolute()
    earlier = _earlier(folder)
    try:
        return _write(files, folder, earlier)
    except OSError as error:
        raise ConfigurationError(
            f"{folder} cannot be written: {error.strerror}. Name another folder."
        ) from error


def _earlier(folder: Path) -> frozenset[str]:
    """Return the files that an earlier call wrote there.

    Raises:
        ConfigurationError: the folder holds things and is not one of ours.
    """
    if folder.is_symlink() and not folder.exists():
        raise ConfigurationError(f"{folder} is a link that leads nowhere. Name another folder.")
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is a file. Name a folder.")
    if not folder.exists() or not any(folder.iterdir()):
        return frozenset()
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise ValueError
        return frozenset(name for name in manifest["files"] if _is_inside(name))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{folder} is not empty and was not made by schema_docs, so nothing is written there. "
            "Name a new or an empty folder."
        ) from error


def _is_inside(name: object) -> bool:
    """Tell whether a name from a manifest, which anybody may have edited, stays in the folder."""
    if not isinstance(name, str) or "\\" in name or "\0" in name:
        return False
    parts = name.split("/")
    return len(parts) <= 2 and all(
        part not in {"", ".", ".."} and ":" not in part for part in parts
    )


def _write(files: Iterable[tuple[str, bytes]], folder: Path, earlier: frozenset[str]) -> int:
    folder.parent.resolve(strict=True)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        names = []
        for name, content in files:
            path = made / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            names.append(name)
        manifest = {"format": FORMAT, "version": VERSION, "files": sorted(names)}
        text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
        (made / MANIFEST).write_text(text, encoding="utf-8")
        _open_up(made)
        if folder.exists() and any(folder.iterdir()):
            _replace(made, [*names, MANIFEST], folder, earlier)
        elif folder.is_symlink():
            _replace(made, [*names, MANIFEST], folder, frozenset())
        else:
            if folder.exists():
                folder.rmdir()  # Windows renames to no folder that is there, even an empty one
            made.replace(folder)
        return len(names)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _replace(made: Path, names: list[str], folder: Path, earlier: frozenset[str]) -> None:
    ours = earlier | {MANIFEST}
    foreign = [name for name in names if name not in ours and (folder / name).exists()]
    if foreign:
        raise ConfigurationError(
            f"{folder / foreign[0]} was not made by schema_docs and would be overwritten. Move it "
            "away, or name another folder."
        )
    for name in names:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        (made / name).replace(path)
    for name in earlier - set(names):
        (folder / name).unlink(missing_ok=True)


def _open_up(made: Path) -> None:
    """Give the folder the usual rights: mkdtemp makes it private, a site is there to be read."""
    mask = os.umask(0)
    os.umask(mask)
    made.chmod(0o777 & ~mask)
