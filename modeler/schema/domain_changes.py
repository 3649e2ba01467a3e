"""The changes of domains: each of its checks is one of its own."""

from __future__ import annotations

from collections.abc import Iterable

from modeler.schema.changes import Change, ChangeKind, Part
from modeler.schema.schema import DomainType

ATTRIBUTES = ("base", "not_null", "collation", "default")


def domain_changes(old: Iterable[DomainType], new: Iterable[DomainType]) -> list[Change]:
    """Return what leads from the one domains to the others, without those of extensions."""
    before = {str(domain.location): domain for domain in old if domain.compared}
    after = {str(domain.location): domain for domain in new if domain.compared}
    changes = []
    for path in sorted({*before, *after}):
        if path not in after:
            changes.append(Change(ChangeKind.REMOVED, Part.DOMAIN, path, before=before[path]))
        elif path not in before:
            changes.append(Change(ChangeKind.ADDED, Part.DOMAIN, path, after=after[path]))
        else:
            changes += _altered(path, before[path], after[path])
    return changes


def _altered(path: str, old: DomainType, new: DomainType) -> list[Change]:
    changes = [
        Change(ChangeKind.ALTERED, Part.DOMAIN, path, name, getattr(old, name), getattr(new, name))
        for name in ATTRIBUTES
        if getattr(old, name) != getattr(new, name)
    ]
    before = {check.name: check for check in old.checks}
    after = {check.name: check for check in new.checks}
    return changes + [
        Change(
            ChangeKind.ALTERED, Part.DOMAIN, path, f"check {name}",
            before.get(name), after.get(name),
        )
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]  # fmt: skip
