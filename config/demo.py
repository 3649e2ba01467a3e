"""``make demo``: the shop with data, a user for each role and filled pages, on one command.

Runs under ``python -m modeler.servers run``, so that the database is there and is stopped after.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import time
from pathlib import Path

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from modeler.errors import ModelerError

STARTED = time.monotonic()


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    try:
        port = wanted_port(os.environ.get("PORT", "8000"))
        orders = wanted_orders(os.environ.get("ORDERS", "2000"))
        django.setup()
        prepare(orders)
        users = users_make()
    except (ImproperlyConfigured, CommandError, ModelerError, ValueError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    seconds = time.monotonic() - STARTED
    print(f"\nReady after {seconds:.0f} s:  http://127.0.0.1:{port}/admin/\n")
    print("  role           user           password")
    for role, password in users.items():
        print(f"  {role:<13}  {role:<13}  {password}")
    print("\nThe data model:  " + f"http://127.0.0.1:{port}/admin/modeler/")
    print("Stop with Ctrl-C; the data stays under .data/.\n", flush=True)
    serve(port)
    return 0


def wanted_port(text: str) -> int:
    """Return the port, when it is free.

    Raises:
        ValueError: it is no port, or somebody listens there.
    """
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"PORT={text} is no port. Choose one: make demo PORT=8001")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError as error:
            raise ValueError(
                f"Port {text} cannot be used: {error.strerror}. "
                "Choose another: make demo PORT=8001"
            ) from error
    return int(text)


def wanted_orders(text: str) -> int:
    """Return how many orders to seed.

    Raises:
        ValueError: it is no number.
    """
    if not text.isdecimal():
        raise ValueError(f"ORDERS={text} is no number. Say how many: make demo ORDERS=1000000")
    return int(text)


def prepare(orders: int) -> None:
    """Migrate, seed an empty shop, and store what the pages show, as far as that is not done."""
    from modeler.models import StoredResult
    from modeler.previews.steps import pending_migrations
    from orders.models import Order

    pending = pending_migrations()
    if pending:
        print(f"Migrating ({len(pending)} migrations) …", flush=True)
        call_command("migrate", interactive=False, verbosity=0)
    if not Order.objects.exists():
        call_command("seed_shop", orders=orders, seed=1)
    if pending or not StoredResult.objects.exists():
        print("Drawing the model and rehearsing its migrations …", flush=True)
        # Run as commands of their own, so that each result says how to make it again.
        for command in (
            ["schema_snapshot", "--source", "expected"],
            ["migration_preview", "--trace", "--store"],
        ):
            manage(*command)


def manage(*arguments: str) -> None:
    import subprocess

    script = str(Path(__file__).resolve().parents[1] / "manage.py")
    done = subprocess.run([sys.executable, script, *arguments], capture_output=True, text=True)
    if done.returncode:
        # A page without its picture is no reason to show no page at all.
        print(f"  {' '.join(arguments)}: {done.stderr.strip()}", file=sys.stderr)


def users_make() -> dict[str, str]:
    """Create a user for each role; return their passwords, which stay in a private file."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from config.roles import ADMINISTRATOR, roles_make

    groups = roles_make()
    kept = Path(settings.DATA) / "demo-passwords"
    passwords = (
        dict(line.split() for line in kept.read_text().splitlines()) if kept.exists() else {}
    )
    model = get_user_model()
    for role in [*groups, ADMINISTRATOR]:
        user, made = model.objects.get_or_create(
            username=role, defaults={"is_staff": True, "is_superuser": role == ADMINISTRATOR}
        )
        if made or role not in passwords:
            passwords[role] = secrets.token_urlsafe(9)
            user.set_password(passwords[role])
            user.save()
        if role in groups:
            user.groups.set([groups[role]])
    handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.writelines(f"{role} {password}\n" for role, password in passwords.items())
    return {role: passwords[role] for role in [*groups, ADMINISTRATOR]}


def serve(port: int) -> None:
    """Serve until Ctrl-C. Without the autoreloader: its second process would outlive the first."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import run
    from django.core.wsgi import get_wsgi_application

    try:
        run("127.0.0.1", port, StaticFilesHandler(get_wsgi_application()), threading=True)
    except KeyboardInterrupt:
        print("\nStopped.")


if __name__ == "__main__":
    sys.exit(main())
