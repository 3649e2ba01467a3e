"""Passwords that are made once and kept in files that only their owner reads."""

from __future__ import annotations

import os
import secrets

from .place import Place


def read_password(place: Place, name: str) -> str:
    """Return a stored password, or an empty string before the first start.

    Raises:
        PermissionError: it belongs to another user.
    """
    try:
        return (place.passwords / name).read_text().strip()
    except FileNotFoundError:
        return ""


def made_password(place: Place, name: str) -> tuple[str, bool]:
    """Return the password of that name, and whether it was made just now."""
    if stored := read_password(place, name):
        return stored, False
    new = secrets.token_urlsafe(24)
    path = place.passwords / name
    half = path.with_name(f".{name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "w") as file:
        file.write(new)
    half.replace(path)
    return new, True
