"""The verdicts of a real server: what it stores of some documents under a validator."""

from __future__ import annotations

import json
from typing import Any

from bson import json_util
from pymongo.errors import BulkWriteError, OperationFailure

OPTIONS = json_util.JSONOptions(
    json_mode=json_util.JSONMode.CANONICAL, uuid_representation=4, tz_aware=False
)
FAILED_VALIDATION = 121


class Judge:
    """Puts documents under one validator after the other, in one collection."""

    def __init__(self, database: Any, name: str) -> None:
        self.database, self.name = database, name
        database.drop_collection(name)
        self.collection = database.create_collection(name)

    def verdicts(self, validator: Any, documents: list[dict]) -> list[bool] | None:
        """Return which documents are stored, None if the server refuses the validator."""
        try:
            options = self.database.codec_options
            self.database.command("collMod", self.name, validator=validator, codec_options=options)
        except OperationFailure:
            return None
        numbered = [{"_id": number, **one} for number, one in enumerate(documents)]
        refused = {}
        try:
            self.collection.insert_many(numbered, ordered=False)
        except BulkWriteError as error:
            refused = {one["index"]: one["code"] for one in error.details["writeErrors"]}
        self.collection.delete_many({})
        assert set(refused.values()) <= {FAILED_VALIDATION}, refused
        return [number not in refused for number in range(len(documents))]


def extended(validator: Any) -> Any:
    """Return a validator of BSON values in Extended JSON."""
    return json.loads(json_util.dumps(validator, json_options=OPTIONS))
