"""The shop under test: a cluster that lives as long as the tests, unless DATABASE_URL is set."""

from __future__ import annotations

from tests.cluster import start_cluster

start_cluster()

from .base import *  # noqa: E402, F403
from .base import DATA  # noqa: E402
from .database import project_database  # noqa: E402

SECRET_KEY = "for tests alone"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": project_database(DATA)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
