"""Headers: strict for visitors, looser for editors, nothing personal in any cache."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory
from wagtail.models import Page, Site

from cms.middleware import CacheControlMiddleware, PolicyMiddleware, PublicGZipMiddleware, policy

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def home(db) -> str:
    """A plain public page without any of our templates."""
    site = Site.objects.get(is_default_site=True)
    page = site.root_page.add_child(instance=Page(title="Plain", slug="plain"))
    return page.get_url()


@pytest.mark.parametrize(
    "path", ["/", "/de/", "/en/knowledge/", "/robots.txt", "/admin/login/", "/admin/password_reset/"]
)
def test_visitors_get_the_strict_policy(path):
    assert policy(path) == STRICT


def test_only_signed_in_editors_get_inline_scripts():
    assert "script-src 'self' 'unsafe-inline'" in policy("/admin/pages/3/edit/")
    assert "unsafe-eval" not in policy("/admin/pages/3/edit/")
    assert "unsafe-inline" not in policy("/administration/")


@pytest.mark.parametrize("path", ["/media/images/a.webp", "/documents/3/a.pdf"])
def test_files_may_run_nothing(path):
    assert "script-src" not in policy(path)
    assert policy(path).startswith("default-src 'none'")


def test_a_view_may_add_hosts_of_frames_and_nothing_else():
    def view(request):
        response = HttpResponse()
        response.frame_hosts = ("https://videos.example",)  # type: ignore[attr-defined]  # how a view asks for it
        return response

    response = PolicyMiddleware(view)(RequestFactory().get("/de/"))

    assert response["Content-Security-Policy"] == f"{STRICT}; frame-src https://videos.example"


def test_every_answer_carries_the_security_headers(client, home):
    response = client.get(home)

    assert response.status_code == 200
    assert response["Content-Security-Policy"] == STRICT
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_anonymous_pages_are_asked_for_again_and_answered_shortly(client, home):
    first = client.get(home)
    again = client.get(home, headers={"if-none-match": first["ETag"]})

    assert first["Cache-Control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")
    assert first.cookies == {}
    assert "Cookie" not in first.get("Vary", "")


def test_signed_in_visitors_leave_nothing_in_a_cache(client, home):
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@kgi.example", "secret"))

    response = client.get(home)

    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response


def test_admin_login_is_never_cached_and_strict(client, db):
    response = client.get("/admin/login/")

    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == STRICT


def test_a_form_with_a_token_is_personal():
    def form(request):
        get_token(request)
        response = HttpResponse("form")
        response.headers["Vary"] = "Cookie"  # as CsrfViewMiddleware says
        return response

    response = CacheControlMiddleware(form)(RequestFactory().get("/de/join/"))

    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_answers_to_changes_are_personal(method):
    request = getattr(RequestFactory(), method)("/de/")

    assert CacheControlMiddleware(lambda _: HttpResponse())(request)["Cache-Control"] == "private, no-store"


def test_a_view_that_knows_better_is_left_alone():
    def view(request):
        return HttpResponse(headers={"Cache-Control": "public, max-age=60"})

    assert CacheControlMiddleware(view)(RequestFactory().get("/de/"))["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize(
    ("cache_control", "content_type", "encoding"),
    [
        ("no-cache", "text/html; charset=utf-8", "gzip"),
        ("private, no-store", "text/html; charset=utf-8", None),
        ("no-cache", "image/webp", None),
    ],
)
def test_only_public_text_is_compressed(cache_control, content_type, encoding):
    def view(request):
        return HttpResponse("x" * 5000, content_type=content_type, headers={"Cache-Control": cache_control})

    response = PublicGZipMiddleware(view)(RequestFactory().get("/de/", headers={"accept-encoding": "gzip"}))

    assert isinstance(response, HttpResponse)
    assert response.get("Content-Encoding") == encoding


def test_compressed_pages_still_answer_shortly(client, home):
    first = client.get(home, headers={"accept-encoding": "gzip"})

    assert client.get(home, headers={"accept-encoding": "gzip", "if-none-match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("wish", "target"),
    [
        ("de-DE,de;q=0.9", "/de/"),
        ("en-GB,en;q=0.9,de;q=0.5", "/en/"),
        ("fr-FR,en;q=0.5", "/en/"),
        ("fr-FR", "/de/"),
        ("de-simple", "/de/"),
        ("", "/de/"),
        (";;;=q", "/de/"),
    ],
)
def test_the_first_address_follows_the_browser(client, db, wish, target):
    response = client.get("/", headers={"accept-language": wish})

    assert (response.status_code, response["Location"]) == (302, target)
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("path", ["/unknown/", "/plain/", "/wp-login.php", "/media/unknown/", "/fr/"])
def test_an_unknown_address_stays_unknown(client, home, path):
    assert client.get(path).status_code == 404


def test_robots_names_the_sitemap_and_hides_the_admin(client):
    lines = client.get("/robots.txt").text.splitlines()

    assert "Disallow: /admin/" in lines
    assert "Sitemap: https://kgi.example/sitemap.xml" in lines


@pytest.mark.django_db
def test_security_contact_is_valid_for_less_than_a_year(client, settings, time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z")
    response = client.get("/.well-known/security.txt")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text.splitlines() == [
        "Contact: mailto:security@kgi.example",
        "Expires: 2027-05-23T00:00:00Z",
        "Preferred-Languages: de, en",
        "Canonical: https://kgi.example/.well-known/security.txt",
    ]

    settings.SECURITY_CONTACT = ""
    assert client.get("/.well-known/security.txt").status_code == 404


def test_health_tells_database_and_worker(client, db, settings, tmp_path):
    settings.DATA_DIR = tmp_path

    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == {"database": "ok", "worker": "never seen", "mail": "ok"}


def test_staff_see_how_long_a_page_took_and_nobody_else(client, home):
    assert "Server-Timing" not in client.get(home)
    client.cookies["sessionid"] = "made-up"
    assert "Server-Timing" not in client.get(home)
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@kgi.example", "secret"))

    timing = client.get(home)["Server-Timing"]

    assert re.fullmatch(r'total;dur=\d+\.\d, db;dur=\d+\.\d;desc="[1-9]\d* queries"', timing)
