"""Queries that several pages of the admin share."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import get_language
from wagtail.models import Page

from cms.i18n import language_suffix
from trainings.models import Offer, Registration, Run
from trainings.registration_states import HELD, TAKEN, UNVERIFIED, WAITS, RegistrationState

S = RegistrationState


def _title(key: str) -> Subquery:
    """Return the title of the page with this translation key: in the reader's language, else in German."""
    first = [
        When(locale__language_code=language_suffix(get_language()), then=0),
        When(locale__language_code="de", then=1),
    ]
    rank = Case(*first, default=Value(2), output_field=IntegerField())
    return Subquery(Page.objects.filter(translation_key=OuterRef(key)).order_by(rank, "pk").values("title")[:1])


def with_titles(runs: QuerySet[Run]) -> QuerySet[Run]:
    """Add the title of the offer in the same query."""
    return runs.annotate(offer_title=_title("offer__translation_key"))


class Counts:
    """How many people stand where in a run, from one query."""

    def __init__(self, states: dict[str, int], requests: int = 0) -> None:
        self.states, self.requests = states, requests

    def _sum(self, states: frozenset[RegistrationState]) -> int:
        return sum(count for state, count in self.states.items() if state in states)

    @property
    def taken(self) -> int:
        """Return the seats that are taken for good."""
        return self._sum(TAKEN)

    @property
    def held(self) -> int:
        """Return the seats that are kept until somebody answers."""
        return self._sum(HELD)

    @property
    def waiting(self) -> int:
        """Return who stands on the waiting list."""
        return self._sum(WAITS)

    @property
    def applied(self) -> int:
        """Return the applications without a decision that was told."""
        return self.states.get(S.APPLIED, 0)

    @property
    def unverified(self) -> int:
        """Return who has not confirmed by mail yet."""
        return self._sum(UNVERIFIED)

    @property
    def total(self) -> int:
        """Return all registrations of which data is still there."""
        return sum(self.states.values())


def counts_of(run_ids: list[int]) -> dict[int, Counts]:
    """Return the counts of several runs."""
    states: dict[int, dict[str, int]] = defaultdict(dict)
    kept = Registration.objects.filter(run_id__in=run_ids, anonymised_at__isnull=True).order_by()
    for row in kept.values("run_id", "state").annotate(count=Count("pk")):
        states[row["run_id"]][row["state"]] = row["count"]
    asking = kept.filter(state=S.CONFIRMED, cancel_requested_at__isnull=False)
    requests = dict(asking.values_list("run_id").annotate(count=Count("pk")))
    return {pk: Counts(states[pk], requests.get(pk, 0)) for pk in run_ids}


def positions(run: Run) -> dict[int, int]:
    """Return the place in line by registration id, counted in each pool."""
    seen: dict[int, int] = defaultdict(int)
    found = {}
    line = Registration.objects.filter(run=run).in_line().values_list("pk", "pool_id")
    for pk, pool_id in line:
        seen[pool_id] += 1
        found[pk] = seen[pool_id]
    return found


def offer_choices() -> list[tuple[Any, str]]:
    """Return all offers with their titles, in one query, by title."""
    offers = Offer.objects.annotate(page_title=_title("translation_key"))
    rows = [(offer.pk, offer.page_title or str(offer.translation_key)) for offer in offers]
    return [("", "---------"), *sorted(rows, key=lambda row: row[1].casefold())]
