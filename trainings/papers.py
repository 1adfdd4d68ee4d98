"""The papers of a run: certificates, attendance lists for signature, name badges. Reads rows, writes nothing."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cms.i18n import language_suffix
from cms.models import SiteSettings
from cms.papers import make_pdf, qr_code
from cms.templatetags.look import day, hours, period, weekday
from trainings import links
from trainings.models import Attendance, Certificate, OfferPage, Registration, Run, Session
from trainings.offer_pages import page_of
from trainings.registration_states import TAKEN

CAME = (Attendance.Presence.PRESENT, Attendance.Presence.PARTLY)
SPARE_ROWS = 3


def duration(minutes: int) -> str:
    """Return a length in words: 13 hours 30 minutes."""
    whole, rest = divmod(minutes, 60)
    parts = []
    if whole:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", whole) % {"count": whole})
    if rest or not whole:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    return " ".join(parts)


def certificates_pdf(certificates: Iterable[Certificate]) -> bytes:
    """Return certificates as one paper, each in the language of its person, one a page."""
    rows = [_certificate(certificate) for certificate in certificates]
    with translation.override(rows[0]["language"]):
        title = _("Certificate of attendance") if len(rows) == 1 else _("Certificates of attendance")
    data = {"title": title, "language": rows[0]["language"], "certificates": rows}
    return make_pdf("trainings/typst/certificate.typ", data)


def _certificate(certificate: Certificate) -> dict[str, Any]:
    registration = certificate.registration
    assert registration is not None
    run, language = registration.run, language_suffix(registration.booking.locale)
    other = "de" if language == "en" else "en"
    with translation.override(other):
        other_title = _("Certificate of attendance")
    with translation.override(language), timezone.override(run.timezone):
        return {
            **_run_facts(run),
            "language": language,
            "other_language": other,
            "name": registration.name,
            "place": _office(registration),
            "hours": duration(certificate.minutes),
            "sessions": _attended(registration),
            "number": certificate.number,
            "words": {**_words(certificate), "other_title": other_title},
            **_verification(certificate, language),
        }


def _office(registration: Registration) -> str:
    return ", ".join(part for part in (registration.booking.organisation, registration.booking.place) if part)


def _verification(certificate: Certificate, language: str) -> dict[str, str]:
    address = links.url("certificate", language=language)
    filled = f"{address}?{urlencode({'number': certificate.number})}"
    return {"verify_url": filled, "verify_text": address.partition("://")[2], "qr": qr_code(filled)}


def _words(certificate: Certificate) -> dict[str, Any]:
    return {
        "title": _("Certificate of attendance"),
        "took_part": _("took part in"),
        "when": _("When"),
        "where": _("Where"),
        "hours_label": pgettext("length of an event", "Length"),
        "topics": _("Topics"),
        "organiser": _("Organiser"),
        "programme": _("Sessions attended"),
        "columns": [_("Date"), _("Time"), _("Content"), pgettext("length of an event", "Length")],
        "number": _("Number"),
        "check": _("Genuine? Enter number and name on this page:"),
        "issued": _("Issued on %(day)s. This certificate is valid without signature.")
        % {"day": day(certificate.issued_at)},
        "qr": _("QR code that leads to the page on which this certificate can be checked"),
    }


def _run_facts(run: Run) -> dict[str, str]:
    page = page_of(run)
    return {
        "offer": page.title if page else run.offer.title,
        "addition": run.title,
        "when": period(run.starts_at, run.ends_at),
        "where": _place(run),
        "topics": ", ".join(topic.label for topic in page.topics.all()) if page else "",
        "organiser": _organiser(page),
    }


def _place(run: Run) -> str:
    parts = [str(run.get_mode_display()), run.venue, run.city]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _organiser(page: OfferPage | None) -> str:
    return getattr(page, "organiser", "") or SiteSettings.load().operator_name or "Kommune goes International"


def _attended(registration: Registration) -> list[list[str]]:
    """Return date, time, title and length of the sessions at which somebody was."""
    seen = registration.attendances.filter(presence__in=CAME).select_related("session").order_by("session__starts_at")
    return [
        [
            day(one.session.starts_at),
            _span(one.session),
            one.session.title,
            duration(one.minutes),
        ]
        for one in seen
    ]


def _span(session: Session) -> str:
    starts, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    if starts.date() == ends.date():
        return hours(starts, ends)
    return f"{starts:%H:%M} – {day(ends)}, {ends:%H:%M}"


def people_of(run: Run) -> list[Registration]:
    """Return everybody with a seat, by name; seats without a name last."""
    rows = Registration.objects.filter(run=run, state__in=TAKEN, anonymised_at__isnull=True).for_list()
    return sorted(rows, key=lambda row: (not row.name, row.name.casefold(), row.pk))


def _person(row: Registration) -> dict[str, str]:
    return {"name": row.name, "function": row.function, "place": row.booking.place or row.booking.organisation}


def attendance_pdf(run: Run) -> bytes:
    """Return one list a day for signature, in the active language."""
    with timezone.override(run.timezone):
        data = {
            "title": _("Attendance list %(number)s") % {"number": run.number},
            "language": language_suffix(),
            "number": run.number,
            **_run_facts(run),
            "place": _place(run),
            "days": _days(run),
            "people": [_person(row) for row in people_of(run)],
            "spare": SPARE_ROWS,
            "words": {
                "title": _("Attendance list"),
                "columns": [_("No."), _("Name"), _("Function"), _("Municipality"), _("Signature")],
                "signatures": [_("Place, date"), _("Signature of the organiser")],
                "private": _("Personal data: please do not leave lying about, and hand in after the event."),
            },
        }
        return make_pdf("trainings/typst/attendance.typ", data)


def _days(run: Run) -> list[dict[str, Any]]:
    """Return each day of the run with its sessions; a session of several days stands on each of them."""
    found: dict[dt.date, list[str]] = defaultdict(list)
    for session in run.sessions.filter(cancelled_at__isnull=True):
        first, last = timezone.localtime(session.starts_at).date(), timezone.localtime(session.ends_at).date()
        text = ", ".join(part for part in (_span(session), session.title, session.room) if part)
        for number in range((last - first).days + 1):
            found[first + dt.timedelta(days=number)].append(text)
    days = [{"day": weekday(date), "sessions": texts} for date, texts in sorted(found.items())]
    return days or [{"day": "", "sessions": []}]


def badges_pdf(run: Run) -> bytes:
    """Return name badges, ten a page; seats without a name get an empty one to write on."""
    facts = _run_facts(run)
    return make_pdf(
        "trainings/typst/badges.typ",
        {
            "title": _("Name badges %(number)s") % {"number": run.number},
            "language": language_suffix(),
            "offer": facts["offer"],
            "people": [_person(row) for row in people_of(run)],
        },
    )
