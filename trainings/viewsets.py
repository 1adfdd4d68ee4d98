"""Runs in the admin."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import SnippetViewSet

from trainings.models import Run


class RunViewSet(SnippetViewSet):
    """Runs with their computed status; the next ones on top."""

    model = Run
    icon = "date"
    menu_label = _("Runs")
    menu_order = 210
    add_to_admin_menu = True
    list_display: ClassVar = [
        "number",
        Column("offer", label=_("Offer")),
        Column("starts_at", label=_("begins")),
        Column("status_label", label=_("Status")),
        Column("seats_left", label=_("Seats left")),
    ]
    list_filter: ClassVar = ["mode", "admission"]
    search_fields: ClassVar = ["number", "title_de", "title_en", "city"]
