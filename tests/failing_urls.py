"""The site's addresses and two that go wrong, for tests of the error pages."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from cms.urls import urlpatterns as real


def deny(request: HttpRequest) -> HttpResponse:
    """Refuse everybody."""
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    """Go wrong."""
    raise ZeroDivisionError("a secret of the server")


urlpatterns = [*i18n_patterns(path("denied/", deny), path("broken/", fail), prefix_default_language=True), *real]
