"""Python's garbage collector, out of the way where much is made and kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking Django's whole heap again and again.

    Measured on a project of 1,000 models: a first reading took a third longer with it, a scene of
    them half as long again to twice as long. What is made inside is freed by its counts as always.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
