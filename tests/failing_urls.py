"""The site's addresses and three that go wrong, for tests of the error pages."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cms.urls import urlpatterns as real


def deny(request: HttpRequest) -> HttpResponse:
    """Refuse everybody."""
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    """Go wrong."""
    raise ZeroDivisionError("a secret of the server")


def full(request: HttpRequest) -> HttpResponse:
    """Find the database full."""
    raise OperationalError("database or disk is full")


ours = [path("denied/", deny), path("broken/", fail), path("full/", full)]
urlpatterns = [*i18n_patterns(*ours, prefix_default_language=True), *real]
