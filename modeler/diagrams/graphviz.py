"""Graphviz, wherever it is: the ``dot`` command, or the one inside pygraphviz.

It always runs in a child process with a limit on time and memory: it is C code that cannot be
interrupted, and a large graph must not take the web server or the deploy with it.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from modeler.errors import ServerError

CHILD = Path(__file__).with_name("graphviz_child.py")
SECONDS = 60
MEGABYTES = 2048
# Graphviz's engine that takes everything from where the document says it is (``neato -n2``).
NO_LAYOUT = "nop2"


class GraphvizMissing(ServerError):
    """There is no Graphviz on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "Graphviz is not here. Install it with `pip install 'django-modeler[graphviz]'` "
            "or your system's package `graphviz`; svg and every text format need none."
        )


class GraphvizFailed(ServerError):
    """Graphviz refused a graph, or ran out of its time or memory."""


def engine() -> str:
    """Return ``dot`` or ``pygraphviz``, whichever will draw.

    Raises:
        GraphvizMissing: neither is here.
    """
    if shutil.which("dot"):
        return "dot"
    if importlib.util.find_spec("pygraphviz"):
        return "pygraphviz"
    raise GraphvizMissing


def render(
    graphs: list[str],
    *,
    output: str = "svg",
    layout: str = "dot",
    seconds: int = SECONDS,
    megabytes: int = MEGABYTES,
) -> list[bytes]:
    """Draw graphs, all in one child process.

    Args:
        graphs: DOT texts.
        output: a format of Graphviz (``svg``, ``png``, ``json`` …).
        layout: an engine of Graphviz.
        seconds, megabytes: what the child may use.

    Raises:
        GraphvizMissing: there is no Graphviz.
        GraphvizFailed: it failed; the message says how.
    """
    if not graphs:
        return []
    # -P: the child's own folder is not searched, where this very file is called graphviz.
    options = [engine(), output, str(megabytes), str(seconds), layout]
    command = [sys.executable, "-P", str(CHILD), *options]
    # Texts and drawings travel as length-prefixed blocks, so that any byte may stand in them.
    message = b"".join(_block(graph.encode()) for graph in graphs)
    try:
        done = subprocess.run(command, input=message, capture_output=True, timeout=seconds + 5)
    except subprocess.TimeoutExpired as error:
        raise GraphvizFailed(_over(f"{seconds} seconds")) from error
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise GraphvizFailed(
            f"Graphviz failed: {words[-1]}" if words else _over(f"{megabytes} MB or {seconds} s")
        )
    return _blocks(done.stdout)


def _over(limit: str) -> str:
    return f"Graphviz needed more than {limit}. Name fewer apps or tables, or show only keys."


def _block(data: bytes) -> bytes:
    return len(data).to_bytes(8, "big") + data


def _blocks(data: bytes) -> list[bytes]:
    blocks = []
    while data:
        length = int.from_bytes(data[:8], "big")
        blocks.append(data[8 : 8 + length])
        data = data[8 + length :]
    return blocks
