"""The site as `make run` has it, with the plain idiom in place of its own pages and without page cache."""

from cms.settings.base import BASE_DIR
from cms.settings.local import *  # noqa: F403 - settings modules extend each other
from cms.settings.local import INSTALLED_APPS, TEMPLATES

PAGE_CACHE_MB = 0
ROOT_URLCONF = "tests.bench.reference.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.reference"]
TEMPLATES = [{**TEMPLATES[0], "DIRS": [BASE_DIR / "tests" / "bench" / "reference" / "templates"]}]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
