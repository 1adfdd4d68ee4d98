"""The yearly question whether a profile is still right: asked, reminded twice, then off the map until somebody answers.

The waiting between letters begins when the mail server has taken the last one: nobody leaves the map unheard.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from cms.outbox import services as outbox
from cms.outbox.models import MessageState, OutboxMessage
from cms.version import raise_counter
from knowledge.models import MunicipalityPage, ProfileCare, ProfileKind, ServiceCentrePage

logger = logging.getLogger(__name__)
SUBJECT = "knowledge.profilecare"
ASK = "profile.confirm"
TELL = "profile.change"
LETTER_AFTER = (dt.timedelta(days=365), dt.timedelta(days=456), dt.timedelta(days=517))  # 12, 15, 17 months
LEAVES_AFTER = dt.timedelta(days=548)  # 18 months
BETWEEN_LETTERS = dt.timedelta(days=28)
AFTER_THE_LAST = dt.timedelta(days=14)
ON_THEIR_WAY = (MessageState.QUEUED, MessageState.SENDING, MessageState.FAILED, MessageState.HELD)
LONGEST_CHANGE = 4000
MODELS: dict[str, Any] = {ProfileKind.MEMBER: MunicipalityPage, ProfileKind.CENTRE: ServiceCentrePage}


def kind_of(page: Page) -> ProfileKind | None:
    """Return which kind of profile a page is; None for any other page."""
    return next((ProfileKind(kind) for kind, model in MODELS.items() if isinstance(page, model)), None)


def note_profile(page: Page) -> None:
    """Make or rename the row of a profile that was published; the German page gives the name."""
    kind = kind_of(page)
    if kind is None:
        return
    row, is_new = ProfileCare.objects.get_or_create(
        profile_key=page.translation_key, defaults={"kind": kind, "title": page.title}
    )
    if not is_new and page.locale.language_code == "de" and row.title != page.title:
        ProfileCare.objects.filter(pk=row.pk).update(title=page.title)


def pages_of(row: ProfileCare) -> list[Any]:
    """Return the pages of a profile, the German one first."""
    rows = MODELS[row.kind].objects.filter(translation_key=row.profile_key)
    return list(rows.select_related("locale", "municipality").order_by("locale__language_code"))


def page_for(row: ProfileCare, language: str) -> Any:
    """Return the live page of a profile in a language, in another one where there is none, else None."""
    live = [page for page in pages_of(row) if page.live]
    return next((page for page in live if page.locale.language_code == language), live[0] if live else None)


def address_of(row: ProfileCare) -> str:
    """Return who is asked: the owner, else the centre's own address or the contact person who agreed to be shown."""
    if row.owner_email:
        return row.owner_email
    page = page_for(row, row.owner_language)
    if page is None:
        return ""
    if row.kind == ProfileKind.CENTRE:
        return str(page.email)
    return str(page.contact.email) if page.contact and page.contact.is_published else ""


def usual_addresses() -> dict[uuid.UUID, str]:
    """Return whom `address_of` falls back to, for all profiles in two queries."""
    centres = ServiceCentrePage.objects.live().exclude(email="").values_list("translation_key", "email")
    members = MunicipalityPage.objects.live().filter(contact__isnull=False).select_related("contact")
    people = {page.translation_key: page.contact.email for page in members if page.contact.is_published}
    return {**dict(centres), **people}


@transaction.atomic
def confirm(row: ProfileCare) -> None:
    """Note that everything is right as of today; the profile is on the map (again) and waiting letters are taken back."""
    ProfileCare.objects.filter(pk=row.pk).update(
        confirmed_on=timezone.localdate(),
        letters=0,
        letter_on=None,
        has_mail_problem=False,
        change_wanted_on=None,
        left_on=None,
    )
    outbox.supersede(subject=(SUBJECT, row.pk), kind_names=[ASK])
    raise_counter()
    row.refresh_from_db()


@transaction.atomic
def want_change(row: ProfileCare, *, text: str, to: str) -> None:
    """Tell the editors what has changed; the same words on the same day are told once."""
    today = timezone.localdate()
    ProfileCare.objects.filter(pk=row.pk).update(change_wanted_on=today)
    outbox.enqueue(
        TELL,
        to=to,
        locale="de",
        dedupe_key=f"{TELL}:{row.pk}:{today:%Y%m%d}:{hash_of(text)}",
        subject=(SUBJECT, row.pk),
        payload={"text": text[:LONGEST_CHANGE]},
    )
    row.refresh_from_db()


