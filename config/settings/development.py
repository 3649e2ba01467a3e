"""The shop on a developer's machine and in the demo: nothing needs to be set."""

from __future__ import annotations

from config.secret import kept_secret

from .base import *  # noqa: F403
from .base import DATA
from .database import project_database

DEBUG = True
SECRET_KEY = kept_secret(DATA / "secret-key")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
DATABASES = {"default": project_database(DATA)}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
