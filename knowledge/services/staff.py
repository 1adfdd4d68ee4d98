"""People outside the editorial office who edit one profile and its translation, and nothing else.

Wagtail knows rights of groups on pages, so each profile has a group of its own with the right to change (not to add,
publish or delete) its pages; what they need besides (the admin, own pictures and files) has the group of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupPagePermission, Page

from cms.models import User
from knowledge.models import MunicipalityPage, ProfileCare, ServiceCentrePage

ALL_STAFF = "Servicestellen"
NAME = "Profil: {title} ({pk})"
LONGEST_NAME = 150


@transaction.atomic
def assign(row: ProfileCare, users: Iterable[Any]) -> None:
    """Let exactly these people edit a profile; taking somebody away takes the rights at once."""
    row.staff.set(users)
    sync_rights(row)


@transaction.atomic
def sync_rights(row: ProfileCare) -> None:
    """Bring the rights in step with who is named and which pages there are; safe to call twice."""
    people = list(row.staff.all())
    former = set(row.group.user_set.all()) - set(people) if row.group else set()
    if not people:
        _drop_group(row)
    else:
        group = _group(row)
        group.user_set.set(people)
        _allow_pages(group, row)
        Group.objects.get_or_create(name=ALL_STAFF)[0].user_set.add(*people)
    _let_go(former)


def take_all_rights(row: ProfileCare) -> None:
    """Let nobody edit a profile any more."""
    assign(row, [])


def sync_page(page: Page) -> None:
    """Give the rights on a translation that has just been made or published."""
    is_profile = isinstance(page, MunicipalityPage | ServiceCentrePage)
    row = (
        ProfileCare.objects.filter(profile_key=page.translation_key, group__isnull=False).first()
        if is_profile
        else None
    )
    if row is not None:
        sync_rights(row)


def _group(row: ProfileCare) -> Group:
    name = NAME.format(title=row.title[: LONGEST_NAME - 30], pk=row.pk)
    if row.group is None:
        row.group = Group.objects.create(name=name)
        row.save(update_fields=["group"])
    elif row.group.name != name:
        row.group.name = name
        row.group.save(update_fields=["name"])
    return row.group


def _allow_pages(group: Group, row: ProfileCare) -> None:
    """Allow to change the pages of the profile, and no page more."""
    change = Permission.objects.get(content_type=ContentType.objects.get_for_model(Page), codename="change_page")
    pages = Page.objects.filter(translation_key=row.profile_key)
    GroupPagePermission.objects.filter(group=group).exclude(page__in=pages, permission=change).delete()
    for page in pages:
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=change)


def _drop_group(row: ProfileCare) -> None:
    if row.group is not None:
        group, row.group = row.group, None
        row.save(update_fields=["group"])
        group.delete()


def _let_go(people: set[User]) -> None:
    """Take the common rights from those who look after no profile any more."""
    for user in people:
        if not ProfileCare.objects.filter(staff=user).exists():
            user.groups.remove(*Group.objects.filter(name=ALL_STAFF))
