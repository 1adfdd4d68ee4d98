"""Numbers that survive the deletion of people: from the statistics of a run where they are written, else counted now."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.privacy import audit
from cms.vocabularies import SizeClass, State
from trainings.admin.access import STATISTICS, require
from trainings.admin.pages import show
from trainings.exports import FORMATS, Table
from trainings.models import Registration, Run, RunStats
from trainings.registration_states import TAKEN
from trainings.services.closing import SMALLEST_COUNT


@dataclass
class Year:
    """The runs of one year, added up."""

    runs: int = 0
    cancelled: int = 0
    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    @property
    def registrations(self) -> int:
        """Return all registrations."""
        return sum(self.counts["state"].values())

    @property
    def took_seats(self) -> int:
        """Return who had a seat."""
        return sum(count for state, count in self.counts["state"].items() if state in TAKEN)

    @property
    def attended(self) -> int:
        """Return who took part."""
        return self.counts["state"]["attended"]


def _live(run_ids: list[int]) -> dict[int, dict[str, Counter[str]]]:
    """Count the registrations of runs without written statistics, in one query."""
    rows = Registration.objects.filter(run_id__in=run_ids, anonymised_at__isnull=True).order_by()
    names = ("run_id", "state", "pool__mode", "booking__municipality__state", "booking__municipality__population")
    found: dict[int, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for row in rows.values(*names).annotate(count=Count("pk")):
        run, count = found[row["run_id"]], row["count"]
        size = SizeClass.of(row["booking__municipality__population"])
        run["state"][row["state"]] += count
        run["mode"][row["pool__mode"]] += count
        run["land"][row["booking__municipality__state"] or "unknown"] += count
        run["size"][size.value if size else "unknown"] += count
    return found


def by_year() -> dict[int, Year]:
    """Return the years, the latest first. Counts below three of a year are put together as “other”."""
    runs = Run.objects.filter(published_at__isnull=False, starts_at__isnull=False)
    runs = runs.only("starts_at", "cancelled_at", "timezone_name")
    written = dict(RunStats.objects.filter(run__in=runs).values_list("run_id", "counts"))
    live = _live([run.pk for run in runs if run.pk not in written])
    years: dict[int, Year] = defaultdict(Year)
    for run in runs:
        assert run.first_day is not None
        year = years[run.first_day.year]
        year.runs += 1
        year.cancelled += bool(run.cancelled_at)
        for name, counts in (written.get(run.pk) or live.get(run.pk, {})).items():
            year.counts[name].update(counts)
    return dict(sorted(years.items(), reverse=True))


def in_words(name: str, counts: Counter[str]) -> list[tuple[str, int]]:
    """Return counts with their labels, the largest first; small ones together, so that nobody is recognised."""
    labels = {str(code): str(label) for code, label in (State if name == "land" else SizeClass).choices}
    shown, rest = [], 0
    for code, count in counts.most_common():
        if code == "unknown":
            shown.append((_("Not known"), count))
        elif code in labels and count >= SMALLEST_COUNT:
            shown.append((labels[code], count))
        else:
            rest += count
    return [*shown, (_("Other"), rest)] if rest else shown


def _tables(years: dict[int, Year]) -> list[Table]:
    lines: list[list[Any]] = []
    for number, year in years.items():
        facts = [
            (_("Runs"), year.runs),
            (_("Cancelled runs"), year.cancelled),
            (_("Registrations"), year.registrations),
        ]
        facts += [(_("With a seat"), year.took_seats), (_("Took part"), year.attended)]
        lines += [[number, "", label, count] for label, count in facts]
        for name, heading in (("land", _("Federal state")), ("size", _("Size"))):
            lines += [[number, heading, label, count] for label, count in in_words(name, year.counts[name])]
    return [Table(_("Statistics"), [_("Year"), _("By"), _("What"), _("Number")], lines)]


def statistics(request: HttpRequest) -> HttpResponse:
    """Show the years; POST sends them as a file."""
    require(request, STATISTICS)
    years = by_year()
    if request.method == "POST":
        kind = request.POST.get("format", "csv")
        _label, content_type, write = FORMATS.get(kind, FORMATS["csv"])
        audit.note(
            "exported", subject=("trainings.statistics", "-"), actor=request.user, list="statistics", format=kind
        )
        headers = {"Content-Disposition": f'attachment; filename="statistics.{kind if kind in FORMATS else "csv"}"'}
        return HttpResponse(write(_tables(years)), content_type=content_type, headers=headers)
    lines = [
        (number, year, in_words("land", year.counts["land"]), in_words("size", year.counts["size"]))
        for number, year in years.items()
    ]
    return show(request, "statistics", title=_("Statistics of runs"), icon="order", years=lines)
