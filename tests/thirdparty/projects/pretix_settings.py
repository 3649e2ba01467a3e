"""pretix as its package brings it, with modeler for its commands; it has no Django admin."""

import os

from pretix.settings import *  # noqa: F403
from pretix.settings import INSTALLED_APPS as PRETIX_APPS

from modeler.postgres.address import settings_from_url

INSTALLED_APPS = [*PRETIX_APPS, "modeler"]
DATABASES = {"default": settings_from_url(os.environ["DATABASE_URL"])}
