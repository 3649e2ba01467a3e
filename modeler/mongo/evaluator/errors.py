"""What an evaluator cannot do, and what the server's expressions fail with."""

from __future__ import annotations

from modeler.errors import ModelerError


class NotEvaluated(ModelerError, ValueError):
    """A validator with a part that the evaluator does not know, or that the server refuses.

    Args:
        where: path within the validator, such as ``$jsonSchema.properties.price``.
        what: what is wrong there, a clause.
    """

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(
            f"The validator cannot be evaluated at {where or 'its top'}: {what}. "
            "Change that part, or count on the server with find({$nor: [validator]})."
        )


class EvaluationError(ModelerError, ValueError):
    """A document with a value that cannot be judged: pymongo cannot encode it, for example."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. Encode the document's values first as BSON's types.")


class ExpressionFailed(Exception):
    """An operator failed as it would on the server, which then refuses the document."""
