"""Who holds a port."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from modeler.servers.ports import HOST, holder, is_free

ME = f"{Path('/proc/self/comm').read_text().strip()} (process {os.getpid()})"


@pytest.mark.parametrize(
    ("family", "address"),
    [
        (socket.AF_INET, HOST),
        (socket.AF_INET, "0.0.0.0"),
        (socket.AF_INET6, "::"),
        (socket.AF_INET6, "::ffff:127.0.0.1"),
    ],
)
def test_who_listens_is_named(family, address):
    with socket.socket(family) as listening:
        if family is socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        try:
            listening.bind((address, 0))
        except OSError:
            pytest.skip(f"this machine has no address {address}")
        port = listening.getsockname()[1]
        assert holder(port) == "another process"  # bound, and not heard yet
        listening.listen()
        assert (holder(port), is_free(port)) == (ME, False)
    assert (holder(port), is_free(port)) == ("another process", True)


def test_another_address_of_the_machine_is_no_hindrance():
    with socket.socket() as listening:
        listening.bind(("127.0.0.2", 0))
        listening.listen()
        port = listening.getsockname()[1]
        assert (holder(port), is_free(port)) == ("another process", True)


def test_without_proc_nobody_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr("modeler.servers.ports.PROC", tmp_path / "nowhere")
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        assert holder(listening.getsockname()[1]) == "another process"
