"""The page editor's form: what a page type asks for when it is published, beyond its model fields."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm


class BasePageForm(WagtailAdminPageForm):
    """Drafts may have gaps; publishing or submitting asks for what a reader cannot do without."""

    def clean(self) -> dict[str, Any]:
        """Put one error at each field that publishing needs."""
        cleaned: dict[str, Any] = super().clean()
        if not getattr(self, "is_deferred_validation", False):
            for name, message in self._publish_errors(cleaned):
                if name in self.fields and name not in self.errors:
                    self.add_error(name, message)
        return cleaned

    def _publish_errors(self, cleaned: dict[str, Any]) -> list[tuple[str, Any]]:
        model = self._meta.model
        errors: list[tuple[str, Any]] = [
            (name, _("Needed to publish.")) for name in model.required_to_publish if not _filled(cleaned.get(name))
        ]
        for name, most in model.at_most.items():
            if len(_as_list(cleaned.get(name))) > most:
                errors.append((name, _("Choose at most %(most)s.") % {"most": most}))
        if model.one_of and not any(_filled(cleaned.get(name)) or name in self.errors for name in model.one_of):
            errors.append((model.one_of[0], model.one_of_message))
        if cleaned.get("image") and not cleaned.get("image_alt"):
            errors.append(("image_alt", _("Say what the picture shows.")))
        return errors


def _as_list(value: Any) -> list[Any]:
    return list(value) if value is not None else []


def _filled(value: Any) -> bool:
    return bool(len(value)) if hasattr(value, "__len__") else value is not None and bool(value)
