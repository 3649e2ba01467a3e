"""Relations from model fields, read from the side that declares them."""

from __future__ import annotations

from typing import Any

from django.db.models import ForeignKey

from modeler.schema.dotted import dotted_name
from modeler.schema.registry.reading import Model, Reading, key_of
from modeler.schema.registry.uniqueness import is_unique
from modeler.schema.relation import Cardinality, Relation, RelationKind

DJANGO_HANDLERS = "django.db.models.deletion."


def relations_of(model: Model, reading: Reading) -> tuple[Relation, ...]:
    """Return the relations that a model declares, in declared order.

    Inherited ones are not repeated: a child has its parent's through the parent link, and the
    generic relations that Django copies into children and proxies stay where they stood.
    """
    opts = model._meta
    if opts.swapped:
        return ()
    found = [
        _joined(field, model, reading)
        for field in opts.local_fields
        # A proxy has no columns; libraries that give it fields make them up in queries.
        if field.remote_field is not None and _target(field) is not None and not opts.proxy
    ]
    found += [_many_to_many(field, model, reading) for field in opts.local_many_to_many]
    for field in opts.private_fields:
        if getattr(field, "mti_inherited", False):
            continue
        if hasattr(field, "ct_field") and hasattr(field, "fk_field"):
            found.append(_generic(field, model))
        elif hasattr(field, "object_id_field_name"):
            found.append(_generic_reverse(field, model, reading))
        elif field.remote_field is not None and hasattr(field, "from_fields") and _target(field):
            found.append(_joined(field, model, reading))
    return tuple(found)


def _target(field: Any) -> Model | None:
    """Return the model a field points to, None while it is only a name (not installed)."""
    target = field.remote_field.model
    return None if isinstance(target, str) else target


def _joined(field: Any, model: Model, reading: Reading) -> Relation:
    """Read a foreign key, one-to-one, parent link or a ForeignObject over several columns."""
    target = field.remote_field.model
    pairs = field.related_fields
    columns = tuple(near.column for near, _ in pairs)
    optional = field.null or any(near.null for near, _ in pairs)
    held_by_database = isinstance(field, ForeignKey)
    # A field of a multi-table parent is stored there, whatever the declared target is.
    holder = pairs[0][1].model if pairs else target
    place = reading.location(holder)
    home = reading.location(model)
    return Relation(
        owner=key_of(model),
        field=field.name,
        kind=_kind(field, model),
        columns=columns,
        target=key_of(target),
        target_location=place,
        target_columns=tuple(far.column for _, far in pairs),
        accessor=_accessor(field),
        query_name=_query_name(field),
        on_delete=on_delete_name(field.remote_field.on_delete),
        enforced=bool(
            held_by_database
            and field.db_constraint
            and model._meta.managed
            and not model._meta.proxy
            and home is not None
            and place is not None
            and home.alias == place.alias
        ),
        at_owner=Cardinality.ZERO_OR_ONE
        if field.unique or is_unique(model, columns)
        else Cardinality.ZERO_OR_MORE,
        at_target=Cardinality.ZERO_OR_ONE if optional else Cardinality.ONE,
    )


def _kind(field: Any, model: Model) -> RelationKind:
    if not isinstance(field, ForeignKey):
        return RelationKind.JOIN
    if field in model._meta.parents.values():
        return RelationKind.PARENT_LINK
    return RelationKind.ONE_TO_ONE if field.one_to_one else RelationKind.FOREIGN_KEY


def _accessor(field: Any) -> str:
    """Return the reverse attribute; ``""`` where it is hidden."""
    remote = field.remote_field
    if remote.hidden if hasattr(remote, "hidden") else remote.is_hidden():
        return ""
    if remote.related_name:
        return remote.related_name
    name = field.model._meta.model_name
    return name if field.one_to_one or not remote.multiple else f"{name}_set"


def _query_name(field: Any) -> str:
    remote = field.remote_field
    if (remote.related_name or "").endswith("+"):
        return ""
    return remote.related_query_name or remote.related_name or field.model._meta.model_name


