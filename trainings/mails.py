"""What the mails of registration say: put together from the rows as they are when the mail is sent."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.outbox import kinds
from cms.outbox.kinds import Attachment, Mail
from cms.outbox.models import OutboxMessage, Priority
from cms.outbox.rendering import Verbatim, render_mail
from trainings import mail_contexts
from trainings.calendars import person_calendar
from trainings.models import Interest, OfferPage, Registration, Run
from trainings.offer_pages import page_of
from trainings.services.registering import HOLD
from trainings.services.waiting_list import start_offer_clock

WITH_CALENDAR = {"confirmed", "welcome", "run_changed", "reminder"}
WITH_CANCELLED_CALENDAR = {"cancelled", "removed", "run_cancelled", "replaced"}
WITH_ALTERNATIVES = {"rejected", "run_cancelled", "lapsed", "removed"}
LABELS = {
    "please_confirm": _("Please confirm"),
    "already_registered": _("Already registered"),
    "confirmed": _("Registered"),
    "waiting": _("On the waiting list"),
    "applied": _("Application received"),
    "offered": _("Seat offered"),
    "offered_to_all": _("Seat offered to all who wait"),
    "lapsed": _("Offer has ended"),
    "withdrawn": _("Withdrawn"),
    "cancelled": _("Cancelled"),
    "removed": _("Cancelled by the organiser"),
    "rejected": _("Not selected"),
    "reserved": _("Reserve list"),
    "run_cancelled": _("Run cancelled"),
    "run_changed": _("Time or place changed"),
    "reminder": _("Reminder"),
    "evaluation": _("Evaluation and certificate"),
    "group_skipped": _("Too few seats for the group"),
    "names_due": _("Names are missing"),
    "welcome": _("Named for a seat"),
    "replaced": _("Replaced by somebody else"),
    "new_links": _("New links"),
}
URGENT = {"please_confirm": Priority.CONFIRM, "offered": Priority.OFFER, "offered_to_all": Priority.OFFER}


def register() -> None:
    """Make all kinds known to the outbox."""
    for name, label in LABELS.items():
        kinds.register(
            kinds.Kind(
                name=f"registration.{name}",
                label=label,
                render=render,
                still_true=still_true,
                on_accepted=on_accepted,
                on_failed=on_failed,
                priority=URGENT.get(name, Priority.REMINDER if name == "reminder" else Priority.NOTICE),
            )
        )
    for name, text, render_one in (
        ("confirm", _("Confirm interest"), render_interest),
        ("new_date", _("A new date"), render_new_date),
    ):
        kinds.register(kinds.Kind(name=f"interest.{name}", label=text, render=render_one, still_true=interest_exists))
    kinds.register(kinds.Kind(name="run.organiser", label=_("Notice to the organiser"), render=render_for_organiser))


def short_name(message: OutboxMessage) -> str:
    """Return the kind without its prefix."""
    return message.kind.partition(".")[2]


def registrations_of(message: OutboxMessage) -> list[Registration]:
    """Return the registrations a message is about, in the order of the booking."""
    rows = Registration.objects.filter(pk__in=message.payload.get("registrations", []))
    return list(rows.for_list().order_by("pk"))


def still_true(message: OutboxMessage) -> bool:
    """Ask right before sending: no reminder to somebody who cancelled, no offer that has been answered."""
    name, rows = short_name(message), registrations_of(message)
    if name == "new_links":
        return bool(message.payload)
    if not rows or all(row.anonymised_at for row in rows):
        return False
    if name == "please_confirm":
        return any(row.state.startswith("unverified") for row in rows)
    if name == "reminder" and rows[0].run.starts_at and rows[0].run.starts_at <= timezone.now():
        return False
    states = message.payload.get("states")
    if not states:
        return True
    offers = dict(zip(message.payload["registrations"], message.payload["offers"], strict=True))
    return any(row.state in states and (name != "offered" or row.offer_number == offers[row.pk]) for row in rows)


def on_accepted(message: OutboxMessage) -> None:
    """Start the clocks that wait for a person: the mail server has taken the mail."""
    name, ids = short_name(message), message.payload.get("registrations", [])
    assert message.accepted_at is not None
    if name == "please_confirm":
        held = Registration.objects.filter(pk__in=ids, state__startswith="unverified", hold_expires_at__isnull=True)
        held.update(hold_expires_at=message.accepted_at + HOLD)
    elif name == "offered":
        start_offer_clock(ids, message.accepted_at)


def on_failed(message: OutboxMessage) -> None:
    """Do not hold a seat for an address that does not exist; offers wait for the organiser, who sees the failure."""
    if short_name(message) == "please_confirm":
        ids = message.payload.get("registrations", [])
        Registration.objects.filter(pk__in=ids, state__startswith="unverified").update(hold_expires_at=timezone.now())


def render(message: OutboxMessage) -> Mail:
    """Render a mail about a booking or a seat, in the language that is active."""
    name = short_name(message)
    if name == "new_links":
        return render_mail("trainings/mail/new_links", mail_contexts.of_links(message))
    rows = _relevant(message, registrations_of(message))
    booking = rows[0].booking
    run = booking.run
    page = page_of(run)
    context = {
        **mail_contexts.of_run(run, page),
        **mail_contexts.of_people(message, booking, rows),
        "alternatives": mail_contexts.alternatives(run) if name in WITH_ALTERNATIVES else [],
        "days": mail_contexts.days_to(run),
        "free": message.payload.get("free"),
    }
    return render_mail(
        f"trainings/mail/{name}",
        context,
        reply_to=_reply_to(run, page),
        attachments=_calendar(name, rows, run, page, own=context["own"]),
    )


def _relevant(message: OutboxMessage, rows: list[Registration]) -> list[Registration]:
    """Return the rows the mail is still true for; all when it does not depend on a state."""
    states = message.payload.get("states")
    return [row for row in rows if not states or row.state in states] or rows


def _reply_to(run: Run, page: OfferPage | None) -> tuple[str, ...]:
    contact = page.contact if page else None
    if contact is not None and contact.is_published and contact.email:
        return (contact.email,)
    return (run.owner.email,) if run.owner and run.owner.email else ()


def _calendar(
    name: str, rows: list[Registration], run: Run, page: OfferPage | None, *, own: bool
) -> tuple[Attachment, ...]:
    """Return the calendar entry of one person; a coordinator of others gets none, the colleagues get their own."""
    cancels = name in WITH_CANCELLED_CALENDAR
    is_one_person = own or (len(rows) == 1 and not rows[0].booking.is_group)
    if (name not in WITH_CALENDAR and not cancels) or not is_one_person or not run.starts_at:
        return ()
    method = "CANCEL" if cancels else "REQUEST"
    content = person_calendar(rows[0], run, page, cancels=cancels)
    return (Attachment(f"{run.number}.ics", content, f"text/calendar; charset=utf-8; method={method}"),)


def render_for_organiser(message: OutboxMessage) -> Mail:
    """Render a notice to an organiser: numbers and a link, no names."""
    run = Run.objects.select_related("offer").prefetch_related("pools").get(pk=message.subject_id)
    states = dict(Registration.objects.filter(run=run).order_by().values_list("state").annotate(count=Count("pk")))
    context = {
        "what": message.payload["what"],
        "title": run.offer.title,
        "number": run.number,
        "confirmed": states.get("confirmed", 0),
        "waiting": states.get("waiting", 0) + states.get("offered_open", 0),
        "applied": states.get("applied", 0),
        "url": Verbatim(f"{settings.SITE_URL}{reverse('run_dashboard', args=[run.pk])}"),
    }
    return render_mail("trainings/mail/organiser", context)


def interest_exists(message: OutboxMessage) -> bool:
    """Return whether the person still wants to hear of the offer."""
    return Interest.objects.filter(pk=message.subject_id).exists()


def render_interest(message: OutboxMessage) -> Mail:
    """Ask an address to confirm that it wants to hear of the next date."""
    return render_mail("trainings/mail/interest_confirm", mail_contexts.of_interest(message))


def render_new_date(message: OutboxMessage) -> Mail:
    """Tell of a new date, with the way out."""
    run = Run.objects.select_related("offer").get(pk=message.payload["run"])
    context = {
        **mail_contexts.of_run(run, page_of(run)),
        **mail_contexts.of_interest(message),
        **mail_contexts.head_start(run, message),
    }
    return render_mail("trainings/mail/interest_new_date", context)
