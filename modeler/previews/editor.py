"""Django's schema editor, with its transaction always ended."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper


@contextmanager
def schema_editor(connection: BaseDatabaseWrapper, *, atomic: bool) -> Iterator[Any]:
    """Give an editor as ``connection.schema_editor`` does.

    Django leaves the transaction open when one of the statements fails that it kept for the end;
    here it is rolled back, so that the connection can go on.
    """
    was_inside = connection.in_atomic_block
    editor: Any = connection.schema_editor(atomic=atomic)
    try:
        with editor:
            yield editor
    except BaseException:
        if connection.in_atomic_block and not was_inside:
            editor.atomic.__exit__(*sys.exc_info())
        raise
