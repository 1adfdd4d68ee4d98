"""Staff of a service centre: their own page and its translation, nothing else, and every change waits for approval."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupPagePermission, Locale, Page, WorkflowState

from cms.models import CustomDocument, CustomImage
from home.services.groups import CENTRES, ensure_groups
from knowledge import profile_links
from knowledge.models import ProfileCare
from knowledge.services import staff
from tests.factories import pages as make
from tests.factories.staff import make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


class Scene:
    """One centre with staff, another one without."""

    def __init__(self) -> None:
        self.tree = make.make_tree()
        self.own = make.make_centre(self.tree, title="Eigene Stelle")
        self.own_en = make.translate(self.own, title="Own centre")
        self.other = make.make_centre(self.tree, title="Fremde Stelle")
        self.user = make_staff("member")
        self.row = ProfileCare.objects.get(profile_key=self.own.translation_key)
        staff.assign(self.row, [self.user])
        self.client = Client()
        self.client.force_login(self.user)

    def may(self, page: Page, action: str = "edit") -> bool:
        answer = self.client.get(reverse(f"wagtailadmin_pages:{action}", args=[page.pk]))
        return bool(answer.status_code == 200)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def form_of(client: Client, page: Page, **changes: Any) -> dict[str, Any]:
    """Return what the editor's browser would send."""
    page = page.specific
    data: dict[str, Any] = {
        **{name: getattr(page, name) or "" for name in ("title", "slug", "teaser", "area", "phone", "email", "city")},
        "municipality": page.municipality_id,
        "operator": "",
        "image_alt": "",
        "comments-TOTAL_FORMS": 0,
        "comments-INITIAL_FORMS": 0,
        "comments-MAX_NUM_FORMS": 0,
        **{f"{name}-count": 0 for name in ("body", "opening_hours", "contacts", "links")},
    }
    return {**data, **changes}


def test_own_page_and_translation_can_be_edited_and_no_other(scene: Scene) -> None:
    strangers = [scene.other, scene.tree.centres, scene.tree.home, make.make_practice(scene.tree)]

    assert [scene.may(page) for page in (scene.own, scene.own_en)] == [True, True]
    assert [scene.may(page) for page in strangers] == [False] * 4
    for action in ("delete", "move", "unpublish"):
        assert (action, scene.may(scene.own, action)) == (action, False)
    for page in (scene.own, scene.tree.centres):
        assert not page.permissions_for_user(scene.user).can_add_subpage()
    assert not scene.own.permissions_for_user(scene.user).can_publish()


def test_change_waits_for_approval(client: Client, scene: Scene) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[scene.own.pk])

    saved = scene.client.post(edit, form_of(client, scene.own, phone="030 1", **{"action-publish": "1"}))
    live = type(scene.own).objects.get(pk=scene.own.pk)
    scene.client.post(edit, form_of(client, scene.own, phone="030 2", **{"action-submit": "1"}))
    state = WorkflowState.objects.get()

    assert saved.status_code == 302
    assert (live.phone, live.has_unpublished_changes) == ("030 23125 001", True)
    assert state.status == "in_progress"
    client.force_login(make_staff("approver"))
    task = state.current_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[scene.own.pk, "approve", task.pk])
    client.post(approve, {"comment": ""})
    for page in (scene.own, scene.own_en):
        assert type(page).objects.get(pk=page.pk).phone == "030 2"


def test_staff_cannot_approve_their_own_change(client: Client, scene: Scene) -> None:
    edit = reverse("wagtailadmin_pages:edit", args=[scene.own.pk])
    scene.client.post(edit, form_of(client, scene.own, phone="030 2", **{"action-submit": "1"}))
    task = WorkflowState.objects.get().current_task_state

    scene.client.post(reverse("wagtailadmin_pages:workflow_action", args=[scene.own.pk, "approve", task.pk]), {})

    assert type(scene.own).objects.get(pk=scene.own.pk).phone == "030 23125 001"


CLOSED = (
    *("wagtailusers_users:index", "wagtailusers_groups:index", "wagtailsites:index", "wagtailredirects:index"),
    *("wagtailsnippets_knowledge_contactperson:list", "wagtailsnippets_knowledge_topic:list"),
    *("wagtailsnippets_knowledge_municipality:list", "wagtailsnippets_knowledge_contactperson:add"),
    *("profile_care", "outbox", "privacy", "run_calendar", "translation_report", "review_report", "completion_report"),
    *("wagtailadmin_collections:index", "wagtailadmin_workflows:index"),
)


def test_everything_else_in_the_admin_is_closed(scene: Scene) -> None:
    assert [name for name in CLOSED if scene.client.get(reverse(name)).status_code not in (302, 403)] == []


def test_copying_needs_a_place_where_they_may_add_and_there_is_none(scene: Scene) -> None:
    count = Page.objects.count()
    form = {"new_title": "Kopie", "new_slug": "kopie", "new_parent_page": scene.tree.centres.pk, "copy_subpages": ""}

    scene.client.post(reverse("wagtailadmin_pages:copy", args=[scene.own.pk]), form)

    assert Page.objects.count() == count


