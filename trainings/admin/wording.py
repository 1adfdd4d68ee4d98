"""What the log says, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "submitted": _("Form sent"),
    "confirm": _("Confirmed by mail"),
    "expire": _("Not confirmed in time"),
    "decided": _("Decision noted"),
    "select": _("Selected"),
    "reserve": _("Put on the reserve list"),
    "reject": _("Rejected"),
    "offer": _("Seat offered"),
    "offer_open": _("Seat offered to all who wait"),
    "close_open_offer": _("Waits again: somebody was faster"),
    "accept": _("Seat accepted"),
    "decline": _("Seat declined"),
    "lapse": _("Offer not answered in time"),
    "requeue": _("In line again"),
    "cancel_requested": _("Asked to cancel"),
    "seat_kept": _("Request to cancel closed"),
    "cancel": _("Cancelled"),
    "undo_cancel": _("Cancellation taken back"),
    "withdraw": _("Withdrawn"),
    "remove": _("Cancelled by the organiser"),
    "cancel_run": _("Run cancelled"),
    "attend": _("Took part"),
    "miss": _("Did not come"),
    "moved": _("Moved between on site and online"),
    "note_changed": _("Note changed"),
    "person_named": _("Person named or corrected"),
    "person_replaced": _("Person replaced"),
    "certified": _("Certificate given out"),
}


def action_in_words(action: str) -> str:
    """Return what an entry of the log says; an action without words is shown as it is."""
    return str(ACTIONS.get(action, action))
