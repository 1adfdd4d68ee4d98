"""Pages that are put together from memory say what is true now: for this page, this address, this language and visitor.

`version.forget` ends the open change of the test's own transaction, in which nothing is kept. Whatever changes after
it has to say so itself, or the page stays as it was.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms import version
from cms.models import SiteSettings
from cms.routing import address_of
from home.models import NewsPage, StandardPage
from knowledge.models import ProfileCare
from tests.factories import pages as make
from trainings.models.run_parts import Pool

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def read(client: Client, url: str) -> str:
    """Return a page from a process that has made it before."""
    client.get(url)
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def marked_in_menu(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="([^"]+)" aria-current="(page|true)"', html)


def test_menu_marks_where_each_page_lies(client: Client) -> None:
    tree = make.make_tree()
    news = make.make_news(tree)
    version.forget()

    assert marked_in_menu(read(client, tree.news.url)) == [(tree.news.url, "page")]
    assert marked_in_menu(read(client, news.url)) == [(tree.news.url, "true")]
    assert marked_in_menu(read(client, tree.home.url)) == []


def test_head_names_the_address_and_the_host_that_were_asked(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "kgi.example"]
    tree = make.make_tree()
    version.forget()
    read(client, tree.knowledge.url)

    shelf = read(client, f"{tree.knowledge.url}praxis/")
    elsewhere = client.get(tree.knowledge.url, headers={"host": "kgi.example"}).content.decode()

    assert f'<link rel="canonical" href="http://testserver{tree.knowledge.url}praxis/">' in shelf
    assert f'<link rel="canonical" href="http://kgi.example{tree.knowledge.url}">' in elsewhere
    assert "testserver" not in elsewhere


def test_new_translation_and_its_end_are_seen_on_the_other_page(client: Client) -> None:
    page = make.make_standard(make.make_tree())
    version.forget()
    alone = read(client, page.url)
    other = make.translate(page, slug="about")
    version.forget()
    together = read(client, page.url)
    other.unpublish()

    assert 'hreflang="en" href=' not in alone
    assert f'hreflang="en" href="http://testserver{other.url}"' in together
    assert f'<a href="{other.url}" hreflang="en"' in together
    assert other.url not in client.get(page.url).content.decode()


def test_new_title_of_a_page_above_is_seen_below(client: Client) -> None:
    tree = make.make_tree()
    news = make.make_news(tree)
    version.forget()
    read(client, news.url)
    tree.news.title = "Meldungen"
    tree.news.save_revision().publish()

    assert f'<a href="{tree.news.url}">Meldungen</a>' in client.get(news.url).content.decode()


def test_footer_and_notice_follow_the_settings(client: Client) -> None:
    tree = make.make_tree()
    version.forget()
    assert "Telefon gestört" not in read(client, tree.news.url)

    settings = SiteSettings.load()
    settings.notice_title_de, settings.operator_name = "Telefon gestört", "Träger Kranich"
    settings.save()
    german, english = (client.get(url).content.decode() for url in (tree.news.url, tree.home_en.url))

    assert "Telefon gestört" in german
    assert "Telefon gestört" not in english
    assert "Träger Kranich" in german


def test_what_a_visitor_looked_for_is_in_nobody_elses_header(client: Client) -> None:
    make.make_tree()
    version.forget()

    asked = read(client, "/de/suche/?q=Kranich")

    assert asked.count('value="Kranich"') == 2
    assert "Kranich" not in read(client, "/de/suche/")
    assert "Kranich" not in read(client, "/de/")


def test_person_who_withdraws_is_gone_from_every_page(client: Client) -> None:
    tree, person = make.make_tree(), make.make_person()
    pages: list[Any] = [make.make_practice(tree, contact=person), make.make_training(tree, contact=person)]
    version.forget()
    assert all(person.email in read(client, page.url).replace("<wbr>", "") for page in pages)

    name, person.withdrawn_on = person.name, timezone.localdate()
    person.clean()
    person.save()

    assert all(name not in client.get(page.url).content.decode() for page in pages)


def test_preview_of_a_draft_shows_the_draft_and_leaves_the_page_as_it_is(client: Client) -> None:
    page = make.make_practice(make.make_tree(), title="Öffentlich")
    version.forget()
    read(client, page.url)
    page.title = "Entwurf Kranich"

    preview = page.make_preview_request(RequestFactory().get("/")).content.decode()

    assert "<h1>Entwurf Kranich</h1>" in preview
    assert "Kranich" not in client.get(page.url).content.decode()


def test_seats_on_a_page_from_memory_are_those_of_now(client: Client) -> None:
    tree = make.make_tree()
    page = make.make_training(tree)
    make.make_run(page, seats=4)
    version.forget()
    assert all("4 von 4 Plätzen frei" in text(read(client, url)) for url in (page.url, tree.home.url))

    Pool.objects.update(places_taken=3)  # as a registration does: it raises no counter

    assert all("1 von 4 Plätzen frei" in text(client.get(url).content.decode()) for url in (page.url, tree.home.url))
    assert '"remainingAttendeeCapacity": 1' in client.get(page.url).content.decode()


def test_run_that_ends_today_leaves_the_page_within_the_day(client: Client) -> None:
    page = make.make_training(make.make_tree())
    run = make.make_run(page, starts_in=1, seats=None, admission="interest")
    version.forget()
    assert run.ends_at
    with time_machine.travel(run.ends_at - dt.timedelta(minutes=5)):
        assert "subjectOf" in described(read(client, page.url))

    with time_machine.travel(run.ends_at + dt.timedelta(minutes=5)):
        assert "subjectOf" not in described(client.get(page.url).content.decode())


def test_run_that_ends_today_leaves_the_issue_that_names_it_within_the_day(client: Client) -> None:
    tree = make.make_tree()
    page = make.make_training(tree)
    run = make.make_run(page, starts_in=1, city="Kranichstadt")
    block = {"type": "teasers", "value": {"title": "Neu", "pages": [page.pk]}}
    issue = make.make_issue(tree, body=[block])
    version.forget()
    assert run.ends_at
    with time_machine.travel(run.ends_at - dt.timedelta(minutes=5)):
        assert "Kranichstadt" in read(client, issue.url)

    with time_machine.travel(run.ends_at + dt.timedelta(minutes=5)):
        assert "Kranichstadt" not in client.get(issue.url).content.decode()


def test_call_leaves_the_home_page_at_midnight(client: Client) -> None:
    tree = make.make_tree()
    today = timezone.localdate()
    make.make_news(tree, title="Ausschreibung Kranich", news_kind="call", deadline=today, date=today)
    version.forget()
    assert "Ausschreibung Kranich" in read(client, tree.home.url)

    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        assert NewsPage.objects.get(title="Ausschreibung Kranich").live
        assert "Ausschreibung Kranich" not in client.get(tree.home.url).content.decode()


def test_page_that_becomes_private_leaves_the_list_of_the_page_above(client: Client) -> None:
    above = make.make_standard(make.make_tree(), show_children=True)
    below = make.publish(StandardPage, above, title="Geheimsache Kranich", slug="geheim")
    version.forget()
    assert "Geheimsache Kranich" in read(client, above.url)

    PageViewRestriction.objects.create(page=below, restriction_type="login")

    assert "Geheimsache Kranich" not in client.get(above.url).content.decode()


def test_confirmed_profile_loses_its_warning(client: Client) -> None:
    page = make.make_centre(make.make_tree())
    ProfileCare.objects.filter(profile_key=page.translation_key).update(left_on=timezone.localdate())
    version.forget()
    assert 'data-kind="warning"' in read(client, page.url)

    from knowledge.services.confirming import confirm

    confirm(ProfileCare.objects.get(profile_key=page.translation_key))

    assert 'data-kind="warning"' not in client.get(page.url).content.decode()


def test_own_addresses_are_those_of_wagtail() -> None:
    tree = make.make_tree()
    pages = [tree.home, tree.home_en, tree.news, make.translate(make.make_news(tree))]

    assert [address_of(page.locale_id, page.url_path) for page in pages] == [page.url for page in pages]


def text(html: str) -> str:
    return html.replace("\u202f", " ").replace("\u00a0", " ")


def described(html: str) -> dict[str, Any]:
    """Return the page's description for machines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    first: dict[str, Any] = json.loads(found[1])["@graph"][0]
    return first


def test_new_issue_is_in_the_archive_at_once(client: Client) -> None:
    tree = make.make_tree()
    make.make_issue(tree, title="Erste Ausgabe", date=dt.date(2026, 1, 1))
    version.forget()
    before = read(client, tree.infobrief.url)
    second = make.make_issue(tree, title="Zweite Ausgabe", slug="zwei", date=dt.date(2026, 2, 1))

    both = client.get(tree.infobrief.url).content.decode()
    second.unpublish()

    assert "Zweite Ausgabe" not in before
    assert 0 < both.index("Zweite Ausgabe") < both.index("Erste Ausgabe")
    assert "Zweite Ausgabe" not in client.get(tree.infobrief.url).content.decode()
