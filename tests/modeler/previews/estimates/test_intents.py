"""Effects of statements become what a preflight asks about."""

from __future__ import annotations

from modeler.postgres.locks import LockMode
from modeler.postgres.preflight.intent import Intent
from modeler.previews.effects.effect import Effects, Lock, RelationKind, Work, WorkKind
from modeler.previews.intents import intents_of

TABLE, INDEX = RelationKind.TABLE, RelationKind.INDEX


def test_locks_and_work_are_gathered_by_table():
    effects = [
        Effects(
            locks=(
                Lock("item", TABLE, LockMode.ACCESS_EXCLUSIVE),
                Lock("item_pkey", INDEX, LockMode.ACCESS_EXCLUSIVE, table="item"),
                Lock("owner", TABLE, LockMode.SHARE_ROW_EXCLUSIVE),
                Lock("fresh", TABLE, LockMode.ACCESS_EXCLUSIVE),
            ),
            work=(Work("item", WorkKind.REWRITE),),
        ),
        Effects(creates=("fresh",)),
        Effects(
            locks=(Lock("owner", TABLE, LockMode.SHARE_UPDATE_EXCLUSIVE),),
            work=(Work("owner", WorkKind.INDEX_BUILD),),
            waits=("writers of owner",),
        ),
    ]
    assert intents_of(effects, altered={"item"}, builds=[("owner", "owner_name")]) == (
        Intent("item", frozenset({LockMode.ACCESS_EXCLUSIVE}), alters=True, rewrites=True),
        Intent(
            "owner",
            frozenset({LockMode.SHARE_ROW_EXCLUSIVE, LockMode.SHARE_UPDATE_EXCLUSIVE}),
            concurrently=True,
            builds=("owner_name",),
        ),
    )
