"""What visitors see when something is wrong: the right status, their language, a way on, nothing of the inside."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.models import User
from tests.factories import pages as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("planted"),
    pytest.mark.urls("tests.failing_urls"),
]
DENIED = {"de": "Hier kommen Sie nicht weiter", "en": "You cannot get on here"}
EXPIRED = {"de": "Das Formular ist nicht mehr gültig", "en": "The form is no longer valid"}
LOST = {"de": "Hier bricht die Linie ab", "en": "Here the line breaks off"}


def is_whole(html: str, language: str) -> bool:
    """Return whether this is our page in a language, with a way home."""
    return f'<html lang="{language}">' in html and f'href="/{language}/"' in html and 'id="main"' in html


@pytest.mark.parametrize("language", ["de", "en"])
def test_page_that_is_not_for_everybody(client: Client, language: str) -> None:
    make.make_tree()

    answer = client.get(f"/{language}/denied/")

    html = answer.content.decode()
    assert answer.status_code == 403
    assert is_whole(html, language)
    assert f"<h1>{DENIED[language]}</h1>" in html


@pytest.mark.parametrize("language", ["de", "en"])
def test_form_that_was_open_for_too_long(language: str) -> None:
    make.make_tree()
    search = {"de": "/de/suche/", "en": "/en/search/"}[language]

    answer = Client(enforce_csrf_checks=True).post(search, {"q": "Plan"})

    html = answer.content.decode()
    assert answer.status_code == 403
    assert is_whole(html, language)
    assert f"<h1>{EXPIRED[language]}</h1>" in html
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_login_without_its_token_speaks_the_editor_s_language(language: str) -> None:
    User.objects.create_superuser("erika", password="Ein gutes Passwort 2026")

    answer = Client(enforce_csrf_checks=True).post(
        "/admin/login/",
        {"username": "erika", "password": "Ein gutes Passwort 2026"},
        headers={"accept-language": language},
    )

    assert answer.status_code == 403
    assert EXPIRED[language] in answer.content.decode()
    assert "sessionid" not in answer.cookies


@pytest.mark.parametrize("language", ["de", "en"])
def test_wrong_address(client: Client, language: str) -> None:
    make.make_tree()

    answer = client.get(f"/{language}/gibt-es-nicht/")

    html = answer.content.decode()
    assert answer.status_code == 404
    assert is_whole(html, language)
    assert f"<h1>{LOST[language]}</h1>" in html
    assert 'role="search"' in html


@pytest.mark.parametrize("language", ["de", "en"])
def test_error_of_the_server_tells_both_languages_and_no_secret(language: str) -> None:
    client = Client(raise_request_exception=False)

    with CaptureQueriesContext(connection) as captured:
        answer = client.get(f"/{language}/broken/")

    html = answer.content.decode()
    assert answer.status_code == 500
    assert "<h1>Eine Störung auf der Strecke</h1>" in html
    assert '<div lang="en">' in html
    assert "a secret of the server" not in html
    assert len(captured) == 0


def test_a_database_in_trouble_is_no_error_of_ours_and_asks_to_come_again() -> None:
    answer = Client().get("/de/full/")

    assert answer.status_code == 503
    assert (answer.headers["Retry-After"], answer.headers["Cache-Control"]) == ("60", "private, no-store")
    assert "<h1>Eine Störung auf der Strecke</h1>" in answer.content.decode()
    assert "disk is full" not in answer.content.decode()
