"""Takes away exactly what the demo brought, invented people included, and nothing else."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models import ProtectedError
from wagtail.models import Page

from cms.models import SiteSettings
from home.demo import infobrief, registrations
from home.joining.models import Enquiry
from home.joining.services import forget
from home.models import DemoItem, HomePage
from home.newsletter.models import Mailing
from knowledge.models import ProfileCare
from knowledge.services.staff import take_all_rights
from trainings.models import Offer, Run


@transaction.atomic
def remove() -> tuple[int, list[str]]:
    """Remove the demo; return how many things went and the names of those that other content still needs.

    Home pages belong to `bootstrap` and stay; a page of the demo below which editors made own pages stays too.
    """
    infobrief.forget_readers()
    removed, kept = 0, []
    for record in sorted(DemoItem.objects.select_related("content_type"), key=_last_first):
        subject = record.subject
        if isinstance(subject, Run):
            registrations.depopulate(subject)
        if isinstance(subject, Mailing):
            infobrief.forget_mailing(subject)
        if subject is not None and not isinstance(subject, HomePage | SiteSettings):
            if not _delete(subject):
                kept.append(str(subject))
                continue
            removed += 1
        record.delete()
    return removed, kept


def _last_first(record: DemoItem) -> tuple[int, int]:
    """Sort runs before pages, deep pages before their parents, rows that pages point to last."""
    model = record.content_type.model_class()
    if model is Run:
        return (0, 0)
    subject = record.subject
    return (1, -subject.depth) if isinstance(subject, Page) else (2, 0)


def _delete(subject: models.Model) -> bool:
    if isinstance(subject, Enquiry):
        forget(subject)
        return True
    if isinstance(subject, Page):
        subject.refresh_from_db()
        if subject.get_children().exists():
            return False
        key = subject.translation_key
        subject.delete()
        if not Page.objects.filter(translation_key=key).exists():
            Offer.objects.filter(translation_key=key, runs__isnull=True).delete()
        return True
    if isinstance(subject, ProfileCare):
        take_all_rights(subject)
    try:
        with transaction.atomic():
            subject.delete()
    except ProtectedError:
        return False
    return True
