"""What the mails about profiles say, in the language of who gets them; put together when they are sent."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage
from cms.outbox.rendering import Verbatim, render_mail
from cms.templatetags.look import day
from knowledge import profile_links
from knowledge.models import ProfileCare
from knowledge.services import confirming


def register() -> None:
    """Make both kinds known to the outbox."""
    kinds.register(
        kinds.Kind(
            name=confirming.ASK,
            label=_("Is this profile still right?"),
            render=render_question,
            still_true=lambda message: confirming.is_still_asked(message.subject_id, message.payload["letter"]),
            on_accepted=lambda message: confirming.note_accepted(message.subject_id, message.payload["letter"]),
            on_failed=lambda message: confirming.note_failed(message.subject_id, message.payload["letter"]),
        )
    )
    kinds.register(
        kinds.Kind(name=confirming.TELL, label=_("Something has changed in a profile"), render=render_change)
    )


def render_question(message: OutboxMessage) -> Mail:
    """Ask the owner; the third letter says what happens without an answer."""
    row = ProfileCare.objects.get(pk=message.subject_id)
    return render_mail("knowledge/mail/confirm", {"letter": message.payload["letter"], **_facts(row, message.locale)})


def render_change(message: OutboxMessage) -> Mail:
    """Tell the editors what somebody wrote about a profile."""
    row = ProfileCare.objects.get(pk=message.subject_id)
    page = confirming.page_for(row, message.locale)
    edit_url = f"{settings.SITE_URL}{reverse('wagtailadmin_pages:edit', args=[page.pk])}" if page else ""
    context = {**_facts(row, message.locale), "text": message.payload["text"], "edit_url": Verbatim(edit_url)}
    reply_to = (row.owner_email,) if row.owner_email else ()
    return render_mail("knowledge/mail/change", context, reply_to=reply_to)


def _facts(row: ProfileCare, language: str) -> dict[str, Any]:
    page = confirming.page_for(row, language)
    with translation.override(language):
        return {
            "title": page.title if page else row.title,
            "confirmed_on": day(row.confirmed_on),
            "leaves_on": day(confirming.leaves_on(row)),
            "page_url": Verbatim(page.full_url if page else settings.SITE_URL),
            "confirm_url": Verbatim(profile_links.url(row, language)),
        }
