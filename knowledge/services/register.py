"""Brings the rows of the official register up to date; rows of editors and of the demo stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cms.version import raise_counter
from cms.vocabularies import MunicipalityType
from knowledge.models import GoodPracticePage, Municipality, MunicipalityPage, ServiceCentrePage
from knowledge.register_files import Register, RegisterError, RegisterRow, read_official, read_shipped

BATCH = 1000
FACTS = ("level", "ars", "ags", "name", "state", "county", "county_ags")
WRITTEN = (
    *FACTS,
    "type",
    "latitude",
    "longitude",
    "population",
    "population_on",
    "register_on",
    "dissolved_on",
    "search_name",
)
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Say nothing about progress."""


@dataclass(frozen=True)
class Imported:
    """What an import did; `taken` are the keys that a row of an editor already has."""

    read: int
    added: int
    changed: int
    dissolved: int
    taken: tuple[str, ...]


def import_register(*, file: Path | None = None, progress: Progress = _silent) -> Imported:
    """Load the shipped register, or the official GV100AD file; safe to call again.

    Rows are found by their key. An older register than the one a row comes from changes nothing in it; a row that
    the register no longer has is kept, because pages point to it, and marked with the day.
    """
    return bring_up_to_date(read_official(file) if file else read_shipped(), progress=progress)


@transaction.atomic
def bring_up_to_date(register: Register, *, progress: Progress = _silent) -> Imported:
    """Write one register into the rows; raise RegisterError when it is obviously not whole."""
    known = {row.ags or row.ars: row for row in Municipality.objects.filter(source=Municipality.Source.REGISTER)}
    _refuse_fragment(register, known)
    taken = _taken_keys(register)
    usable = [row for row in register.rows if not {row.ars, row.ags} & taken]
    new = [_new_row(row, register) for row in usable if row.key not in known]
    changed = [known[row.key] for row in usable if row.key in known and _renew(known[row.key], row, register)]
    gone = _mark_dissolved(register, known)
    _write(new, [*changed, *gone], progress)
    _tell([*changed, *gone])
    if new or changed or gone:
        raise_counter()
    return Imported(len(register.rows), len(new), len(changed), len(gone), tuple(sorted(taken)))


def _refuse_fragment(register: Register, known: dict[str, Municipality]) -> None:
    existing = sum(1 for row in known.values() if row.dissolved_on is None)
    if len(register.rows) * 2 < existing:
        raise RegisterError(
            _("The file holds only %(count)s places, the register here %(existing)s. Is it complete?")
            % {"count": len(register.rows), "existing": existing}
        )


def _taken_keys(register: Register) -> set[str]:
    """Return the keys of the register that a row of an editor or of the demo has."""
    own = Municipality.objects.exclude(source=Municipality.Source.REGISTER).values_list("ars", "ags")
    keys = {key for pair in own for key in pair if key}
    return keys & {key for row in register.rows for key in (row.ars, row.ags)}


def _new_row(row: RegisterRow, register: Register) -> Municipality:
    municipality = Municipality(source=Municipality.Source.REGISTER, type=row.type)
    _fill(municipality, row, register)
    return municipality


def _renew(municipality: Municipality, row: RegisterRow, register: Register) -> bool:
    """Fill a known row and tell whether that changed it."""
    if (municipality.dissolved_on or municipality.register_on or register.as_of) > register.as_of:
        return False
    before = _values(municipality)
    _fill(municipality, row, register)
    return _values(municipality) != before


def _fill(municipality: Municipality, row: RegisterRow, register: Register) -> None:
    for name in FACTS:
        setattr(municipality, name, getattr(row, name))
    if (municipality.type, row.type) != (MunicipalityType.LARGE_TOWN, MunicipalityType.TOWN):
        municipality.type = row.type  # the shipped register does not know which towns are large: editors do
    if municipality.point is None:
        municipality.latitude, municipality.longitude = row.latitude, row.longitude
    if row.population is not None:
        municipality.population, municipality.population_on = row.population, register.population_on
    municipality.register_on, municipality.dissolved_on = register.as_of, None
    municipality._meta.get_field("search_name").pre_save(municipality, add=False)


def _values(municipality: Municipality) -> list[Any]:
    return [getattr(municipality, name) for name in WRITTEN]


def _mark_dissolved(register: Register, known: dict[str, Municipality]) -> list[Municipality]:
    keys = {row.key for row in register.rows}
    gone = [row for key, row in known.items() if key not in keys and row.dissolved_on is None]
    gone = [row for row in gone if row.register_on is None or row.register_on < register.as_of]
    for row in gone:
        row.dissolved_on = register.as_of
    return gone


def _write(new: list[Municipality], changed: list[Municipality], progress: Progress) -> None:
    """Insert and update in batches; an update by conflict takes one statement where bulk_update takes minutes."""
    total = len(new) + len(changed)
    for start in range(0, len(new), BATCH):
        progress(start, total)
        Municipality.objects.bulk_create(new[start : start + BATCH])
    for start in range(0, len(changed), BATCH):
        progress(len(new) + start, total)
        Municipality.objects.bulk_create(
            changed[start : start + BATCH], update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN
        )
    progress(total, total)


def _tell(changed: list[Municipality]) -> None:
    """Save what pages point to once more, one by one: whoever follows a place, as the search does, hears of it."""
    models: tuple[Any, ...] = (GoodPracticePage, MunicipalityPage, ServiceCentrePage)
    on_pages = {key for model in models for key in model.objects.values_list("municipality_id", flat=True)}
    for row in changed:
        if row.pk in on_pages:
            row.save()
