"""A panel for coordinates: two number fields as always, and a map to click on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Media
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, Panel

from knowledge import map as germany


class MapPointPanel(FieldRowPanel):
    """Latitude and longitude with a map of Germany; a point outside the state is a warning, never an error.

    `state_of` names the state of an instance; a form with a field `state` is asked first.
    """

    def __init__(self, *, state_of: Callable[[Any], str | None] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("Point on the map"))
        super().__init__(kwargs.pop("children", None) or [FieldPanel("latitude"), FieldPanel("longitude")], **kwargs)
        self.state_of = state_of

    def clone_kwargs(self) -> dict[str, Any]:
        """Keep the question for the state when the panel is bound to a model."""
        return {**super().clone_kwargs(), "state_of": self.state_of}

    class BoundPanel(FieldRowPanel.BoundPanel):
        """The panel of one form."""

        template_name = "knowledge/admin/map_point_panel.html"

        @property
        def media(self) -> Media:
            """Add the script that turns clicks into coordinates."""
            return super().media + Media(
                css={"all": ["knowledge/admin/map-point.css"]}, js=["knowledge/admin/map-point.js"]
            )

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the map, its projection and the ids of the fields it fills."""
            fields = self.form
            return {
                **super().get_context_data(parent_context),
                "width": germany.WIDTH,
                "height": germany.projection().height,
                "margin": germany.MARGIN,
                "scale": str(germany.projection().scale),
                "west": str(germany.projection().west),
                "north": str(germany.projection().north),
                "shapes": {code: shape["path"] for code, shape in germany.baked()["states"].items()},
                "latitude_id": fields["latitude"].id_for_label,
                "longitude_id": fields["longitude"].id_for_label,
                "state_id": fields["state"].id_for_label if "state" in fields.fields else "",
                "state": self._state() or "",
            }

        def _state(self) -> str | None:
            question = self.panel.state_of
            return question(self.instance) if question else getattr(self.instance, "state", None)


class CarePanel(Panel):
    """Tell when a profile was last confirmed; who may look after it finds owner and staff behind a link."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"heading": _("Confirmation"), "icon": "check", **kwargs})

    class BoundPanel(Panel.BoundPanel):
        """The panel of one page."""

        template_name = "knowledge/admin/care_panel.html"

        def is_shown(self) -> bool:
            """Show the panel once the page exists."""
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the row of the profile for those who may change it."""
            from knowledge.models import ProfileCare  # panels come before models

            row = ProfileCare.objects.filter(profile_key=self.instance.translation_key).first()
            may_care = self.request.user.has_perm("knowledge.change_profilecare")
            return {**super().get_context_data(parent_context), "row": row, "may_care": may_care}
