#!/usr/bin/env python
"""Django's command line for the shop."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong DATABASE_URL, for example: the sentence says the next step, a traceback hides it.
        sys.exit(f"manage.py: {error}")


if __name__ == "__main__":
    main()
