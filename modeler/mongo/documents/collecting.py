"""Python's collector of cycles, kept still while documents are built.

Documents are trees, so counting references frees them. The collector would walk all of a batch
again and again to find nothing: a third of the time that building takes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no cycles within the block; make in it what is to be freed in it.

    Nested blocks, and blocks of several threads at once, leave the collector as they found it or
    running.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
