"""Settings of `make dev`: DEBUG, autoreload, debug toolbar, static files straight from the sources."""

from cms.settings.local import *  # noqa: F403 - settings modules extend each other
from cms.settings.local import INSTALLED_APPS as LOCAL_APPS
from cms.settings.local import MIDDLEWARE as LOCAL_MIDDLEWARE
from cms.settings.local import STORAGES as LOCAL_STORAGES

DEBUG = True
INTERNAL_IPS = ["127.0.0.1"]
INSTALLED_APPS = [*LOCAL_APPS, "debug_toolbar"]
MIDDLEWARE = [LOCAL_MIDDLEWARE[0], "debug_toolbar.middleware.DebugToolbarMiddleware", *LOCAL_MIDDLEWARE[1:]]
STORAGES = {
    **LOCAL_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
