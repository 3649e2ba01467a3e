"""The reader of the project's models.

One file a noun: columns, relations, indexes, constraints, tables; ``reading`` is what they share.
The reader of migration states (``modeler.schema.states``) uses the same files.
"""

from modeler.schema.registry.reader import read_registry

__all__ = ["read_registry"]
