#!/usr/bin/env python
"""Django's command line for the shop."""

import os
import sys
from contextlib import ExitStack

DEVELOPMENT = "config.settings.development"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DEVELOPMENT)
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from modeler.errors import ServerError
    from modeler.servers import hold

    try:
        with ExitStack() as stack:
            if os.environ["DJANGO_SETTINGS_MODULE"] == DEVELOPMENT and not os.environ.get(
                "DATABASE_URL"
            ):
                # The embedded database lives as long as somebody holds it: this command does.
                stack.enter_context(hold(os.environ.get("MODELER_DATA_DIR") or ".data"))
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, ServerError) as error:
        # A wrong DATABASE_URL, for example: the sentence says the next step, a traceback hides it.
        sys.exit(f"manage.py: {error}")
    except OperationalError as error:
        first, *_ = str(error).splitlines()
        if not first.startswith("connection"):
            raise  # the server answered: what it said of a statement needs its traceback
        sys.exit(f"manage.py: The database cannot be reached: {first} Is DATABASE_URL right?")


if __name__ == "__main__":
    main()
