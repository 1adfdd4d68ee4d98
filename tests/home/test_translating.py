"""The two language trees: who may translate what, and what follows a German page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Locale, Page

from cms.models import User
from home.models import StandardPage
from home.reports import pages_to_review, pages_to_translate
from home.services.groups import EDITORS, TRANSLATORS
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def member(client: Client, group: str) -> User:
    user = User.objects.create_user(f"somebody-{group}", password="x" * 12)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)
    return user


def regional_editor(client: Client, page: Page) -> User:
    """Return somebody who may edit one page and translate, and nothing else."""
    group = Group.objects.create(name="Nord")
    codes = ("access_admin", "submit_translation")
    group.permissions.set(Permission.objects.filter(codename__in=codes))
    permission = Permission.objects.get(codename="change_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    return member(client, "Nord")


def submit(client: Client, page: Page) -> Any:
    url = reverse("wagtail_localize:submit_page_translation", args=[page.pk])
    return client.post(url, {"locales": [Locale.objects.get(language_code="en").pk]})


def english_of(page: Page) -> Page | None:
    return Page.objects.filter(translation_key=page.translation_key, locale__language_code="en").first()


def test_translating_a_live_page_makes_a_draft_and_shows_no_german_under_en(client: Client) -> None:
    page = make.make_standard(make.make_tree(), title="Deutscher Titel", slug="deutsch")
    member(client, EDITORS)

    submit(client, page)

    translation = english_of(page)
    assert translation is not None
    assert not translation.live
    client.logout()
    assert client.get("/en/deutsch/").status_code == 404


def test_nobody_translates_a_page_that_is_not_theirs(client: Client) -> None:
    tree = make.make_tree()
    own, foreign = make.make_standard(tree, title="Eigene"), make.make_standard(tree, title="Fremde")
    regional_editor(client, own)

    submit(client, foreign)

    assert english_of(foreign) is None


def test_nobody_adds_a_translation_where_they_may_not_add_pages(client: Client) -> None:
    own = make.make_standard(make.make_tree(), title="Eigene")
    regional_editor(client, own)

    submit(client, own)

    assert english_of(own) is None


def test_translator_may_translate_but_not_publish(client: Client) -> None:
    page = make.make_standard(make.make_tree())
    user = member(client, TRANSLATORS)

    submit(client, page)

    translation = english_of(page)
    assert translation is not None
    assert translation.permissions_for_user(user).can_edit()
    assert not translation.permissions_for_user(user).can_publish()


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_english_page_follows_the_german_one(client: Client, action: str) -> None:
    page = make.make_standard(make.make_tree())
    make.translate(page)
    member(client, EDITORS)

    client.post(reverse(f"wagtailadmin_pages:{action}", args=[page.pk]))

    translation = english_of(page)
    assert translation is None if action == "delete" else not (translation and translation.live)


def test_german_page_does_not_follow_the_english_one(client: Client) -> None:
    page = make.make_standard(make.make_tree())
    translation = make.translate(page)
    member(client, EDITORS)

    client.post(reverse("wagtailadmin_pages:unpublish", args=[translation.pk]))

    page.refresh_from_db()
    translation.refresh_from_db()
    assert (page.live, translation.live) == (True, False)


def bulk(client: Client, action: str, page: Page, **data: Any) -> Any:
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", action])
    return client.post(f"{url}?id={page.pk}", data)


@pytest.mark.parametrize("action", ["unpublish", "delete"])
def test_english_page_follows_in_bulk_actions(client: Client, action: str) -> None:
    page = make.make_standard(make.make_tree())
    make.translate(page)
    member(client, EDITORS)

    bulk(client, action, page)

    assert not Page.objects.filter(translation_key=page.translation_key, live=True).exists()


@pytest.mark.parametrize("in_bulk", [False, True])
def test_english_page_moves_below_the_translated_parent(client: Client, *, in_bulk: bool) -> None:
    tree = make.make_tree()
    parent, page = make.make_standard(tree, title="Ziel"), make.make_standard(tree, title="Wandert")
    parent_en, page_en = make.translate(parent), make.translate(page)
    member(client, EDITORS)

    if in_bulk:
        bulk(client, "move", page, chooser=parent.pk)
    else:
        client.post(reverse("wagtailadmin_pages:move_confirm", args=[page.pk, parent.pk]))

    assert Page.objects.get(pk=page.pk).get_parent().pk == parent.pk
    assert Page.objects.get(pk=page_en.pk).get_parent().pk == parent_en.pk


def test_chooser_offers_pages_in_the_language_of_the_edited_page(client: Client) -> None:
    tree = make.make_tree()
    page = make.make_standard(tree, title="Wo ich schreibe")
    make.translate(page, title="Where I write")
    member(client, EDITORS)
    referer = "http://testserver" + reverse("wagtailadmin_pages:edit", args=[page.pk])

    def offered(query: str) -> str:
        address = reverse("wagtailadmin_choose_page_search")
        return client.get(address, {"q": query}, headers={"referer": referer}).content.decode()

    assert "Wo ich schreibe" in offered("schreibe")
    assert "Where I write" not in offered("write")


def test_page_cannot_be_published_over_a_hand_made_translation(client: Client) -> None:
    page = make.make_standard(make.make_tree())
    translation = make.translate(page)
    member(client, EDITORS)

    html = client.get(reverse("wagtailadmin_pages:edit", args=[translation.pk])).content.decode()

    assert "localize-restart-translation" not in html


def test_report_lists_untranslated_and_outdated_pages_only(client: Client) -> None:
    tree = make.make_tree()
    untranslated, outdated, fine = (make.make_standard(tree, title=title) for title in ("Fehlt", "Alt", "Gut"))
    make.translate(outdated)
    outdated.title = "Alt, neu"
    outdated.save_revision().publish()
    make.translate(fine)
    member(client, EDITORS)

    found = {page.pk for page in pages_to_translate()}

    assert {untranslated.pk, outdated.pk} <= found
    assert fine.pk not in found
    html = client.get(reverse("translation_report")).content.decode()
    assert "Fehlt" in html


def test_report_lists_pages_to_check_again(client: Client) -> None:
    from django.utils import timezone

    tree = make.make_tree()
    due = make.make_standard(tree, title="Fällig", review_by=timezone.localdate())
    make.make_standard(tree, title="Später", review_by=timezone.localdate().replace(year=2099))
    make.make_standard(tree, title="Nie")
    member(client, EDITORS)

    assert [page.pk for page in pages_to_review()] == [due.pk]
    assert "Fällig" in client.get(reverse("review_report")).content.decode()


def test_report_is_not_for_everybody(client: Client) -> None:
    make.make_tree()
    member(client, Group.objects.create(name="Gäste").name)

    assert client.get(reverse("translation_report")).status_code == 302


def test_standard_page_cannot_be_made_at_the_root() -> None:
    make.make_tree()
    root = Page.get_first_root_node()
    assert root is not None

    assert not StandardPage.can_create_at(root)
