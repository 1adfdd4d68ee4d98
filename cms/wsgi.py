"""The WSGI application that the web server runs: Django, with finished pages in front of it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.production")


def make_application():  # type: ignore[no-untyped-def]  # noqa: ANN201 - an application is any callable of PEP 3333
    """Return Django's application, behind the page cache unless that has no room."""
    django = get_wsgi_application()
    from django.conf import settings

    from cms.pagecache.front import PageCache  # models exist only now

    return PageCache(django, settings.PAGE_CACHE_MB * 1024 * 1024) if settings.PAGE_CACHE_MB else django


application = make_application()
