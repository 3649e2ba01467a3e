"""Collections as a script for mongosh: readable, and harmless when it runs again.

Source: MongoDB manual, "mongosh Methods" (createCollection, runCommand, createIndex,
sh.shardCollection) and "BSON types in mongosh".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from modeler.mongo.shard_keys import ShardAdvice
from modeler.mongo.spec import CollectionSpec
from modeler.mongo.validator import validator

PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
WIDTH = 96
EPOCH = datetime(1970, 1, 1)
HEAD = """\
// Collections of MongoDB, made by manage.py collection_specs --format mongosh.
// Run it in the database that shall hold them:  mongosh "$MONGO_URL" specs.js
// It can run again: collections and indexes that are there are brought up to date, and nothing
// is dropped. Rules only warn at first; the last lines of each collection enforce them.
"""
APPLY = """\
function specify(name, validator) {
  const there = db.getCollectionInfos({ name }).length > 0;
  const rules = { validator, validationLevel: "strict", validationAction: "warn" };
  const done = there
    ? db.runCommand({ collMod: name, ...rules })
    : db.createCollection(name, rules);
  if (done.ok !== 1) throw new Error(`${name}: ${done.errmsg}`);
}

function enforce(name, validator) {
  const offenders = db.getCollection(name).countDocuments({ $nor: [validator] });
  if (offenders) {
    print(`${name}: ${offenders} documents break the rules, which go on to warn only.`);
    return;
  }
  db.runCommand({ collMod: name, validationAction: "error" });
  print(`${name}: the rules are enforced.`);
}
"""


def to_mongosh(specs: Iterable[CollectionSpec], advice: Iterable[ShardAdvice] = ()) -> str:
    """Return the script.

    Args:
        specs: of the collections.
        advice: on shard keys, by collection; written as comments, to be chosen by a person.
    """
    advised = {one.collection: one for one in advice}
    return "\n".join([HEAD, APPLY, *(_collection(spec, advised.get(spec.name)) for spec in specs)])


def _collection(spec: CollectionSpec, advice: ShardAdvice | None) -> str:
    name = _text(spec.name)
    variable = "rules_" + re.sub(r"\W", "_", spec.name)
    lines = [
        _comment(f"{spec.name}, from {spec.table}"),
        f"const {variable} = {literal(validator(spec))};",
        f"specify({name}, {variable});",
    ]
    for index in spec.indexes:
        keys = literal(dict(index.keys))
        options = literal({"name": index.name, **dict(index.options)})
        lines.append(_comment(f"{index.source}{': ' + index.note if index.note else ''}"))
        lines.append(f"db.getCollection({name}).createIndex({keys}, {options});")
    if advice is not None:
        lines += [_comment(line) for line in advice.lines()]
        for candidate in advice.usable[:1]:
            key = literal(dict(candidate.key))
            lines.append(_comment(f'sh.shardCollection(db.getName() + "." + {name}, {key});'))
    lines += [f"enforce({name}, {variable});", ""]
    return "\n".join(lines)


def literal(value: Any, indent: int = 0) -> str:
    """Return a value in Extended JSON as mongosh writes it."""
    typed = _typed(value)
    if typed is not None:
        return typed
    if isinstance(value, dict):
        parts = [f"{_name(key)}: {literal(part, indent + 2)}" for key, part in value.items()]
        return _joined("{", "}", parts, indent)
    if isinstance(value, list | tuple):
        return _joined("[", "]", [literal(part, indent + 2) for part in value], indent)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _comment(text: str) -> str:
    """Return a comment of one line: a name with a line feed must not end it."""
    return "// " + " ".join(text.splitlines())


def _typed(value: Any) -> str | None:
    """Return the constructor of a value that plain JSON cannot say."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((name, inner),) = value.items()
    match name:
        case "$numberInt":
            return f'NumberInt("{inner}")'
        case "$numberLong":
            return f'NumberLong("{inner}")'
        case "$numberDecimal":
            return f'NumberDecimal("{inner}")'
        case "$numberDouble":
            return {"Infinity": "Infinity", "-Infinity": "-Infinity", "NaN": "NaN"}.get(
                inner, f"Double({inner})"
            )
        case "$uuid":
            return f'UUID("{inner}")'
        case "$date":
            return f'ISODate("{_moment(inner)}")'
    return None


def _moment(inner: Any) -> str:
    if isinstance(inner, dict):  # milliseconds, for years that ISO 8601 has no plain form for
        moment = EPOCH + timedelta(milliseconds=int(inner["$numberLong"]))
        return moment.isoformat(timespec="milliseconds") + "Z"
    return str(inner)


def _joined(start: str, end: str, parts: list[str], indent: int) -> str:
    if not parts:
        return start + end
    one_line = f"{start} {', '.join(parts)} {end}"
    if len(one_line) + indent <= WIDTH and "\n" not in one_line:
        return one_line
    pad = " " * (indent + 2)
    body = ",\n".join(pad + part for part in parts)
    return f"{start}\n{body}\n{' ' * indent}{end}"


def _name(key: str) -> str:
    return key if PLAIN_NAME.match(key.removeprefix("$")) else _text(key)


def _text(value: str) -> str:
    # Two characters that JSON may hold as they are and older JavaScript may not.
    written = json.dumps(value, ensure_ascii=False)
    return written.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
