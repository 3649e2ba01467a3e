"""The blog: a second project with every awkward feature, on two databases of one server."""

from __future__ import annotations

import os

from modeler.postgres.address import settings_from_url
from tests.cluster import start_cluster

start_cluster()

DEFAULT = settings_from_url(os.environ["DATABASE_URL"])
DATABASES = {
    "default": {**DEFAULT, "TEST": {"NAME": "test_blog"}},
    "events": {**DEFAULT, "NAME": "blog_events", "TEST": {"NAME": "test_blog_events"}},
}
DATABASE_ROUTERS = ["tests.blog.router.EventsRouter"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "modeler",
    "tests.blog",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tests.blog.policy.strict_policy",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
ROOT_URLCONF = "tests.blog.urls"
AUTH_USER_MODEL = "blog.Account"
BLOG_PEN_MODEL = "blog.Quill"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = "for tests alone"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
STATIC_URL = "static/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
