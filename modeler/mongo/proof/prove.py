"""Builds and judges the documents of a range of keys."""

from __future__ import annotations

import time
from collections.abc import Sequence

import bson
from bson.errors import BSONError

from modeler.mongo.documents.collecting import uncollected
from modeler.mongo.documents.rows import Document
from modeler.mongo.documents.sql import Key
from modeler.mongo.evaluator import compile_validator
from modeler.mongo.proof.proved import Proved, Rejection
from modeler.mongo.proof.rules import RuleNames
from modeler.mongo.sync.building import OF_A_ROW, reason_of
from modeler.mongo.sync.connections import WorkerConnections
from modeler.mongo.sync.export import Range
from modeler.mongo.sync.followed import Followed
from modeler.mongo.sync.pages import KeyPages
from modeler.mongo.validator import validator

PAGE = 1_000


class Prover:
    """Judges documents of one collection.

    Args:
        connections: to PostgreSQL; nothing is written.
        one: the collection.
    """

    def __init__(self, connections: WorkerConnections, one: Followed) -> None:
        self.connections = connections
        self.one = one
        self.pages = KeyPages(one.root)
        self.names = RuleNames(one.spec)
        self.evaluator = compile_validator(validator(one.spec))

    def prove(self, part: Range) -> Proved:
        """Judge the documents of a range.

        Raises:
            django.db.Error: the database does not answer.
        """
        result = Proved(self.one.name)
        started = time.process_time()
        after = part.after
        while True:
            with self.connections.snapshot() as cursor:
                keys = self.pages.page(cursor, after, part.last, PAGE)
            if not keys:
                break
            with uncollected():
                self._page(keys, result)
            after = keys[-1]
        result.seconds = time.process_time() - started
        return result

    def _page(self, keys: Sequence[Key], result: Proved) -> None:
        try:
            with self.connections.snapshot() as cursor:
                documents = self.one.builder.documents(cursor, keys)
        except OF_A_ROW as error:
            if len(keys) == 1:
                result.documents += 1
                result.unbuildable.append((keys[0], reason_of(error)))
                return
            middle = len(keys) // 2
            self._page(keys[:middle], result)
            self._page(keys[middle:], result)
            return
        for key, document in documents.items():
            result.documents += 1
            try:
                result.sizes.append(len(bson.encode(document)))
            except (BSONError, OverflowError, ValueError, TypeError, RecursionError) as error:
                result.unbuildable.append((key, reason_of(error)))
                continue
            self._judge(key, document, result)

    def _judge(self, key: Key, document: Document, result: Proved) -> None:
        started = time.process_time()
        accepted = self.evaluator.accepts(document)
        result.judging += time.process_time() - started
        if accepted:
            return
        result.rejected += 1
        seen = set()
        for broken in self.evaluator.broken(document):
            rule, held_by = self.names.rule(broken)
            if rule in seen:
                continue
            seen.add(rule)
            found = result.rejections.setdefault(rule, Rejection(rule, held_by))
            found.add(key, broken.reason)
