"""What every part of a reader of models needs: connections, places, and what stayed unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.module_loading import import_string

from modeler.schema.location import Location

# A model class, or what stands for one in a migration state (see states.py): both have
# ``_meta`` with the attributes of Django's Options.
Model = Any


def key_of(model: Model) -> str:
    """Return ``app_label.ModelName``."""
    return f"{model._meta.app_label}.{model._meta.object_name}"


@dataclass(slots=True)
class Reading:
    """One run of a reader.

    Attributes:
        connections: by alias; only their settings and types are used, they are never opened.
        places: aliases of each model's table by the model's key, where its rows are first.
        sensitive: ``MODELER["SENSITIVE"]``.
        migrated: labels of the apps whose tables migrations make.
    """

    connections: Mapping[str, BaseDatabaseWrapper]
    places: dict[str, tuple[str, ...]]
    sensitive: tuple[str, ...] = ()
    migrated: frozenset[str] = frozenset()
    join_keys: dict[int, Any] = field(default_factory=dict)
    # The names that Django gives come from methods of its editors that the stubs leave out.
    editors: dict[str, Any] = field(default_factory=dict)
    # What every part asks for again and again, by model: finding it is most of the work.
    connection_of: dict[Model, BaseDatabaseWrapper] = field(default_factory=dict)
    location_of: dict[Model, Location | None] = field(default_factory=dict)
    stored: dict[Model, tuple[Any, ...]] = field(default_factory=dict)
    types: dict[Model, dict[str, str]] = field(default_factory=dict)
    untyped: dict[Model, list[tuple[str, str]]] = field(default_factory=dict)

    def aliases(self, model: Model) -> tuple[str, ...]:
        return self.places.get(key_of(model), ())

    def connection(self, model: Model) -> BaseDatabaseWrapper:
        """Return the connection of the alias that holds the model's rows."""
        found = self.connection_of.get(model)
        if found is None:
            aliases = self.aliases(model._meta.concrete_model or model)
            found = self.connections[aliases[0] if aliases else next(iter(self.connections))]
            self.connection_of[model] = found
        return found

    def editor(self, model: Model) -> Any:
        """Return a schema editor that only names things; it never runs SQL."""
        connection = self.connection(model)
        if connection.alias not in self.editors:
            self.editors[connection.alias] = connection.schema_editor(collect_sql=True)
        return self.editors[connection.alias]

    def join_key(self, model: Model, field: Any) -> Any:
        """Return the primary key that an automatic join table really has.

        The class takes the app's ``default_auto_field``; the migration that makes the table does
        not know it and takes the project's. So ``auth_group_permissions.id`` is ``bigint``.
        """
        opts = model._meta
        if not (opts.auto_created and field.primary_key and field.auto_created):
            return field
        wanted = settings.DEFAULT_AUTO_FIELD
        cls = type(field)
        if f"{cls.__module__}.{cls.__qualname__}".replace(".fields", "") == wanted:
            return field
        if opts.app_label not in self.migrated:
            return field
        known = self.join_keys.get(id(field))
        if known is None:
            known = import_string(wanted)(
                verbose_name=field.verbose_name, primary_key=True, auto_created=True
            )
            known.set_attributes_from_name(field.name)
            known.model = model
            self.join_keys[id(field)] = known
        return known

    def declared(self, model: Model, option: str) -> tuple[Any, ...]:
        """Return an option of ``Meta`` such as ``indexes`` as the table really has it.

        Migrations take these from ``class Meta`` alone: what a library adds to the finished
        class (the tree index of django-mptt) is in no migration, so in no database.
        """
        opts = model._meta
        if opts.app_label in self.migrated and option not in opts.original_attrs:
            return ()
        return tuple(getattr(opts, option, ()))

    def location(self, model: Model) -> Location | None:
        """Return where the rows of a model lie; of a proxy, those of its concrete model."""
        if model not in self.location_of:
            concrete = model._meta.concrete_model or model
            aliases = () if model._meta.swapped else self.aliases(concrete)
            self.location_of[model] = (
                Location.of_db_table(aliases[0], concrete._meta.db_table) if aliases else None
            )
        return self.location_of[model]

    def further_locations(self, model: Model) -> tuple[Location, ...]:
        concrete = model._meta.concrete_model or model
        return tuple(
            Location.of_db_table(alias, concrete._meta.db_table)
            for alias in self.aliases(concrete)[1:]
            if not model._meta.swapped
        )
