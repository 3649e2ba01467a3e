"""What ``make demo`` says when it cannot start: one sentence, exit code 2."""

from __future__ import annotations

import socket

import pytest

from tests.config.run import environment, run


def demo(**changes: str) -> tuple[int, str, str]:
    done = run("-m", "config.demo", env=environment(**changes))
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none(port: str) -> None:
    assert demo(PORT=port) == (
        2,
        "",
        f"demo: PORT={port} is no port. Choose one: make demo PORT=8001\n",
    )


def test_a_port_in_use() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo(PORT=str(port)) == (
            2,
            "",
            f"demo: Port {port} cannot be used: Address already in use. "
            "Choose another: make demo PORT=8001\n",
        )


@pytest.mark.parametrize("orders", ["many", "-5", "1e6"])
def test_orders_that_are_no_number(orders: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert demo(PORT=str(port), ORDERS=orders) == (
        2,
        "",
        f"demo: ORDERS={orders} is no number. Say how many: make demo ORDERS=1000000\n",
    )


def test_a_database_that_is_down() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = f"postgres://nobody@127.0.0.1:{port}/x"
    code, said, error = demo(PORT=str(port), DATABASE_URL=down)
    assert (code, said) == (2, "")
    assert error.startswith("demo: The database 'default' cannot be read: connection failed:")
    assert error.endswith(". Start it, or correct its entry in DATABASES.\n")
    done = run("manage.py", "migrate", env=environment(DATABASE_URL=down))
    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: The database cannot be reached: connection failed:")
    assert len(done.stderr.splitlines()) == 1


def test_too_many_orders_on_an_empty_shop(db: None) -> None:
    from django.core.management import CommandError, call_command

    with pytest.raises(CommandError, match="20000000 orders cannot be seeded") as caught:
        call_command("seed_shop", orders=20_000_000)
    assert caught.value.returncode == 2
