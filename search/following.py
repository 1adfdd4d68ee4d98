"""What keeps the search true: registered downwards in `cms.following`, and receivers for everything else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_unpublished, post_page_move

from cms import following
from search import documents


def connect() -> None:
    """Connect the receivers once, when the app is ready."""
    following.register(_published)
    page_unpublished.connect(_unpublished, dispatch_uid="search-unpublished")
    post_page_move.connect(_moved, dispatch_uid="search-moved")
    pre_delete.connect(_deleting, dispatch_uid="search-deleting")
    for signal in (post_save, post_delete):
        signal.connect(_restricted, sender=PageViewRestriction, dispatch_uid=f"search-restricted-{id(signal)}")


def _published(page: Page) -> None:
    documents.remember([page])


def _unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    documents.forget([instance.pk])


def _moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    documents.remember_below(instance.path)


def _deleting(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if sender is Page:
        documents.forget([instance.pk])


def _restricted(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    documents.remember_below(instance.page.path)