def test_history_of_the_site_tells_of_their_own_page_only(scene: Scene) -> None:
    history = scene.client.get(reverse("wagtailadmin_reports:site_history")).content.decode()

    assert "Fremde Stelle" not in history


def test_explorer_and_chooser_show_what_they_must(scene: Scene) -> None:
    explorer = scene.client.get(reverse("wagtailadmin_explore", args=[scene.tree.centres.pk])).content.decode()
    person = make.make_person(name="Ohne Einwilligung", consent_on=None)
    shown = make.make_person(name="Mit Einwilligung")
    viewset: Any = type(person).snippet_viewset  # type: ignore[attr-defined]  # set by Wagtail
    chooser = reverse(viewset.chooser_viewset.get_url_name("choose"))

    people = scene.client.get(chooser).content.decode()

    assert "Fremde Stelle" not in explorer
    assert shown.name in people
    assert person.name not in people


def test_own_pictures_and_files_only(scene: Scene) -> None:
    centres = Collection.objects.get(name="Servicestellen")
    theirs = CustomImage.objects.create(
        title="Fremdes Bild", file=ContentFile(_pixel(), "x.png"), width=1, height=1, collection=centres
    )
    document = CustomDocument.objects.create(title="Fremd", file=ContentFile(b"x", "x.txt"), collection=centres)
    root = CustomImage.objects.create(title="Aus der Redaktion", file=ContentFile(_pixel(), "y.png"), width=1, height=1)

    for name, key in (
        ("wagtailimages:edit", theirs.pk),
        ("wagtailimages:edit", root.pk),
        ("wagtaildocs:edit", document.pk),
    ):
        assert scene.client.get(reverse(name, args=[key])).status_code == 302
        assert scene.client.post(reverse(name.replace("edit", "delete"), args=[key])).status_code == 302
    listing = scene.client.get(reverse("wagtailimages:index")).content.decode()
    assert "Aus der Redaktion" not in listing
    assert CustomImage.objects.count() == 2
    assert CustomDocument.objects.count() == 1
    assert scene.client.get(reverse("wagtailimages:add")).status_code == 200


def _pixel() -> bytes:
    from io import BytesIO

    from PIL import Image

    picture = BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    return picture.getvalue()


def test_taking_somebody_away_takes_the_rights_at_once(scene: Scene) -> None:
    second = make_staff("member")
    staff.assign(scene.row, [second])

    assert not scene.may(scene.own)
    assert not scene.may(scene.own_en)
    assert not scene.user.groups.exists()
    assert second.groups.count() == 2

    staff.assign(scene.row, [])
    assert not Group.objects.filter(name__startswith="Profil").exists()
    assert not GroupPagePermission.objects.filter(page=scene.own).exists()


def test_who_looks_after_two_centres_keeps_the_other(scene: Scene) -> None:
    row = ProfileCare.objects.get(profile_key=scene.other.translation_key)
    staff.assign(row, [scene.user])
    staff.assign(scene.row, [])

    assert (scene.may(scene.own), scene.may(scene.other)) == (False, True)


def test_translation_made_later_belongs_to_them_as_a_draft_already(scene: Scene) -> None:
    row = ProfileCare.objects.get(profile_key=scene.other.translation_key)
    staff.assign(row, [scene.user])

    draft = scene.other.copy_for_translation(Locale.objects.get(language_code="en"))

    assert scene.may(draft)


def test_editor_assigns_in_the_admin_and_strangers_cannot(client: Client, scene: Scene) -> None:
    row = ProfileCare.objects.get(profile_key=scene.other.translation_key)
    form = {"owner_email": "o@x.example", "owner_language": "de", "staff": [scene.user.pk]}

    scene.client.post(reverse("profile_care_edit", args=[row.pk]), form)
    refused = scene.may(scene.other)
    client.force_login(make_staff("editor"))
    wrong = client.post(reverse("profile_care_edit", args=[row.pk]), {**form, "owner_email": "no address"})
    client.post(reverse("profile_care_edit", args=[row.pk]), form)

    assert not refused
    assert wrong.status_code == 200
    assert 'value="no address"' in wrong.content.decode()
    assert scene.may(scene.other)


def test_link_of_the_yearly_mail_leads_staff_to_their_page(client: Client, scene: Scene) -> None:
    row = ProfileCare.objects.get(profile_key=scene.other.translation_key)
    addresses = [reverse("wagtailadmin_pages:edit", args=[page.pk]) for page in (scene.own, scene.other)]

    shown = [client.get(f"/de/profil/{profile_links.token(one)}/").content.decode() for one in (scene.row, row)]

    assert addresses[0] in shown[0]
    assert addresses[1] not in shown[1]


def test_bootstrap_again_takes_the_old_wide_rights_and_leaves_the_new_ones(scene: Scene) -> None:
    group = Group.objects.get(name=CENTRES)
    add = GroupPagePermission.objects.filter(permission__codename="add_page").first()
    assert add is not None
    GroupPagePermission.objects.create(group=group, page=scene.tree.centres, permission=add.permission)

    ensure_groups([scene.tree.home, scene.tree.home_en])

    assert not GroupPagePermission.objects.filter(group=group).exists()
    assert scene.may(scene.own)
