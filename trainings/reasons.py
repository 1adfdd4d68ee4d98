"""Why somebody was turned down or a run was cancelled: codes in the rows, sentences in the mails."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RejectReason(models.TextChoices):
    """Why an application was not chosen."""

    TOO_MANY = "too_many", _("There were more applications than seats.")
    TARGET_GROUP = "target_group", _("The offer is made for another target group.")
    SPREAD = "spread", _("The seats are spread over as many municipalities as possible.")
    INCOMPLETE = "incomplete", _("The application was incomplete.")
    OTHER = "other_reject", _("For a reason that we are glad to explain on request.")


class RemoveReason(models.TextChoices):
    """Why the organiser took somebody off the run."""

    REQUEST = "request", _("You asked us to.")
    TWICE = "twice", _("You were registered twice.")
    CONDITIONS = "conditions", _("The conditions for taking part are not met.")
    UNREACHABLE = "unreachable", _("We could not reach you.")
    OTHER = "other_remove", _("For a reason that we are glad to explain on request.")


class ForwardReason(models.TextChoices):
    """Why somebody who waits is served before the others: for the log only."""

    NEEDED = "needed", _("Has a task in the programme")
    MISTAKE = "our_mistake", _("We made a mistake with this registration")
    BALANCE = "balance", _("A municipality or group would otherwise be missing")
    TRAVEL = "booked_travel", _("Has booked travel already")


class CancelReason(models.TextChoices):
    """Why a run does not take place."""

    TOO_FEW = "too_few", _("There were too few registrations.")
    ILLNESS = "illness", _("Somebody who is needed for it has fallen ill.")
    VENUE = "venue", _("The venue is not available.")
    TRAVEL = "travel", _("Travelling is not possible at present.")
    OTHER = "other_cancel", _("For a reason that we are glad to explain on request.")


_LABELS = {choice.value: choice.label for kind in (RejectReason, RemoveReason, CancelReason) for choice in kind}


def in_words(code: str) -> str:
    """Return the sentence of a code in the active language; what is no code is returned as it is."""
    return str(_LABELS.get(code, code))
