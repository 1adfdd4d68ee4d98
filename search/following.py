"""What keeps the search true: registered downwards in `cms.following`, and receivers for everything else."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, PageViewRestriction, ReferenceIndex, Site
from wagtail.signals import page_slug_changed, page_unpublished, post_page_move

from cms import following
from cms.version import raise_counter
from knowledge.models import (
    DevelopmentStep,
    GoodPracticePage,
    MaterialPage,
    Municipality,
    MunicipalityPage,
    ServiceCentrePage,
    Topic,
)
from search import documents
from search.models import Promotion, SearchDocument, Synonyms
from search.words import SEARCH
from trainings.models import Run, Session
from trainings.services.running import refresh_dates

AT_ONCE = 100
AT_PLACES: tuple[Any, ...] = (GoodPracticePage, MunicipalityPage, ServiceCentrePage)


def connect() -> None:
    """Connect the receivers once, when the app is ready."""
    following.register(_published)
    page_unpublished.connect(_unpublished, dispatch_uid="search-unpublished")
    post_page_move.connect(_moved, dispatch_uid="search-moved")
    page_slug_changed.connect(_slug_changed, dispatch_uid="search-slug")
    pre_delete.connect(_page_deleting, dispatch_uid="search-page")
    pre_delete.connect(_topic_deleting, sender=Topic, dispatch_uid="search-topic")
    pre_save.connect(_restriction_moving, sender=PageViewRestriction, dispatch_uid="search-restriction")
    rows: list[tuple[type[models.Model], Any]] = [
        (PageViewRestriction, _restricted),
        (CollectionViewRestriction, _files_restricted),
        (Site, _site_changed),
        (Topic, _topic_changed),
        (DevelopmentStep, _step_changed),
        (Municipality, _place_changed),
        (Run, _run_changed),
        (Session, _session_changed),
        (get_document_model(), _file_changed),
        (Synonyms, _told),
        (Promotion, _told),
    ]
    for model, receiver in rows:
        for signal in (post_save, post_delete):
            signal.connect(receiver, sender=model, dispatch_uid=f"search-{model.__name__}-{id(signal)}")


def _published(page: Page) -> None:
    translations = type(page).objects.filter(translation_key=page.translation_key, live=True).exclude(pk=page.pk)
    documents.remember([page, *translations])  # shared facts were copied to them


def _unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    documents.forget([instance.pk])


def _moved(sender: Any, instance: Page, **kwargs: Any) -> None:
    documents.remember_below(Page.objects.get(pk=instance.pk).path)


def _slug_changed(sender: Any, instance: Page, **kwargs: Any) -> None:
    documents.remember_below(instance.path)


def _page_deleting(sender: type[models.Model], instance: Any, **kwargs: Any) -> None:
    if sender is Page:
        documents.forget([instance.pk])


def _restriction_moving(sender: Any, instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    """Note the page that a restriction leaves for another one."""
    before = PageViewRestriction.objects.filter(pk=instance.pk).exclude(page_id=instance.page_id).first()
    instance._page_before = before.page if before else None


def _restricted(sender: Any, instance: PageViewRestriction, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    raise_counter()  # from here on this transaction sees which pages are private now
    for page in (instance.page, getattr(instance, "_page_before", None)):
        if page is not None:
            documents.remember_below(page.path)


def _site_changed(sender: Any, instance: Site, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        _see_all_again()


def _see_all_again() -> None:
    raise_counter()
    Site.clear_site_root_paths_cache()
    for root in Page.objects.filter(depth=2):
        documents.remember_below(root.path)


def _topic_changed(sender: Any, instance: Topic, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        again(Page.objects.filter(topic_links__tag_id=instance.pk))


def _topic_deleting(sender: Any, instance: Topic, **kwargs: Any) -> None:
    """Note who carries a topic that goes: after the deletion nobody knows."""
    instance._carriers = list(Page.objects.filter(topic_links__tag_id=instance.pk).values_list("pk", flat=True))
    post_delete.connect(_topic_deleted, sender=Topic, dispatch_uid="search-topic-deleted")


def _topic_deleted(sender: Any, instance: Topic, **kwargs: Any) -> None:
    again(Page.objects.filter(pk__in=getattr(instance, "_carriers", [])))


def _step_changed(
    sender: Any, instance: DevelopmentStep, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    if not created and not raw:
        with_step = SearchDocument.objects.exclude(facets=[]).iterator()
        code = f"step:{instance.code}"
        again(Page.objects.filter(pk__in=[row.pk for row in with_step if code in row.facets]))


def _place_changed(
    sender: Any, instance: Municipality, created: bool = False, raw: bool = False, **kwargs: Any
) -> None:
    if not created and not raw:
        for model in AT_PLACES:
            again(model.objects.filter(municipality_id=instance.pk))


def _run_changed(sender: Any, instance: Run, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        again(Page.objects.filter(translation_key=instance.offer.translation_key))


def _session_changed(sender: Any, instance: Session, raw: bool = False, **kwargs: Any) -> None:
    if raw:
        return
    refresh_dates(instance.run_id)  # whichever receiver comes first, the run has its days by now
    run = Run.objects.filter(pk=instance.run_id).select_related("offer").first()
    if run is not None:
        again(Page.objects.filter(translation_key=run.offer.translation_key))


def _file_changed(sender: Any, instance: Any, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """Let pages with a replaced file name its new content; a new file is on no page yet."""
    if created or raw or not instance.pk:
        return
    again(Page.objects.filter(pk__in=_pages_with(instance)))


def _files_restricted(sender: Any, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Take the words of files that are not for everybody out of the search, and bring them back."""
    if not raw:
        again(MaterialPage.objects.all())


def _pages_with(document: Any) -> list[int]:
    references = ReferenceIndex.get_references_to(document)
    return [int(key) for key in references.values_list("object_id", flat=True).distinct() if str(key).isdecimal()]


def _told(sender: Any, **kwargs: Any) -> None:
    raise_counter(SEARCH)


def again(pages: Any) -> None:
    """Bring the rows of these pages up to date: a few at once, many by the worker within seconds."""
    raise_counter()
    keys = list(pages.filter(live=True).values_list("pk", flat=True).distinct()[: AT_ONCE + 1])
    if len(keys) > AT_ONCE:
        documents.mark_stale(pages.filter(live=True).values_list("pk", flat=True))
    else:
        documents.remember(Page.objects.filter(pk__in=keys).specific())
