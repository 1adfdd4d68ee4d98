"""Addresses without a language: the choice of one, robots.txt and security.txt."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.views.decorators.http import require_safe

VALID_FOR = timedelta(days=180)  # RFC 9116 asks for less than a year


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send visitors to English when their browser prefers it to German, to German otherwise; never for good."""
    language = "en" if translation.get_language_from_request(request) == "en" else "de"
    return HttpResponseRedirect(f"/{language}/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers where the sitemap is and what is not for them."""
    lines = ["User-agent: *", "Disallow: /admin/", "Allow: /", "", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def security_text(request: HttpRequest) -> HttpResponse:
    """Name the address for reports of weaknesses (RFC 9116); without one there is nothing to say."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {(midnight + VALID_FOR).isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}{request.path}",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
