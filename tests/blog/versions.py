"""Which features the running Django has."""

from __future__ import annotations

import django

HAS_DATABASE_DEFAULTS = django.VERSION >= (5, 0)
HAS_GENERATED = django.VERSION >= (5, 0)
HAS_COMPOSITE_KEYS = django.VERSION >= (5, 2)
# Checks were called by their keyword ``check`` until 5.0.
CHECK = "condition" if django.VERSION >= (5, 1) else "check"