def hash_of(text: str) -> str:
    """Return a short fingerprint of what was written."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@transaction.atomic
def change_owner(row: ProfileCare, *, email: str, language: str) -> None:
    """Have somebody else asked: links of the former owner end, and asking begins anew where it had got stuck."""
    fields: dict[str, Any] = {"owner_email": email, "owner_language": language}
    if email != row.owner_email:
        fields |= {"letters": 0, "letter_on": None, "has_mail_problem": False, "token_version": F("token_version") + 1}
        outbox.supersede(subject=(SUBJECT, row.pk), kind_names=[ASK])
    ProfileCare.objects.filter(pk=row.pk).update(**fields)
    row.refresh_from_db()


def tick() -> int:
    """Send letters that are due and take profiles off the map; return how many rows changed. Safe to run twice."""
    today = timezone.localdate()
    forget_gone()
    _ask_again_where_a_letter_was_taken_back()
    due = ProfileCare.objects.filter(left_on__isnull=True)
    return sum(_each(row, today) for row in due if _step(row, today))


def _ask_again_where_a_letter_was_taken_back() -> None:
    """Begin anew where a letter became untrue on its way: the page was offline for a while."""
    on_their_way = OutboxMessage.objects.filter(kind=ASK, state__in=ON_THEIR_WAY).values_list("subject_id", flat=True)
    waiting = ProfileCare.objects.filter(letters__gt=0, letter_on__isnull=True)
    waiting.exclude(pk__in=[int(pk) for pk in on_their_way]).update(letters=0, has_mail_problem=False)


def _each(row: ProfileCare, today: dt.date) -> bool:
    try:
        return _go_on(row.pk, today)
    except Exception:
        logger.exception("Asking for the confirmation of profile %s failed", row.pk)
        return False


@transaction.atomic
def _go_on(pk: int, today: dt.date) -> bool:
    """Do the next step of one profile, looked at again under a lock: another worker may have been there."""
    row = ProfileCare.objects.select_for_update().get(pk=pk)
    step = _step(row, today)
    if step == "leave":
        ProfileCare.objects.filter(pk=pk).update(left_on=today)
        raise_counter()
        return True
    to = address_of(row) if step == "letter" else ""
    if not to or to.endswith(outbox.NEVER_SENT) or page_for(row, row.owner_language) is None:
        return False
    number = row.letters + 1
    ProfileCare.objects.filter(pk=pk).update(letters=number, letter_on=None, has_mail_problem=False)
    outbox.enqueue(
        ASK,
        to=to,
        locale=row.owner_language,
        dedupe_key=f"{ASK}:{pk}:{today:%Y%m%d}:{row.token_version}:{number}",
        subject=(SUBJECT, pk),
        payload={"letter": number},
    )
    return True


def _step(row: ProfileCare, today: dt.date) -> str:
    """Return what is due: a letter, leaving the map, or nothing."""
    age, waited = today - row.counted_from, today - row.letter_on if row.letter_on else None
    if row.left_on is not None or (row.letters and waited is None):
        return ""
    if row.letters < len(LETTER_AFTER):
        has_waited = waited is None or waited >= BETWEEN_LETTERS
        return "letter" if has_waited and age >= LETTER_AFTER[row.letters] else ""
    return "leave" if waited is not None and waited >= AFTER_THE_LAST and age >= LEAVES_AFTER else ""


def leaves_on(row: ProfileCare) -> dt.date:
    """Return the earliest day on which a profile leaves the map when nobody answers the letter of today."""
    still_to_wait = (len(LETTER_AFTER) - max(row.letters, 1)) * BETWEEN_LETTERS + AFTER_THE_LAST
    return max(row.counted_from + LEAVES_AFTER, timezone.localdate() + still_to_wait)


def note_accepted(pk: str, letter: int) -> None:
    """Start the waiting: the mail server has taken a letter."""
    rows = ProfileCare.objects.filter(pk=pk, letters=letter)
    rows.update(letter_on=timezone.localdate(), has_mail_problem=False)


def note_failed(pk: str, letter: int) -> None:
    """Have editors see that a letter could not be delivered; nobody leaves the map because of it."""
    ProfileCare.objects.filter(pk=pk, letters=letter).update(has_mail_problem=True)


def is_still_asked(pk: str, letter: int) -> bool:
    """Return whether a letter still makes sense: nobody has confirmed since, and the profile is public."""
    row = ProfileCare.objects.filter(pk=pk, letters=letter).first()
    return row is not None and page_for(row, row.owner_language) is not None


def forget_gone() -> int:
    """Delete the rows of profiles whose pages are deleted in all languages."""
    return sum(_forget(kind, model) for kind, model in MODELS.items())


def _forget(kind: str, model: Any) -> int:
    gone = ProfileCare.objects.filter(kind=kind).exclude(profile_key__in=model.objects.values("translation_key"))
    return sum(_delete(row) for row in gone)


def _delete(row: ProfileCare) -> bool:
    from knowledge.services.staff import take_all_rights

    with transaction.atomic():
        take_all_rights(row)
        outbox.supersede(subject=(SUBJECT, row.pk))
        row.delete()
    return True
