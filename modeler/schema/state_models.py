"""Stand-ins for models of a migration state, without rendering model classes.

Making classes (``state.apps``) costs a thousand times what the rest of reading costs: every
class connects its relations anew. A stand-in has Django's own ``Options`` in ``_meta`` and copies
of the state's fields bound to it, which is all that names, types and conditions are made from.
"""

from __future__ import annotations

import copy
from typing import Any

from django.apps import apps as real_apps
from django.apps.registry import Apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.utils import truncate_name
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import resolve_relation
from django.db.models.options import Options
from django.utils.module_loading import import_string
from django.utils.text import camel_case_to_spaces, format_lazy

# Options whose value Django turns into another form; the rest is copied as it is.
OWN_HANDLING = frozenset({"unique_together", "index_together", "indexes", "constraints"})


class StateModel:
    """A model of a state: ``_meta``, and the name that texts and reverse names are made from."""

    def __init__(self, name: str, opts: Options[Any]) -> None:
        self.__name__ = name
        self._meta = opts
        opts.model = self  # type: ignore[assignment]


class StateModels:
    """All models of a project state.

    Attributes:
        by_key: stand-ins by ``(app_label, model name in lower case)``; join tables too.
        missing: ``(subject, reason)`` for fields whose target is nowhere.
    """

    def __init__(self, state: ProjectState) -> None:
        self.apps = Apps()
        self.by_key: dict[tuple[str, str], Any] = {}
        self.missing: list[tuple[str, str]] = []
        self.real_apps = set(state.real_apps)
        for key, model_state in state.models.items():
            self.by_key[key] = self._stand_in(model_state)
        self._inherited: set[tuple[str, str]] = set()
        for key, model_state in state.models.items():
            self._inherit(key, model_state, state)
        for key, model_state in state.models.items():
            self._bind_fields(self.by_key[key], model_state)
        # Types of foreign keys need every primary key, so join tables come last.
        for key in list(state.models):
            self._add_join_tables(self.by_key[key])
        for model in self.by_key.values():
            for field in model._meta.local_fields:
                # Without to_field a key refers to the primary key, known only now.
                if isinstance(field, models.ForeignKey):
                    field.remote_field.set_field_name()

    def _stand_in(self, model_state: Any) -> StateModel:
        opts: Any = Options(None, model_state.app_label)
        opts.apps = self.apps
        opts.object_name = model_state.name
        opts.model_name = model_state.name.lower()
        opts.verbose_name = camel_case_to_spaces(model_state.name)
        opts.original_attrs = {}
        for name, value in model_state.options.items():
            if name not in OWN_HANDLING:
                setattr(opts, name, value)
        # States keep sets; their order is made up, so it is made the same each time.
        for name in ("unique_together", "index_together"):
            setattr(opts, name, tuple(sorted(map(tuple, model_state.options.get(name) or ()))))
        opts.indexes = list(model_state.options.get("indexes", ()))
        opts.constraints = list(model_state.options.get("constraints", ()))
        if opts.verbose_name_plural is None:
            opts.verbose_name_plural = format_lazy("{}s", opts.verbose_name)
        if not opts.db_table:
            opts.db_table = truncate_name(
                f"{opts.app_label}_{opts.model_name}",
                connections[DEFAULT_DB_ALIAS].ops.max_name_length(),
            )
        model: Any = StateModel(model_state.name, opts)
        opts.concrete_model = model
        # django-postgres-extra writes the query of a view down beside the options.
        if hasattr(model_state, "view_options"):
            model._view_meta = model_state.view_options
        return model

    def find(self, reference: Any, app_label: str, model_name: str) -> Any:
        """Return the stand-in that a relation names, the class of an app without migrations."""
        key = resolve_relation(reference, app_label, model_name)
        if key in self.by_key:
            return self.by_key[key]
        try:
            return real_apps.get_model(*key)
        except LookupError:
            return None

    def _inherit(self, key: tuple[str, str], model_state: ModelState, state: ProjectState) -> None:
        """Connect proxies and multi-table children with their bases, the bases first."""
        if key in self._inherited:
            return
        self._inherited.add(key)
        model = self.by_key[key]
        opts = model._meta
        for base in model_state.bases:
            if not isinstance(base, str):
                continue
            base_key = resolve_relation(base, *key)
            if base_key in state.models:
                self._inherit(base_key, state.models[base_key], state)
            parent = self.find(base, *key)
            if parent is None:
                self.missing.append((f"{opts.app_label}.{opts.object_name}", f"no base {base}"))
                continue
            opts.parents[parent] = None
            # Children and proxies inherit these two of a concrete parent, if they say nothing.
            for name in ("ordering", "get_latest_by"):
                if name not in model_state.options and not getattr(opts, name):
                    setattr(opts, name, getattr(parent._meta, name))
            if opts.proxy:
                opts.proxy_for_model = parent
                opts.concrete_model = parent._meta.concrete_model
                opts.db_table = parent._meta.db_table

    def _bind_fields(self, model: StateModel, model_state: ModelState) -> None:
        opts: Any = model._meta
        for name, field in model_state.fields.items():
            bound = self.bind(field, name, model)
            if bound is None:
                continue
            if bound.many_to_many:
                opts.local_many_to_many.append(bound)
                continue
            opts.local_fields.append(bound)
            if getattr(bound, "primary_key", False):
                opts.pk = bound
            remote = bound.remote_field
            if remote is not None and remote.parent_link and remote.model in opts.parents:
                opts.parents[remote.model] = bound
        if opts.order_with_respect_to and not opts.proxy:
            opts.local_fields.append(self.bind(models.OrderWrt(), "_order", model))
            opts.ordering = ("_order",)
        if opts.proxy and opts.proxy_for_model is not None:
            opts.pk = opts.proxy_for_model._meta.pk

    def bind(self, field: Any, name: str, model: StateModel) -> Any:
        """Return a copy of a field as Django would have it in a class; None without target."""
        opts: Any = model._meta
        bound = copy.copy(field)
        remote = getattr(bound, "remote_field", None)
        if remote is not None:
            target = self.find(remote.model, opts.app_label, opts.model_name)
            if target is None:
                subject = f"{opts.app_label}.{opts.object_name}.{name}"
                self.missing.append((subject, f"its target {remote.model} is not in the state"))
                return None
            bound.remote_field = remote = copy.copy(remote)
            remote.field = bound
            remote.model = target
            names = {
                "class": opts.model_name, "model_name": opts.model_name,
                "app_label": opts.app_label,
            }  # fmt: skip
            related_name = remote.related_name or opts.default_related_name
            if related_name:
                remote.related_name = related_name % names
            if remote.related_query_name:
                remote.related_query_name = remote.related_query_name % names
            through = getattr(remote, "through", None)
            if isinstance(through, str):
                remote.through = self.find(through, opts.app_label, opts.model_name)
        bound.set_attributes_from_name(name)
        bound.model = model
        bound.opts = opts
        return bound

    def _add_join_tables(self, model: StateModel) -> None:
        for field in model._meta.local_many_to_many:
            remote: Any = field.remote_field
            if getattr(remote, "through", None) is None and not model._meta.swapped:
                remote.through = self._join_table(model, field)

    def _join_table(self, model: StateModel, field: Any) -> StateModel:
        """Make what ``create_many_to_many_intermediary_model`` makes."""
        near: Any = model._meta
        target = field.remote_field.model
        name = f"{near.object_name}_{field.name}"
        first, second = near.model_name, target._meta.model_name
        if target is model:
            first, second = f"from_{first}", f"to_{second}"
        opts: Any = Options(None, near.app_label)
        opts.apps = self.apps
        opts.object_name, opts.model_name = name, name.lower()
        opts.db_table = field._get_m2m_db_table(near)
        opts.db_tablespace = field.db_tablespace
        opts.auto_created = model
        opts.managed = near.managed or target._meta.managed
        opts.original_attrs = {}
        opts.unique_together = ((first, second),)
        opts.verbose_name = f"{first}-{second} relationship"
        opts.verbose_name_plural = f"{first}-{second} relationships"
        through = StateModel(name, opts)
        opts.concrete_model = through
        key = self.bind(default_key(), "id", through)
        opts.local_fields.append(key)
        opts.pk = key
        for end, far in ((first, model), (second, target)):
            link = models.ForeignKey(
                f"{far._meta.app_label}.{far._meta.object_name}",
                on_delete=models.CASCADE,
                related_name=f"{name}+",
                db_tablespace=field.db_tablespace,
                db_constraint=field.remote_field.db_constraint,
            )
            opts.local_fields.append(self.bind(link, end, through))
        self.by_key[near.app_label, opts.model_name] = through
        return through


def default_key() -> Any:
    """Return the primary key that migrations give a join table.

    A state does not know an app's own ``default_auto_field``, so it is the project's.
    """
    return import_string(settings.DEFAULT_AUTO_FIELD)(
        verbose_name="ID", primary_key=True, auto_created=True
    )
