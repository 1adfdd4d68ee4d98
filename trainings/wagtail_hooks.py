"""Hooks of the runs in the admin: one line each, the work is done in `trainings.admin`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.snippets.models import register_snippet

from trainings import materials
from trainings.admin.access import ORGANISE, REVIEW, STATISTICS
from trainings.admin.planning import to_do
from trainings.admin.urls import urls
from trainings.models import Offer, OfferPage
from trainings.views import certificates, evaluation
from trainings.viewsets import RunViewSet

register_snippet(RunViewSet)
hooks.register("register_admin_urls", urls)
hooks.register("register_admin_urls", certificates.admin_urls)
hooks.register("register_admin_urls", evaluation.admin_urls)
hooks.register("before_serve_document", materials.guard)


class RightMenuItem(MenuItem):
    """Shown to those who have one of some rights."""

    def __init__(self, *args: Any, rights: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rights = rights

    def is_shown(self, request: HttpRequest) -> bool:
        """Hide the item from everybody else."""
        return any(request.user.has_perm(right) for right in self.rights)


@hooks.register("register_admin_menu_item")
def runs_menu() -> SubmenuMenuItem:
    """Everything about runs in one place."""
    items = [
        RightMenuItem(_("Calendar"), reverse("run_calendar"), icon_name="date", order=10, rights=(ORGANISE,)),
        RightMenuItem(
            _("All runs"),
            reverse("wagtailsnippets_trainings_run:list"),
            icon_name="list-ul",
            order=20,
            rights=(ORGANISE,),
        ),
        RightMenuItem(_("Applications"), reverse("run_reviews"), icon_name="form", order=30, rights=(ORGANISE, REVIEW)),
        RightMenuItem(_("Statistics"), reverse("run_statistics"), icon_name="order", order=40, rights=(STATISTICS,)),
    ]
    return SubmenuMenuItem(_("Runs"), Menu(items=items), name="runs", icon_name="date", order=210)


class ToDoPanel(Component):
    """What an organiser has to decide, on the first page of the admin."""

    order = 90

    def render_html(self, parent_context: Any = None) -> str:
        """Render the list; nothing where nothing is due."""
        runs = to_do(parent_context["request"].user)
        return render_to_string("trainings/admin/to_do.html", {"runs": runs}) if runs else ""


@hooks.register("construct_homepage_panels")
def to_do_panel(request: HttpRequest, panels: list[Any]) -> None:
    """Show organisers what waits for them."""
    if request.user.has_perm(ORGANISE):
        panels.append(ToDoPanel())


@hooks.register("register_page_header_buttons")
def run_buttons(page: Any, user: Any, view_name: str, next_url: str | None = None) -> list[Button]:
    """Lead from an offer's page to a new run of it."""
    page = page.specific_deferred if page.pk else page
    if not isinstance(page, OfferPage) or not user.has_perm("trainings.add_run"):
        return []
    offer = Offer.objects.filter(translation_key=page.translation_key).first()
    if offer is None:
        return []
    url = f"{reverse('wagtailsnippets_trainings_run:add')}?offer={offer.pk}"
    return [Button(_("New run"), url=url, icon_name="date", priority=65)]
