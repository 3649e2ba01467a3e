"""The shop in production. Everything secret or local comes from the environment; see
docs/deploy.md. It refuses to start when something is missing, and says all that is."""

from __future__ import annotations

import os

import environ
from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403
from .base import DATA, MIDDLEWARE
from .database import project_database

env = environ.Env()


def whole_number(name: str, default: int) -> int:
    """Return a figure of the environment."""
    text = os.environ.get(name) or str(default)
    if not text.isdecimal():
        raise ImproperlyConfigured(
            f"{name}={text} is no whole number. Write it like {name}={default}: docs/deploy.md."
        )
    return int(text)


def switch(name: str, *, default: bool) -> bool:
    """Return whether something is switched on in the environment."""
    text = os.environ.get(name) or str(default)
    if text.lower() not in (*env.BOOLEAN_TRUE_STRINGS, "false", "off", "no", "n", "0"):
        raise ImproperlyConfigured(f"{name}={text} is neither true nor false; see docs/deploy.md.")
    return text.lower() in env.BOOLEAN_TRUE_STRINGS


missing = [
    name
    for name in ("DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_URL")
    if not os.environ.get(name)
]
if missing:
    raise ImproperlyConfigured(f"Set {', '.join(missing)} in the environment; see docs/deploy.md.")

SECRET_KEY = env.str("DJANGO_SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY is too easy to guess: give it 50 random characters, for example by "
        "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
    )
DEBUG = False
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.list("DJANGO_CSRF_TRUSTED_ORIGINS", default=[])

# Milliseconds. A statement of a page that takes longer has gone wrong; a lock that is not had
# by then is somebody's migration; an idle transaction holds back vacuum and locks.
STATEMENT_TIMEOUT = whole_number("DATABASE_STATEMENT_TIMEOUT_MS", 15_000)
LOCK_TIMEOUT = whole_number("DATABASE_LOCK_TIMEOUT_MS", 3_000)
IDLE_IN_TRANSACTION_TIMEOUT = whole_number("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_MS", 30_000)
POOL_MIN, POOL_MAX = whole_number("DATABASE_POOL_MIN", 2), whole_number("DATABASE_POOL_MAX", 10)
if POOL_MIN > POOL_MAX:
    raise ImproperlyConfigured(
        f"DATABASE_POOL_MIN ({POOL_MIN}) is more than DATABASE_POOL_MAX ({POOL_MAX}). "
        "Give the pool more, or less to begin with."
    )

DATABASES = {"default": project_database(DATA)}
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps connections, Django must not
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {
        "min_size": POOL_MIN,
        "max_size": POOL_MAX,
        "timeout": whole_number("DATABASE_POOL_TIMEOUT_S", 5),
    },
    "options": (
        f"-c statement_timeout={STATEMENT_TIMEOUT} -c lock_timeout={LOCK_TIMEOUT} "
        f"-c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT}"
    ),
}

# Static files come from the process itself, compressed and with names that never change meaning.
MIDDLEWARE = [MIDDLEWARE[0], "whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE[1:]]

SECURE_SSL_REDIRECT = switch("DJANGO_SSL_REDIRECT", default=True)
# Health checks come from inside, by plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = whole_number("DJANGO_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if switch("DJANGO_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if redis := env.str("REDIS_URL", default=""):
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis}
    }
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("DJANGO_LOG_LEVEL", default="INFO")},
}
