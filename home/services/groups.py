"""Groups of editors and what each may do, in both language trees; made by `bootstrap`, safe to call twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from cms.privacy.models import ErasureLog
from home.joining.models import AnswerTemplate, Enquiry
from home.newsletter.models import Mailing, Subscriber
from knowledge.models import (
    ContactPerson,
    FundingProgramme,
    Municipality,
    MunicipalityIndexPage,
    ProfileCare,
    Topic,
)
from knowledge.services.staff import ALL_STAFF
from trainings.models import OfferIndexPage, Registration, Review, Run, RunStats, SensitiveAnswer

EDITORS = "Redaktion"
TRANSLATORS = "Übersetzung"
ORGANISERS = "Veranstaltung"
REVIEWERS = "Freigabe"
CENTRES = ALL_STAFF
DATA_PROTECTION = "Datenschutz"
JURY = "Auswahl"
SENDERS = "Infobrief"
ADVISERS = "Beratung"
GROUPS = (EDITORS, TRANSLATORS, ORGANISERS, REVIEWERS, CENTRES, DATA_PROTECTION, JURY, SENDERS, ADVISERS)

ALL_PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
MEDIA = ("image", "document")


def ensure_groups(homes: Iterable[Page]) -> None:
    """Give each group its rights below the home pages; rights that an administrator added stay."""
    homes = list(homes)
    groups = {name: Group.objects.get_or_create(name=name)[0] for name in GROUPS}
    for group in groups.values():
        _allow(group, [Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin")])
    for home in homes:
        _allow_pages(groups[EDITORS], home, ALL_PAGE_RIGHTS)
        _allow_pages(groups[REVIEWERS], home, ALL_PAGE_RIGHTS)
        _allow_pages(groups[TRANSLATORS], home, ("add_page", "change_page"))
    for page in OfferIndexPage.objects.all():
        _allow_pages(groups[ORGANISERS], page, ("add_page", "change_page", "publish_page"))
    for page in MunicipalityIndexPage.objects.all():
        _allow_pages(groups[ADVISERS], page, ("add_page",))
    _allow_rows(groups)
    _allow_media(groups)
    _keep_to_own_pages(groups[CENTRES])


def _keep_to_own_pages(group: Group) -> None:
    """Leave staff of service centres what they need for their own page: its rights hang on the page (`knowledge`).

    Own pictures and files lie in a collection of all centres; who may only add there can change no one else's.
    """
    GroupPagePermission.objects.filter(group=group).delete()
    collection = Collection.objects.filter(name=ALL_STAFF).first()
    GroupCollectionPermission.objects.filter(group=group).exclude(collection=collection).delete()
    if collection is not None:
        _allow_collection(group, collection, ("add", "choose"))


def _allow_rows(groups: dict[str, Group]) -> None:
    for model in (ContactPerson, FundingProgramme, Municipality, Topic):
        _allow(groups[EDITORS], _rights(model, "add", "change", "delete", "view"))
    for name in (EDITORS, REVIEWERS):
        _allow(groups[name], _rights(ProfileCare, "change", "view"))
    _allow(groups[ORGANISERS], [*_rights(Run, "add", "change", "view"), *_rights(ContactPerson, "view")])
    _allow(groups[ORGANISERS], [*_rights(SensitiveAnswer, "view"), *_rights(RunStats, "view")])
    _allow(groups[ORGANISERS], _rights(Registration, "view"))
    _allow(groups[EDITORS], _rights(RunStats, "view"))
    _allow(groups[EDITORS], _rights(Mailing, "add", "change", "view"))
    _allow(groups[SENDERS], [*_rights(Mailing, "add", "change", "view"), *_rights(Subscriber, "view", "change")])
    _allow(groups[SENDERS], Permission.objects.filter(codename="send_mailing"))
    _allow(groups[DATA_PROTECTION], _rights(Subscriber, "view", "change"))
    _allow(groups[JURY], _rights(Review, "add", "change"))
    _allow(groups[ADVISERS], _rights(AnswerTemplate, "add", "change", "delete", "view"))
    _allow(groups[ADVISERS], _rights(Enquiry, "view", "change"))
    _allow(groups[ADVISERS], Permission.objects.filter(codename="write_to_members"))
    _allow(groups[DATA_PROTECTION], _rights(ContactPerson, "view", "change", "delete"))
    _allow(groups[DATA_PROTECTION], _rights(ErasureLog, "view"))
    for name in (EDITORS, REVIEWERS, TRANSLATORS):
        _allow(groups[name], Permission.objects.filter(codename="submit_translation"))
    _allow(groups[EDITORS], Permission.objects.filter(content_type__app_label="redirects"))
    told = {"content_type__app_label": "search", "content_type__model__in": ("synonyms", "promotion")}
    _allow(groups[EDITORS], Permission.objects.filter(**told))


def _allow_media(groups: dict[str, Group]) -> None:
    root = Collection.get_first_root_node()
    assert root is not None
    for name in (EDITORS, ORGANISERS, REVIEWERS):
        _allow_collection(groups[name], root, ("add", "change", "choose"))


def _allow_collection(group: Group, collection: Collection, verbs: Iterable[str]) -> None:
    for base in MEDIA:
        names = [f"{verb}_{base}" for verb in verbs]
        for permission in Permission.objects.filter(content_type__app_label=f"wagtail{base}s", codename__in=names):
            GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def _allow_pages(group: Group, page: Page, codenames: Iterable[str]) -> None:
    kind = ContentType.objects.get_for_model(Page)
    for permission in Permission.objects.filter(content_type=kind, codename__in=codenames):
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=permission)


def _allow(group: Group, permissions: Iterable[Permission]) -> None:
    group.permissions.add(*permissions)


def _rights(model: type[models.Model], *verbs: str) -> Any:
    kind = ContentType.objects.get_for_model(model)
    names = [f"{verb}_{model._meta.model_name}" for verb in verbs]
    return Permission.objects.filter(content_type=kind, codename__in=names)
