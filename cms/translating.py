"""Cures for what wagtail-localize and Wagtail leave open between two language trees (see wagtail.md section 2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from wagtail.models import Page
from wagtail_localize.views.submit_translations import (
    SubmitPageTranslationView,
    SubmitSnippetTranslationView,
)
from wagtail_localize.views.update_translations import UpdateTranslationsView

HIDDEN_ACTIONS = ("localize-restart-translation", "localize-convert-to-alias")
EDITED_PAGE = re.compile(r"/admin/pages/(?:(\d+)/edit/|add/\w+/\w+/(\d+)/)")


class GuardedSubmit(SubmitPageTranslationView):
    """Translate a page only with the right to edit it, and to add pages where the translation goes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise PermissionDenied without the right to edit the page."""
        if not self.get_object().permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Raise PermissionDenied where the user may not add pages."""
        for locale in form.cleaned_data["locales"]:
            target = self.object.get_parent().get_translation_or_none(locale)
            if target is not None and not target.permissions_for_user(self.request.user).can_add_subpage():
                raise PermissionDenied
        response: HttpResponse = super().form_valid(form)
        return response


class GuardedSnippetSubmit(SubmitSnippetTranslationView):
    """Translate a snippet only with the right to change it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise PermissionDenied without the right to change rows of this kind."""
        _require_change(request.user, self.get_object())
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class GuardedUpdate(UpdateTranslationsView):
    """Synchronise translations only with the right to edit (and publish) each of them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Raise PermissionDenied when one of the translations is not the user's to change."""
        publishes = request.method == "POST" and bool(request.POST.get("publish_translations"))
        for translation in self.get_object().translations.filter(enabled=True):
            _require_edit(request.user, translation.get_target_instance(), publish=publishes)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


def guarded_urls() -> list[URLPattern | URLResolver]:
    """Return addresses that match before wagtail-localize's own ones."""
    views = [
        path("submit/page/<int:page_id>/", GuardedSubmit.as_view(), name="submit_page_translation"),
        path(
            "submit/snippet/<slug:app_label>/<slug:model_name>/<str:pk>/",
            GuardedSnippetSubmit.as_view(),
            name="submit_snippet_translation",
        ),
        path("update/<int:translation_source_id>/", GuardedUpdate.as_view(), name="update_translations"),
    ]
    return [path("localize/", include((views, "guarded_localize"), namespace="guarded_localize"))]


def _require_edit(user: Any, instance: models.Model, *, publish: bool) -> None:
    if not isinstance(instance, Page):
        _require_change(user, instance)
        return
    rights = instance.permissions_for_user(user)
    if not rights.can_edit() or (publish and not rights.can_publish()):
        raise PermissionDenied


def _require_change(user: Any, instance: models.Model) -> None:
    options = instance._meta
    if not user.has_perm(f"{options.app_label}.change_{options.model_name}"):
        raise PermissionDenied


def hide_overwriting_actions(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Hide the actions that would overwrite hand-made translations with German text."""
    menu_items[:] = [item for item in menu_items if item.name not in HIDDEN_ACTIONS]


def translations_of(page: Page) -> models.QuerySet[Page]:
    """Return what must go where a German page goes; other languages go alone."""
    others = Page.objects.translation_of(page, inclusive=False).filter(alias_of__isnull=True)
    return others if page.locale.language_code == settings.LANGUAGE_CODE else others.none()


def cascade(pages: Iterable[Page], action: str) -> dict[Page, Any]:
    """Let translations follow their German page when it is moved, unpublished or deleted."""
    return {page: translations_of(page) for page in pages}


def before_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Let translations follow in bulk actions too, as far as the user may do the same to them."""
    if not objects or not isinstance(objects[0], Page) or action_type not in ("delete", "unpublish", "move"):
        return
    known = {page.pk for page in objects}
    followers = [
        translation
        for page in objects
        for translation in translations_of(page)
        if translation.pk not in known and action.check_perm(translation)
    ]
    if action_type == "move":
        action.followers = followers
    else:
        objects.extend(followers)


def after_bulk(request: HttpRequest, action_type: str, objects: list[Any], action: Any) -> None:
    """Move the translations of moved pages below the translation of the new parent."""
    if action_type != "move":
        return
    destination = action.cleaned_form.cleaned_data["chooser"]
    for page in getattr(action, "followers", []):
        target = destination.get_translation_or_none(page.locale)
        page.refresh_from_db()
        if target is not None and page.permissions_for_user(request.user).can_move_to(target):
            page.move(target, pos="last-child", user=request.user)


def own_language_only(pages: models.QuerySet[Page], request: HttpRequest) -> models.QuerySet[Page]:
    """Offer the pages of the language in which the editor writes (read from the page the chooser was opened in).

    Only the Referer tells: Wagtail's chooser widgets know neither page nor language, and one session serves several
    tabs. Browsers send it to their own site (our Referrer-Policy asks for it). Where an extension suppresses it, the
    chooser offers both languages; readers still get each chosen page in their own language (`chosen_pages`).
    """
    match = EDITED_PAGE.search(request.headers.get("Referer", ""))
    if match is None:
        return pages
    edited = Page.objects.filter(pk=int(match[1] or match[2])).first()
    return pages.filter(models.Q(locale=edited.locale_id) | models.Q(depth=1)) if edited else pages
