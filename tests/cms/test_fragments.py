"""Pieces of pages are made once, and never given where something else is true."""

from __future__ import annotations

import pytest
from django.template import engines
from django.test import Client, RequestFactory
from wagtail import hooks

from cms.fragments import piece
from cms.version import lasts, raise_counter
from home.models import StandardPage
from tests.factories import pages as make

pytestmark = pytest.mark.django_db(transaction=True)
BODY = [("paragraph", "<p>Erster Stand</p>")]


def test_running_text_is_made_once_until_the_content_changes(client: Client):
    page = make.make_standard(make.make_tree(), body=BODY)
    assert "Erster Stand" in client.get(page.url).content.decode()

    StandardPage.objects.filter(pk=page.pk).update(body=[("paragraph", "<p>Zweiter Stand</p>")])
    assert "Erster Stand" in client.get(page.url).content.decode()  # nobody has told the counter
    raise_counter()

    assert "Zweiter Stand" in client.get(page.url).content.decode()


def test_what_changes_while_a_page_is_being_made_is_on_the_next_one(client: Client):
    page = make.make_standard(make.make_tree(), body=BODY)
    elsewhere: list[str] = []

    def publish_elsewhere(*_args: object) -> None:
        if not elsewhere:  # the row of the page has been read, its text is not made yet
            elsewhere.append("")
            StandardPage.objects.filter(pk=page.pk).update(body=[("paragraph", "<p>Zweiter Stand</p>")])
            raise_counter()

    with hooks.register_temporarily("before_serve_page", publish_elsewhere):
        first = client.get(page.url).content.decode()

    assert "Erster Stand" in first
    assert "Zweiter Stand" in client.get(page.url).content.decode()


def test_preview_shows_the_draft_and_leaves_nothing_behind(client: Client):
    page = make.make_standard(make.make_tree(), body=BODY)
    client.get(page.url)
    page.body = [("paragraph", "<p>Entwurf</p>")]
    template = engines["django"].from_string('{% load pieces %}{% keep page "body" %}{{ page.body }}{% endkeep %}')
    preview = RequestFactory().get("/")
    preview.is_preview = True  # type: ignore[attr-defined]

    assert "Entwurf" in template.render({"page": page, "request": preview})
    assert "Entwurf" in template.render({"page": page, "request": preview})
    assert "Entwurf" not in client.get(page.url).content.decode()


def test_what_shows_seats_is_made_each_time():
    made = []

    def seats() -> str:
        lasts()
        made.append("x")
        return "3 Plätze"

    assert [piece("seats", seats), piece("seats", seats)] == ["3 Plätze"] * 2
    assert len(made) == 2
