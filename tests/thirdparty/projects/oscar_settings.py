"""A shop made of django-oscar's packages, with modeler added as its README says."""

import os

import oscar
from oscar.defaults import *  # noqa: F403

from modeler.postgres.address import settings_from_url

SECRET_KEY = "for tests alone"
ALLOWED_HOSTS = ["testserver"]
INSTALLED_APPS = [*oscar.INSTALLED_APPS, "modeler"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
ROOT_URLCONF = "oscar_urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": settings_from_url(os.environ["DATABASE_URL"])}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
SITE_ID = 1
STATIC_URL = "static/"
USE_TZ = True
