"""How much one municipality or one address may have of a run."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trainings.errors import RegistrationError
from trainings.models import Registration, normalised_email
from trainings.registration_states import ACTIVE, RegistrationState
from trainings.services.booking import Submission
from trainings.services.locking import LockedRun

MOST_NAMELESS = 20  # seats that one address may hold without names and without a confirmed mail


def check_cap(locked: LockedRun, municipality_id: int | None, own_words: str, count: int) -> None:
    """Refuse more seats than each municipality may have; who waits counts, and no municipality means no cap."""
    cap, own_words = locked.run.municipality_cap, own_words.strip()
    if not cap or not (municipality_id or own_words):
        return
    same = Registration.objects.filter(run_id=locked.run.pk, state__in=ACTIVE)
    if municipality_id:
        same = same.filter(booking__municipality_id=municipality_id)
    else:
        same = same.filter(booking__municipality=None, booking__municipality_text__iexact=own_words)
    left = cap - same.count()
    if count > left:
        text = ngettext(
            "Each municipality gets at most %(cap)s seat on this date.",
            "Each municipality gets at most %(cap)s seats on this date.",
            cap,
        )
        more = _("Still free for yours: %(left)s.") % {"left": max(0, left)}
        raise RegistrationError("cap", f"{text % {'cap': cap}} {more}", field="municipality")


def nameless_too_many(locked: LockedRun, submission: Submission) -> int:
    """Return how many of these seats are not held until the mail is confirmed: too many have no name.

    They stand for the waiting list instead, and the visitor is told the same as everybody.
    """
    if not submission.nameless or not locked.run.waiting_list:
        return 0
    held = Registration.objects.filter(run_id=locked.run.pk, state=RegistrationState.UNVERIFIED, name="")
    held = held.filter(booking__email_norm=normalised_email(submission.email))
    return max(0, submission.nameless - max(0, MOST_NAMELESS - held.count()))
