"""Panels of the page editor that several page types use."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class WorthAddingPanel(Panel):
    """Tell editors which fields would help readers next; nothing here keeps a page from being published."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Worth adding"), "icon": "tick-inverse", **kwargs})

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "cms/panels/worth_adding.html"

        def is_shown(self) -> bool:
            """Show the panel only for page types that recommend something."""
            return bool(self.instance.recommended_fields)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add what is missing and how far the page is."""
            total = len(self.instance.recommended_fields)
            missing = self.instance.missing_recommended if self.instance.pk else []
            return {
                **super().get_context_data(parent_context),
                "missing": missing,
                "done": total - len(missing),
                "total": total,
            }
