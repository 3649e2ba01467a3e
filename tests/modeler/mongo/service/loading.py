"""A generated module, imported as a service would import it."""

from __future__ import annotations

import importlib.util
import itertools
import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from modeler.mongo.service.module import to_pymongo
from modeler.mongo.spec import CollectionSpec
from modeler.schema.schema import Schema

NUMBERS = itertools.count(1)


def load(folder: Path, schema: Schema, specs: Iterable[CollectionSpec]) -> ModuleType:
    """Write the module of these collections and import it."""
    name = f"documents_{next(NUMBERS)}"
    path = folder / f"{name}.py"
    path.write_text(to_pymongo(schema, specs), "utf-8")
    found = importlib.util.spec_from_file_location(name, path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module  # dataclasses look their module up
    found.loader.exec_module(module)
    return module
