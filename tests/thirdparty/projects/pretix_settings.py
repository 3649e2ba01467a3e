"""pretix as its package brings it, with modeler added as its README says."""

import os

from pretix.settings import *  # noqa: F403
from pretix.settings import INSTALLED_APPS as PRETIX_APPS

from modeler.postgres.address import settings_from_url

INSTALLED_APPS = [
    *PRETIX_APPS,
    *(app for app in ("django.contrib.admin", "modeler") if app not in PRETIX_APPS),
]
DATABASES = {"default": settings_from_url(os.environ["DATABASE_URL"])}
