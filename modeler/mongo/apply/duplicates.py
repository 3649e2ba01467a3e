"""The aggregation that finds what a unique index would refuse.

Source: MongoDB manual, "Unique Indexes", "Multikey Indexes".
"""

from __future__ import annotations

from typing import Any

from modeler.mongo.index_spec import IndexSpec

SAMPLES = 5


def duplicates_command(name: str, index: IndexSpec) -> dict[str, Any]:
    """Return the command that counts keys which several documents have, with some of them.

    As the index does, it leaves out what the partial filter does, takes missing for null,
    compares by the collation, and looks at every element of an array; two equal elements of one
    document are no duplicate.
    """
    options = dict(index.options)
    pipeline: list[dict[str, Any]] = []
    if condition := options.get("partialFilterExpression"):
        pipeline.append({"$match": condition})
    unwound: set[str] = set()
    key: dict[str, Any] = {}
    for number, (path, _) in enumerate(index.keys):
        parts = path.split(".")
        for end in range(1, len(parts) + 1):
            prefix = ".".join(parts[:end])
            if prefix not in unwound and prefix != "_id":
                unwound.add(prefix)
                unwind = {"path": f"${prefix}", "preserveNullAndEmptyArrays": True}
                pipeline.append({"$unwind": unwind})
        key[f"k{number}"] = {"$ifNull": [f"${path}", None]}
    pipeline += [
        # The first and the last document of a key differ exactly where it has several.
        {"$group": {"_id": key, "first": {"$min": "$_id"}, "last": {"$max": "$_id"}}},
        {"$match": {"$expr": {"$ne": ["$first", "$last"]}}},
        {
            "$group": {
                "_id": None,
                "count": {"$sum": 1},
                "ids": {"$firstN": {"input": ["$first", "$last"], "n": SAMPLES}},
            }
        },
    ]
    command = {"aggregate": name, "pipeline": pipeline, "cursor": {}, "allowDiskUse": True}
    if collation := options.get("collation"):
        command["collation"] = collation
    else:
        command["collation"] = {"locale": "simple"}  # whatever the collection's own is
    return command
