"""Which database the shop uses: ``DATABASE_URL``, else the embedded PostgreSQL under ``.data``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from modeler.errors import ModelerError
from modeler.postgres.address import settings_from_url
from modeler.servers import embedded_database


def project_database(data_dir: Path) -> dict[str, Any]:
    """Return the entry ``default`` of ``DATABASES``; starts nothing.

    Raises:
        ImproperlyConfigured: ``DATABASE_URL`` cannot be read, in one sentence.
    """
    try:
        if url := os.environ.get("DATABASE_URL"):
            return settings_from_url(url)
        return embedded_database(os.environ.get("MODELER_DATA_DIR") or data_dir)
    except ModelerError as error:
        raise ImproperlyConfigured(str(error)) from error
    except PermissionError as error:
        raise ImproperlyConfigured(
            f"The embedded database in {data_dir} belongs to another user. Run as that user, "
            "or set DATABASE_URL."
        ) from error
