"""Names that the server chooses for what is not named.

Source: PostgreSQL's ``makeObjectName`` and ``ChooseRelationName`` (commands/indexcmds.c).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

NAME_BYTES = 63


def made_name(first: str, second: str, label: str) -> str:
    """Return ``first_second_label`` within 63 bytes, cutting the longer of the two parts.

    >>> made_name("pets", "owner_id", "idx")
    'pets_owner_id_idx'
    """
    room = NAME_BYTES - (len(label) + 1 if label else 0) - (1 if second else 0)
    one, two = first.encode(), second.encode()
    while len(one) + len(two) > room:
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    parts = (_whole(one), _whole(two), label)
    return "_".join(part for part in parts if part)


def chosen_name(
    table: str, columns: Iterable[str], label: str, is_taken: Callable[[str], bool]
) -> str:
    """Return the first free one of ``table_columns_label``, ``…label1``, ``…label2``, …"""
    joined = "_".join(columns)
    name, number = made_name(table, joined, label), 0
    while is_taken(name):
        number += 1
        name = made_name(table, joined, f"{label}{number}")
    return name


def _whole(part: bytes) -> str:
    return part.decode(errors="ignore")
