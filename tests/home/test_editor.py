"""The editor's form: drafts may have gaps, publishing asks at the field for what a reader cannot do without."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from cms.models import CustomImage, User
from home.demo import pictures
from knowledge.models import GoodPracticePage, MaterialPage
from tests.factories import pages as make
from tests.factories.everything import INDEXES, PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("admin", password="x" * 12))
    return client


def form_of(page: MaterialPage) -> dict[str, Any]:
    """Return what a browser would send for a material as it is."""
    data = nested_form_data({"files": streamfield([]), "body": streamfield([]), "comments": inline_formset([])})
    empty = ("publisher", "published_on", "image", "image_alt", "review_by", "seo_title", "search_description")
    texts = {name: getattr(page, name) for name in ("title", "slug", "teaser", "material_type", "link_url")}
    chosen = {
        "steps": [step.pk for step in page.steps.all()],
        "topics": [topic.name for topic in page.topics.all()],
    }
    return {**data, **dict.fromkeys(empty, ""), **texts, **chosen}


def send(editor: Client, page: MaterialPage, *, publish: bool, **changes: Any) -> Any:
    data = {**form_of(page), **changes, **({"action-publish": "publish"} if publish else {})}
    return editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(found) for name, found in answer.context["form"].errors.items()}


def test_complete_material_is_published(editor: Client) -> None:
    page = make.make_material(make.make_tree())

    answer = send(editor, page, publish=True, title="Neuer Titel")

    assert answer.status_code == 302
    assert MaterialPage.objects.get(pk=page.pk).title == "Neuer Titel"


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"teaser": ""}, {"teaser": ["Zum Veröffentlichen nötig."]}),
        ({"link_url": ""}, {"files": ["Fügen Sie eine Datei oder einen Link hinzu."]}),
        ({"steps": []}, {"steps": ["Dieses Feld muss ausgefüllt werden."]}),
        ({"link_url": "kein link"}, {"link_url": ["Bitte eine gültige Adresse eingeben."]}),
        ({"slug": "praxis"}, {"slug": ["Diese Adresse gehört zu einer Übersicht. Wählen Sie eine andere."]}),
    ],
)
def test_publishing_says_what_is_missing_at_the_field(
    editor: Client, changes: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    page = make.make_material(make.make_tree())

    answer = send(editor, page, publish=True, **changes)

    assert answer.status_code == 200
    assert errors(answer) == wrong


@pytest.mark.parametrize("changes", [{"teaser": ""}, {"link_url": ""}, {"steps": []}])
def test_draft_may_have_gaps(editor: Client, changes: dict[str, Any]) -> None:
    page = make.make_material(make.make_tree())

    assert send(editor, page, publish=False, **changes).status_code == 302


def test_picture_needs_an_alternative_text_to_be_published(editor: Client) -> None:
    page = make.make_material(make.make_tree())
    image: CustomImage = pictures.image({"motif": "river", "step": "plan", "seed": 1})

    answer = send(editor, page, publish=True, image=image.pk)

    assert errors(answer) == {"image_alt": ["Sagen Sie, was auf dem Bild zu sehen ist."]}
    assert send(editor, page, publish=True, image=image.pk, image_alt="Fluss").status_code == 302


def test_topics_are_picked_from_the_list_only(editor: Client) -> None:
    page = make.make_material(make.make_tree())

    send(editor, page, publish=True, topics=["Sport", "Zugänge & Inklusion", "Erfundenes Thema"])

    found = MaterialPage.objects.get(pk=page.pk)
    assert sorted(topic.slug for topic in found.topics.all()) == ["access", "sport"]


@pytest.mark.parametrize("kind", [*INDEXES, *PAGES])
def test_every_page_type_opens_in_the_editor(editor: Client, kind: str) -> None:
    tree = make.make_tree()
    page = getattr(tree, kind) if kind in INDEXES else PAGES[kind](tree)

    assert editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


@pytest.mark.parametrize("kind", PAGES)
def test_every_page_type_can_be_made_and_previewed(editor: Client, kind: str) -> None:
    page = PAGES[kind](make.make_tree())
    parent = page.get_parent()
    add = reverse("wagtailadmin_pages:add", args=[page._meta.app_label, page._meta.model_name, parent.pk])

    assert editor.get(add).status_code == 200
    preview = page.make_preview_request()
    assert preview.status_code == 200
    assert page.title in preview.content.decode()


def test_meter_names_what_is_worth_adding(editor: Client) -> None:
    page = make.make_practice(make.make_tree(), provider="Jugendring")

    html = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    total = len(GoodPracticePage.recommended_fields)
    assert f"1 von {total} empfohlenen Feldern sind ausgefüllt." in html
    assert "was nicht geklappt hat" in html


def test_wrong_ages_are_explained() -> None:
    from django.core.exceptions import ValidationError

    page = make.make_practice(make.make_tree())
    page.age_from, page.age_to = 18, 12

    with pytest.raises(ValidationError) as error:
        page.clean()

    assert error.value.message_dict == {"age_to": ["Das obere Alter liegt unter dem unteren."]}


def test_bad_code_in_a_list_is_refused() -> None:
    from django.core.exceptions import ValidationError

    page = make.make_practice(make.make_tree())
    page.partner_countries = ["FR", "QQ"]

    with pytest.raises(ValidationError) as error:
        page.full_clean()

    assert error.value.message_dict == {"partner_countries": ["Unbekannte Auswahl: QQ"]}
