"""The evaluator of validators: what the server would say of a document, said without it.

It needs ``bson``, which comes with pymongo (the extra ``mongo``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from modeler.errors import ConfigurationError

if TYPE_CHECKING:
    from modeler.mongo.evaluator.evaluator import Evaluator


def compile_validator(validator: Mapping[str, Any]) -> Evaluator:
    """Compile a validator, once for many documents.

    Args:
        validator: in Extended JSON, as ``modeler.mongo.validator.validator`` returns it.

    Raises:
        NotEvaluated: a part of it is not known, or the server would refuse it.
        ConfigurationError: pymongo is not installed.
    """
    try:
        import bson  # noqa: F401, an extra: only those who judge documents need it
    except ImportError as error:
        raise ConfigurationError(
            "Judging documents needs the package pymongo. Install it with 'pip install pymongo'."
        ) from error
    from modeler.mongo.evaluator import evaluator

    return evaluator.compiled(validator)
