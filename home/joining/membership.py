"""From an enquiry to a member: the municipality's row where it is missing, and a draft of its profile, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.privacy import audit
from cms.vocabularies import MemberStatus, StepStatus
from home.joining.models import Enquiry, Standing, Status
from home.joining.services import SUBJECT
from knowledge.models import Municipality, MunicipalityIndexPage, MunicipalityPage

STATES = {
    Standing.NONE: StepStatus.OPEN,
    Standing.STARTED: StepStatus.STARTED,
    Standing.PARTLY: StepStatus.STARTED,
    Standing.EMBEDDED: StepStatus.DONE,
}


@dataclass(frozen=True)
class NewPlace:
    """A municipality that is not in the register yet."""

    name: str
    type: str
    state: str
    county: str = ""


def index_for(user: Any) -> MunicipalityIndexPage | None:
    """Return the German list of members, where the user may add a profile to it."""
    index = MunicipalityIndexPage.objects.filter(locale__language_code="de").first()
    return index if index is not None and index.permissions_for_user(user).can_add_subpage() else None


@transaction.atomic
def become_member(row: Enquiry, *, place: NewPlace | None, actor: Any) -> MunicipalityPage:
    """Make the draft of a member's profile; a municipality that has one keeps it. Safe to call twice.

    Raises PermissionDenied where the actor may not add profiles.
    """
    index = index_for(actor)
    if index is None:
        raise PermissionDenied
    locked = Enquiry.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=row.pk)
    municipality = locked.municipality or _make_place(place)
    page = MunicipalityPage.objects.filter(municipality=municipality, locale=index.locale).first()
    if page is None:
        page = _make_profile(index, municipality, locked, actor)
    locked.municipality, locked.profile, locked.changed_at = municipality, page, timezone.now()
    if locked.status in (Status.NEW, Status.CONFIRMED):
        locked.status = Status.WORK
    locked.save()
    audit.note("enquiry_member", subject=(SUBJECT, locked.pk), actor=actor, page=page.pk)
    return page


def _make_place(place: NewPlace | None) -> Municipality:
    """Make a row of our own; the same name, type and state twice is one municipality."""
    if place is None:
        raise ValueError("an enquiry without municipality needs a place")
    known = {"name__iexact": place.name, "state": place.state, "type": place.type, "county__iexact": place.county}
    found = Municipality.objects.existing().filter(**known).first()
    if found is not None:
        return found
    row = Municipality(name=place.name, type=place.type, state=place.state, county=place.county)
    row.full_clean()
    row.save()
    return row


def _make_profile(
    index: MunicipalityIndexPage, municipality: Municipality, row: Enquiry, actor: Any
) -> MunicipalityPage:
    """Make a draft with what the enquiry said of the steps; own words stay with the enquiry."""
    stated = {code: STATES[Standing(level)].value for code, level in row.standings.items()}
    page = MunicipalityPage(
        title=municipality.name,
        draft_title=municipality.name,
        locale=index.locale,
        municipality=municipality,
        member_status=MemberStatus.MEMBER,
        member_since=timezone.localdate().year,
        step_status=[{"type": "status", "value": stated}] if stated else [],
        owner=actor,
        live=False,
    )
    index.add_child(instance=page)
    page.save_revision(user=actor)
    return page