def on_delete_name(handler: Any) -> str:
    """Return ``CASCADE`` …, ``SET`` for ``SET(value)``, ``DB_CASCADE`` …, or a dotted path."""
    if handler is None:
        return ""
    # The handlers of Django 6.1 that the database carries out are objects with a name.
    name = getattr(handler, "__name__", "")
    module = getattr(handler, "__module__", "") or ""
    if f"{module}." == DJANGO_HANDLERS:
        return "SET" if getattr(handler, "deconstruct", None) else name
    return dotted_name(handler)


def _many_to_many(field: Any, model: Model, reading: Reading) -> Relation:
    remote = field.remote_field
    target, through = remote.model, getattr(remote, "through", None)
    through = None if isinstance(through, str) else through
    known = None if isinstance(target, str) else target
    return Relation(
        owner=key_of(model),
        field=field.name,
        kind=RelationKind.MANY_TO_MANY,
        target="" if known is None else key_of(known),
        target_location=None if known is None else reading.location(known),
        through="" if through is None else key_of(through),
        through_fields=() if through is None else through_fields(field, model, through),
        symmetrical=bool(getattr(remote, "symmetrical", False)),
        accessor="" if getattr(remote, "symmetrical", False) else _accessor(field),
        query_name=_query_name(field),
        enforced=False if through is None else _join_enforced(through, reading),
        at_owner=Cardinality.ZERO_OR_MORE,
        at_target=Cardinality.ZERO_OR_MORE,
    )


def _join_enforced(through: Model, reading: Reading) -> bool:
    """Tell whether all foreign keys of a join table are constraints."""
    keys = [field for field in through._meta.local_fields if isinstance(field, ForeignKey)]
    return bool(keys) and all(_joined(field, through, reading).enforced for field in keys)


def through_fields(field: Any, model: Model, through: Model) -> tuple[str, ...]:
    """Return the two fields of the join table: to the owner, to the target.

    Several foreign keys of the join table may lead to one side: ``through_fields`` decides;
    without it the first to the owner, and to the same model the second, count as in Django.
    Empty where the join table has no such keys (managers that pose as many-to-many).
    """
    declared = getattr(field.remote_field, "through_fields", None)
    if declared:
        return tuple(declared[:2])
    near = far = ""
    target = field.remote_field.model
    for candidate in through._meta.local_fields:
        remote = candidate.remote_field
        if remote is None or not isinstance(candidate, ForeignKey):
            continue
        if not near and _same(remote.model, model):
            near = candidate.name
        elif not far and _same(remote.model, target):
            far = candidate.name
    return (near, far) if near and far else ()


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return False
    return one._meta.concrete_model is other._meta.concrete_model


def _generic(field: Any, model: Model) -> Relation:
    """Read a generic foreign key: its target is in the row."""
    opts = model._meta
    kind, key = opts.get_field(field.ct_field), opts.get_field(field.fk_field)
    optional = kind.null or key.null
    return Relation(
        owner=key_of(model),
        field=field.name,
        kind=RelationKind.GENERIC,
        columns=(kind.column, key.column),
        enforced=False,
        at_owner=Cardinality.ZERO_OR_MORE,
        at_target=Cardinality.ZERO_OR_ONE if optional else Cardinality.ONE,
    )


def _generic_reverse(field: Any, model: Model, reading: Reading) -> Relation:
    """Read a generic relation: the rows of another model that point here by content type."""
    target = field.remote_field.model
    known = None if isinstance(target, str) else target
    key = model._meta.pk
    return Relation(
        owner=key_of(model),
        field=field.name,
        kind=RelationKind.GENERIC_REVERSE,
        columns=(key.column,) if key is not None and key.column else (),
        target="" if known is None else key_of(known),
        target_location=None if known is None else reading.location(known),
        target_columns=tuple(
            far.column
            for far in (known._meta.fields if known is not None else ())
            if far.name == field.object_id_field_name
        ),
        query_name=field.remote_field.related_query_name or "",
        # Django deletes the rows that point here with the object.
        on_delete="CASCADE",
        enforced=False,
        at_owner=Cardinality.ZERO_OR_ONE,
        at_target=Cardinality.ZERO_OR_MORE,
    )
