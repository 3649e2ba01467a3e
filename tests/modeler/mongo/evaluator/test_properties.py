"""The same documents under the same validators, on a real server and in the evaluator."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from modeler.mongo.evaluator import compile_validator
from modeler.mongo.evaluator.errors import EvaluationError, NotEvaluated

from . import element_rules, tidy
from .expressions import expressions
from .queries import queries
from .schemas import schemas
from .server import Judge, extended
from .values import documents

some_documents = st.lists(documents, min_size=4, max_size=12)
# The same examples each time: a run that fails can be repeated. Raise max_examples to search on.
often = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
)


@pytest.fixture(scope="module")
def judge(mongo_database):
    return Judge(mongo_database, "judged")


def check(judge: Judge, validator: Any, given_documents: list[dict]) -> None:
    """Compare all verdicts, and the two ways in which the evaluator comes to its own."""
    wanted = judge.verdicts(validator, given_documents)
    assume(wanted is not None)
    try:
        evaluator = compile_validator(extended(validator))
    except NotEvaluated as error:
        # A constant that always fails; the server may or may not notice beforehand.
        assert "a constant fails" in str(error)
        return
    for number, (document, stored) in enumerate(zip(given_documents, wanted or [], strict=True)):
        numbered = {"_id": number, **document}
        try:
            accepted, broken = evaluator.accepts(numbered), evaluator.broken(numbered)
        except EvaluationError:
            continue  # said, never guessed: a text to be parsed, a year that Python has not
        assert (accepted, broken == ()) == (stored, stored), (validator, document, broken)


@given(schema=schemas, given_documents=some_documents)
@often
def test_schemas(judge, schema, given_documents):
    check(judge, {"$jsonSchema": schema}, given_documents)


@given(expression=expressions, given_documents=some_documents)
@often
def test_expressions(judge, expression, given_documents):
    check(judge, {"$expr": expression}, given_documents)


@given(
    condition=tidy.conditions,
    given_documents=st.lists(tidy.documents, min_size=4, max_size=12),
)
@often
def test_expressions_of_fitting_types(judge, condition, given_documents):
    check(judge, {"$expr": condition}, given_documents)


@given(
    parts=element_rules.rules,
    given_documents=st.lists(element_rules.documents, min_size=6, max_size=14),
)
@often
def test_rules_of_elements(judge, parts, given_documents):
    """Those on one array are judged together, and named one by one."""
    check(judge, {"$expr": {"$and": parts}}, given_documents)


@given(query=queries, given_documents=some_documents)
@often
def test_queries(judge, query, given_documents):
    check(judge, query, given_documents)


@given(schema=schemas, parts=st.lists(expressions, max_size=3), given_documents=some_documents)
@often
def test_both_together(judge, schema, parts, given_documents):
    check(judge, {"$jsonSchema": schema, "$expr": {"$and": parts}}, given_documents)
