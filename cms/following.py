"""What follows a publish: one receiver, one transaction of its own, repaired by the worker after a crash.

A publish in the admin is not one transaction: Wagtail sends its signal after the commit. So everything that must
agree with a published page is written here together, and `repair` finds the pages whose followers never ran.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, PageViewRestriction, Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from cms.shared import copy_shared_facts
from cms.version import FollowedPage, raise_counter

logger = logging.getLogger(__name__)
Follower = Callable[[Page], None]
_followers: list[Follower] = [copy_shared_facts]


def register(follower: Follower) -> None:
    """Add what shall happen in the transaction that follows each publish; it must be safe to call twice."""
    if follower not in _followers:
        _followers.append(follower)


def follow(page: Page) -> None:
    """Run all followers for a published page and note its revision, all or nothing."""
    page = page.specific
    with transaction.atomic():
        for follower in _followers:
            follower(page)
        FollowedPage.objects.update_or_create(page_id=page.pk, defaults={"revision_id": page.live_revision_id})
        raise_counter()


def unfollowed() -> Any:
    """Return live pages whose live revision no follower has seen."""
    seen = Q(followed__revision_id=F("live_revision_id"))
    return Page.objects.filter(live=True, live_revision__isnull=False).exclude(seen)


def repair() -> int:
    """Follow every page that a crash left behind; return how many there were."""
    pages = list(unfollowed().specific())
    for page in pages:
        logger.warning("Repairing what followed the publish of page %s", page.pk)
        follow(page)
    return len(pages)


def watch(model: type[models.Model]) -> None:
    """Raise the content counter whenever a row of this model is saved or deleted."""
    for signal in (post_save, post_delete):
        signal.connect(_raise, sender=model, dispatch_uid=f"watch-{model._meta.label}-{id(signal)}")


def connect() -> None:
    """Connect the receivers once, when the app is ready."""
    from cms.models import CustomDocument, CustomImage, CustomRendition, SiteSettings  # models exist only now

    page_published.connect(_published, dispatch_uid="following")
    for signal in (page_unpublished, post_page_move, page_slug_changed):
        signal.connect(_raise, dispatch_uid=f"following-{id(signal)}")
    post_save.connect(_page_saved, dispatch_uid="following-saved")
    post_delete.connect(_page_deleted, dispatch_uid="following-delete")
    post_delete.connect(_raise, sender=CustomRendition, dispatch_uid="following-rendition")  # pages name its file
    for model in (CustomDocument, CustomImage, Locale, PageViewRestriction, Site, SiteSettings):
        watch(model)


def _published(sender: Any, instance: Page, **kwargs: Any) -> None:
    follow(instance)


def _page_saved(
    sender: type[models.Model],
    instance: models.Model,
    created: bool,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    """See what no publish tells: a new alias, one that becomes a page of its own, live pages that a script saves.

    Drafts are noted on their page by a few named fields, and no visitor sees anything of that.
    """
    if not isinstance(instance, Page) or not instance.live:
        return
    if created or "alias_of_id" in (update_fields or ()) or not (update_fields or _is_being_published(instance)):
        raise_counter()


def _is_being_published(page: Page) -> bool:
    """Return whether `follow` will tell of this revision: told twice, every page would be made twice for a publish."""
    return page.alias_of_id is None and unfollowed().filter(pk=page.pk).exists()


def _page_deleted(sender: type[models.Model], **kwargs: Any) -> None:
    if sender is Page:
        raise_counter()


def _raise(sender: Any, **kwargs: Any) -> None:
    raise_counter()
