"""Sample documents of a collection: of real rows, masked, or generated and judged.

What is generated is judged by the evaluator of validators, which needs ``bson`` (the extra
``mongo``).
"""

from __future__ import annotations

from modeler.errors import ConfigurationError


def require_pymongo() -> None:
    """Ask for the extra before its types are needed.

    Raises:
        ConfigurationError: pymongo is not installed.
    """
    try:
        import bson  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "Samples need the package pymongo. Install it with "
            "'pip install django-modeler[mongo]'."
        ) from error
