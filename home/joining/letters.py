"""Mail to members and service centres: one message an address, replies go to the editor, refusals are respected."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox import services as outbox
from cms.outbox.kinds import Mail
from cms.outbox.models import OutboxMessage, Priority
from cms.outbox.rendering import CONTROL, Verbatim, render_mail
from cms.privacy import audit
from cms.privacy.services import digest
from cms.vocabularies import MemberStatus, StepStatus
from home.joining import links
from home.joining.models import LetterRefusal
from knowledge.models import MunicipalityPage, ProfileCare, ServiceCentrePage
from trainings.bulk_mail import marked
from trainings.models import normalised_email
from trainings.services.mailing import Letter

KIND = "members.letter"
SUBJECT = "knowledge.page"
MUNICIPALITIES, CENTRES = "municipalities", "centres"
AT_WORK = (StepStatus.PLANNED, StepStatus.STARTED)


@dataclass(frozen=True)
class Choice:
    """Who gets a letter. Status and step are facts of municipalities; chosen, they leave service centres out."""

    audience: list[str] = field(default_factory=lambda: [MUNICIPALITIES])
    states: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=lambda: [MemberStatus.MEMBER.value])
    steps: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Recipient:
    """One address, with the profile it is the contact of."""

    email: str
    page_id: int
    title: str
    locale: str


def register() -> None:
    """Make the kind known to the outbox: never twice, a person decides about what may have been sent."""
    kinds.register(
        kinds.Kind(
            name=KIND,
            label=_("Letter to members"),
            render=render,
            still_true=still_true,
            priority=Priority.BULK,
            after_lost_lease="hold",
        )
    )


def recipients(choice: Choice) -> list[Recipient]:
    """Return one recipient an address, without those who want no such mail; profiles in the order of their titles."""
    found: dict[str, Recipient] = {}
    owners = dict(ProfileCare.objects.values_list("profile_key", "owner_email"))
    pages: list[Any] = [*_municipalities(choice), *_centres(choice)]
    for page in pages:
        email = address_of(page, owner=owners.get(page.translation_key, ""))
        if email:
            found.setdefault(normalised_email(email), Recipient(email, page.pk, page.title, _language_of(page)))
    refused = set(LetterRefusal.objects.values_list("digest", flat=True))
    return [recipient for recipient in found.values() if digest(recipient.email) not in refused]


def _municipalities(choice: Choice) -> list[MunicipalityPage]:
    if MUNICIPALITIES not in choice.audience:
        return []
    pages = _profiles(MunicipalityPage, choice).select_related("contact")
    if choice.statuses:
        pages = pages.filter(member_status__in=choice.statuses)
    wanted = set(choice.steps)
    return [page for page in pages if not wanted or wanted & _steps_at_work(page)]


def _centres(choice: Choice) -> list[ServiceCentrePage]:
    if CENTRES not in choice.audience or choice.steps:
        return []
    return list(_profiles(ServiceCentrePage, choice))


def _profiles(model: Any, choice: Choice) -> Any:
    """Return the German profiles that everybody sees: each one has a German page."""
    pages = model.objects.visible().filter(locale__language_code="de").select_related("owner", "municipality")
    for name, values in (("municipality__state__in", choice.states), ("municipality__type__in", choice.types)):
        if values:
            pages = pages.filter(**{name: values})
    return pages.order_by("title", "pk")


def _steps_at_work(page: MunicipalityPage) -> set[str]:
    return {code for code, state in page.step_states.items() if state in AT_WORK}


def address_of(page: Any, *, owner: str) -> str:
    """Return the address of a profile: the centre's own, its contact while the consent holds, else the owner's."""
    people = [block.value for block in getattr(page, "contacts", [])] or [getattr(page, "contact", None)]
    addresses = [getattr(page, "email", "")]
    addresses += [person.email for person in people if person is not None and person.is_published]
    addresses.append(owner)
    if page.owner is not None and page.owner.is_active:
        addresses.append(page.owner.email)
    return next((address for address in addresses if address), "")


def _language_of(page: Any) -> str:
    spoken = getattr(page, "contact_languages", None) or getattr(page, "languages", None) or ["de"]
    return "de" if "de" in spoken else "en"


def message_for(recipient: Recipient, letter: Letter, *, actor: Any) -> OutboxMessage:
    """Return the message to one recipient, not written yet: for the preview and for sending."""
    subject, text = letter.in_language(recipient.locale)
    payload = {"page": recipient.page_id, "subject": subject, "text": text, "reply_to": actor.email}
    return OutboxMessage(kind=KIND, to=recipient.email, locale=recipient.locale, payload=payload)


@transaction.atomic
def send(found: list[Recipient], letter: Letter, *, actor: Any) -> int:
    """Write one message an address; the same letter twice is written once. Return how many addresses get it."""
    for recipient in found:
        message = message_for(recipient, letter, actor=actor)
        outbox.enqueue(
            KIND,
            to=message.to,
            locale=message.locale,
            dedupe_key=f"letter:{letter.key}:{digest(recipient.email)[:32]}",
            subject=(SUBJECT, recipient.page_id),
            payload=message.payload,
        )
    audit.note("letter_written", subject=("joining.letter", letter.key), actor=actor, addresses=len(found))
    return len(found)


def send_test(letter: Letter, *, actor: Any) -> int:
    """Send the letter to the editor alone, in each language in which it is written; return how many mails."""
    languages = ["de", "en"] if letter.text_en else ["de"]
    for language in languages:
        me = Recipient(actor.email, 0, "", language)
        message = message_for(me, letter, actor=actor)
        outbox.enqueue(
            KIND,
            to=actor.email,
            locale=language,
            dedupe_key=f"letter-test:{uuid.uuid4()}",
            payload={**message.payload, "test": True},
        )
    return len(languages)


def refuse(address_digest: str) -> None:
    """Note that an address wants no more of this mail. Safe to call twice."""
    LetterRefusal.objects.get_or_create(digest=address_digest)


def still_true(message: OutboxMessage) -> bool:
    """Ask right before sending: not to who refused meanwhile, or is no longer the contact of the profile."""
    if message.payload.get("test"):
        return True
    if LetterRefusal.objects.filter(digest=digest(message.to)).exists():
        return False
    for model in (MunicipalityPage, ServiceCentrePage):
        page = model.objects.visible().filter(pk=message.payload.get("page")).select_related("owner").first()
        if page is not None:
            care = ProfileCare.objects.filter(profile_key=page.translation_key).first()
            address = address_of(page, owner=care.owner_email if care else "")
            return normalised_email(address) == normalised_email(message.to)
    return False


def render(message: OutboxMessage) -> Mail:
    """Render what the editor wrote, with why it comes and how it ends."""
    text = CONTROL.sub("", message.payload["text"])
    end_url = links.refusal_url(digest(message.to), language=message.locale)
    context = {
        "mail_subject": message.payload["subject"],
        "plain": Verbatim(text),
        "marked": Verbatim(marked(text)),
        "end_url": Verbatim(end_url),
        "is_test": bool(message.payload.get("test")),
    }
    reply_to = message.payload.get("reply_to")
    headers = {"List-Unsubscribe": f"<{end_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    answers_to = (reply_to,) if reply_to else ()
    return render_mail("joining/mail/letter", context, reply_to=answers_to, headers=headers, is_automatic=False)
