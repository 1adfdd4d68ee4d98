"""The Infobrief in the admin's menu and addresses."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.admin.widgets.button import Button

from home.newsletter.admin import mailings, readers
from home.newsletter.admin.access import PREPARE, READERS, SEE
from home.newsletter.models import InfobriefPage
from trainings.wagtail_hooks import RightMenuItem


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Return all addresses; each view asks for the right it needs."""
    return [
        path("infobrief/", mailings.index, name="infobrief_mailings"),
        path("infobrief/issues/<int:pk>/", mailings.issue, name="infobrief_issue"),
        path("infobrief/mailings/<int:pk>/", mailings.detail, name="infobrief_mailing"),
        path("infobrief/mailings/<int:pk>/numbers/", mailings.numbers, name="infobrief_numbers"),
        path("infobrief/mailings/<int:pk>/content/", mailings.content, name="infobrief_content"),
        path("infobrief/mailings/<int:pk>/schedule/", mailings.schedule, name="infobrief_schedule"),
        path("infobrief/mailings/<int:pk>/segment/", mailings.segment, name="infobrief_segment"),
        path("infobrief/mailings/<int:pk>/test/", mailings.test, name="infobrief_test"),
        path("infobrief/mailings/<int:pk>/act/", mailings.act, name="infobrief_act"),
        path("infobrief/readers/", readers.index, name="infobrief_readers"),
        path("infobrief/readers/<int:pk>/", readers.detail, name="infobrief_reader"),
        path("infobrief/readers/<int:pk>/act/", readers.act, name="infobrief_reader_act"),
        path("infobrief/readers/<int:pk>/export/", readers.export, name="infobrief_reader_export"),
        path("infobrief/statistics/", readers.statistics, name="infobrief_statistics"),
    ]


@hooks.register("register_admin_menu_item")
def menu() -> SubmenuMenuItem:
    """Everything about the Infobrief in one place."""
    items = [
        RightMenuItem(_("Mailings"), reverse("infobrief_mailings"), icon_name="mail", order=10, rights=(SEE,)),
        RightMenuItem(_("Readers"), reverse("infobrief_readers"), icon_name="group", order=20, rights=(READERS,)),
        RightMenuItem(_("Statistics"), reverse("infobrief_statistics"), icon_name="order", order=30, rights=(SEE,)),
    ]
    return SubmenuMenuItem(_("Infobrief"), Menu(items=items), name="infobrief", icon_name="mail", order=220)


@hooks.register("register_page_header_buttons")
def issue_button(page: Any, user: Any, view_name: str, next_url: str | None = None) -> list[Button]:
    """Lead from an issue to its mailings."""
    is_issue = page.pk and page.content_type.model_class() is InfobriefPage
    if not is_issue or not user.has_perm(PREPARE):
        return []
    return [Button(_("Send as mail"), url=reverse("infobrief_issue", args=[page.pk]), icon_name="mail", priority=65)]
