"""Hooks of enquiries in the admin: one line each, the work is done in `home.joining.admin`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from home.joining.admin.access import ANSWER, WRITE
from home.joining.admin.urls import urls
from home.joining.models import Enquiry
from home.joining.viewsets import AnswerTemplateViewSet
from trainings.wagtail_hooks import RightMenuItem

register_snippet(AnswerTemplateViewSet)
hooks.register("register_admin_urls", urls)


@hooks.register("register_admin_menu_item")
def enquiries_menu() -> SubmenuMenuItem:
    """Everything about enquiries and members in one place."""
    templates = reverse("wagtailsnippets_joining_answertemplate:list")
    items = [
        RightMenuItem(_("Enquiries"), reverse("enquiries"), icon_name="mail", order=10, rights=(ANSWER,)),
        RightMenuItem(
            _("Answer templates"),
            templates,
            icon_name="doc-full",
            order=20,
            rights=("joining.view_answertemplate", "joining.change_answertemplate"),
        ),
        RightMenuItem(_("Write to members"), reverse("letter"), icon_name="group", order=30, rights=(WRITE,)),
    ]
    return SubmenuMenuItem(_("Network"), Menu(items=items), name="network", icon_name="mail", order=220)


class WaitingPanel(Component):
    """How many enquiries wait, on the first page of the admin."""

    order = 95

    def render_html(self, parent_context: Any = None) -> str:
        """Render the counts; nothing where nothing waits."""
        waiting = Enquiry.objects.waiting()
        mine = waiting.filter(assignee=parent_context["request"].user.pk)
        counts = {"waiting": waiting.count(), "overdue": waiting.overdue().count(), "mine": mine.count()}
        return render_to_string("joining/admin/waiting.html", counts) if counts["waiting"] else ""


@hooks.register("construct_homepage_panels")
def waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show those who answer what waits for them."""
    if request.user.has_perm(ANSWER):
        panels.append(WaitingPanel())
