"""Facts are shared, texts are translated: what is published in one language is the fact in all of them."""

from __future__ import annotations

from typing import Any

from django.db import models
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.fields import StreamField
from wagtail.models import Page, Revision


def shared_fields(page: Page) -> tuple[str, ...]:
    """Return the names of the fields whose value is the same in every language of this page type."""
    return tuple(getattr(type(page), "shared_fields", ()))


def copy_shared_facts(page: Page) -> None:
    """Copy the facts of a published page to its translations: their live state and the drafts editors go on with.

    Only what differs from the translation's own row is copied, so a fact that somebody is changing in a draft of
    the other language stays as long as this publish did not touch it. The last publish of a fact wins.
    """
    names = shared_fields(page)
    if not names:
        return
    siblings = type(page).objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
    for sibling in siblings.exclude(pk=page.pk).order_by("pk").select_for_update():
        changed = [name for name in names if fact(page, name) != fact(sibling, name)]
        if changed:
            _copy(page, sibling, changed)
            sibling.save(clean=False)
            for revision in _open_revisions(sibling):
                _copy_to_revision(page, revision, changed)


def fact(page: Page, name: str) -> Any:
    """Return a comparable form of one fact."""
    field = page._meta.get_field(name)
    value = getattr(page, name)
    if isinstance(field, ClusterTaggableManager | models.ManyToManyField):
        return sorted(row.pk for row in value.all())
    if isinstance(field, StreamField):
        return [{"type": block["type"], "value": block["value"]} for block in value.get_prep_value()]
    return getattr(page, field.attname) if isinstance(field, models.ForeignKey) else value


def _copy(source: Page, target: Page, names: list[str]) -> None:
    for name in names:
        field = source._meta.get_field(name)
        if isinstance(field, ClusterTaggableManager | models.ManyToManyField):
            getattr(target, name).set(list(getattr(source, name).all()))
        elif isinstance(field, models.ForeignKey):
            setattr(target, field.attname, getattr(source, field.attname))
        else:
            setattr(target, name, getattr(source, name))


def _open_revisions(page: Page) -> models.QuerySet[Revision]:
    """Return the revisions that may still be shown, edited or published: newest, live and scheduled."""
    wanted = models.Q(pk__in=[pk for pk in (page.latest_revision_id, page.live_revision_id) if pk])
    return page.revisions.filter(wanted | models.Q(approved_go_live_at__isnull=False))


def _copy_to_revision(source: Page, revision: Revision, names: list[str]) -> None:
    draft = revision.as_object()
    _copy(source, draft, names)
    revision.content = draft.serializable_data()
    revision.save(update_fields=["content"])
