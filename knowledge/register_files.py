"""Reads registers of municipalities: the one shipped with this project and the official GV100AD file."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils.translation import gettext as _

from cms.vocabularies import MunicipalityType as Type
from cms.vocabularies import State

SHIPPED = Path(__file__).resolve().parent / "data" / "register.csv.gz"
SHIPPED_AS_OF = dt.date(2016, 1, 1)
SHIPPED_POPULATION_ON = dt.date(2018, 12, 31)

MUNICIPALITY, UNION, COUNTY = "municipality", "union", "county"
CITY_STATES = {"02000000", "04011000", "11000000"}  # Hamburg, Bremen (without Bremerhaven), Berlin
INDEPENDENT = "000"  # how the keys of cities end that belong to no county
# What the register calls a place -> our vocabulary. It knows neither large towns in a county, boroughs nor cooperations.
TYPES = {
    "Stadt": Type.TOWN,
    "Gemeinde": Type.COMMUNE,
    "Landkreis": Type.COUNTY,
    "Kreis": Type.COUNTY,
    "Amt": Type.UNION,
    "Samtgemeinde": Type.UNION,
    "Verbandsgemeinde": Type.UNION,
    "Verwaltungsgemeinschaft": Type.UNION,
    "Verwaltungsverband": Type.UNION,
}
# GV100AD: marks of record types 40, 50 and 60 -> the register's word; marks that are not named here are left out
# (41, 42: cities that are their own county; 50, 58: municipalities that are their own union; 65, 66: no municipality).
COUNTY_WORDS = {"43": "Kreis", "44": "Landkreis", "45": "Regionalverband"}
UNION_WORDS = {
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Amt",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft",
}
MUNICIPALITY_TYPES = {
    "60": Type.COMMUNE,
    "61": Type.DISTRICT_FREE,
    "62": Type.DISTRICT_FREE,
    "63": Type.TOWN,
    "64": Type.COMMUNE,
    "67": Type.LARGE_TOWN,
}
STATE_OF_KEY = dict(
    zip(
        (f"{number:02}" for number in range(1, 17)),
        ("SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH"),
        strict=True,
    )
)
RECORD = re.compile(r"(10|20|30|40|50|60)\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-6])")  # kind, day, state
SHORTEST_RECORD = 124
CONTROL_CHARACTERS = re.compile("[\x80-\x9f]")


class RegisterError(Exception):
    """The file is not a register; the message says why."""


@dataclass(frozen=True)
class RegisterRow:
    """What a register says of one place."""

    level: str
    ars: str
    ags: str
    name: str
    type: str
    state: str
    county: str
    county_ags: str
    latitude: float | None = None
    longitude: float | None = None
    population: int | None = None

    @property
    def key(self) -> str:
        """Return the key that lasts: municipalities change their union and with it the ARS, unions have no AGS."""
        return self.ags or self.ars


@dataclass(frozen=True)
class Register:
    """A whole register on one day."""

    as_of: dt.date
    population_on: dt.date | None
    rows: list[RegisterRow]


def read_shipped(file: Path = SHIPPED) -> Register:
    """Read the register that comes with this project."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    counties = {line["ags"]: full_name(line["name"], line["type"]) for line in table if line["level"] == COUNTY}
    return Register(SHIPPED_AS_OF, SHIPPED_POPULATION_ON, [_shipped_row(line, counties) for line in table])


def _shipped_row(line: dict[str, str], counties: dict[str, str]) -> RegisterRow:
    is_county = line["level"] == COUNTY
    return RegisterRow(
        level=line["level"],
        ars=line["ars"],
        ags=line["ags"],
        name=full_name(line["name"], line["type"]),
        type=_type(line["ags"], line["type"], line["name"]),
        state=State(line["state"]).value,
        county="" if is_county else counties.get(line["county_ags"], ""),
        county_ags=line["county_ags"] if line["county_ags"] in counties else "",
        latitude=float(line["lat"]),
        longitude=float(line["lon"]),
        population=int(line["population"]) if line["population"] else None,
    )


def _type(ags: str, word: str, name: str) -> str:
    if ags in CITY_STATES:
        return Type.CITY_STATE.value
    if len(ags) == len("09162000") and ags.endswith(INDEPENDENT):
        return Type.DISTRICT_FREE.value
    if word == "Regionalverband" or re.match("Region |Städteregion |Regionalverband ", name):
        return Type.REGION.value
    return TYPES[word].value


def full_name(name: str, word: str) -> str:
    """Return the name as it is written: counties and unions say what they are, as towns often have the same name."""
    says_it = {
        Type.COUNTY: "kreis|region|verband",
        Type.UNION: "gemeind|gemeinschaft|verband",
    }.get(TYPES.get(word, Type.COUNTY))
    return name if not says_it or re.search(says_it, name.casefold()) else f"{word} {name}"


def read_official(file: Path) -> Register:
    """Read a GV100AD file of the Federal Statistical Office; raise RegisterError for anything else."""
    records = list(_records(_lines(file)))
    if not any(record.startswith("60") for record in records):
        raise RegisterError(_("The file holds no municipalities (records that begin with 60)."))
    as_of = dt.datetime.strptime(records[0][2:10], "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
    counties = {row.ags: row for row in map(_official_county, records) if row}
    municipalities = [row for row in (_official_municipality(record, counties) for record in records) if row]
    unions = [row for row in (_official_union(record, counties) for record in records) if row]
    rows = [*_with_sums([*counties.values(), *unions], municipalities), *municipalities]
    return Register(as_of, as_of if (as_of.month, as_of.day) == (12, 31) else None, rows)


def _lines(file: Path) -> list[str]:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RegisterError(_("The file cannot be read: %(reason)s") % {"reason": error.strerror}) from error
    if raw.startswith(b"PK"):
        raise RegisterError(_("This is a ZIP archive. Unpack it and give the text file inside."))
    try:
        return raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # older files
    if CONTROL_CHARACTERS.search(text):
        raise RegisterError(_("This is not a text file of the official register (GV100AD)."))
    return text.splitlines()


def _records(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not RECORD.match(line) or len(line.rstrip()) < SHORTEST_RECORD - 2:
            raise RegisterError(
                _("Line %(number)s is no record of the official register (GV100AD).") % {"number": number}
            )
        yield line.ljust(SHORTEST_RECORD)


def _name(record: str) -> str:
    """Return the name without what the file adds: “Aichach, St”, “Kiel, Landeshauptstadt”."""
    return record[22:72].strip().split(", ")[0]


def _official_county(record: str) -> RegisterRow | None:
    word = COUNTY_WORDS.get(record[122:124])
    if record[:2] != "40" or word is None:
        return None
    key, name = record[10:15], _name(record)
    return RegisterRow(
        level=COUNTY,
        ars=key,
        ags=key,
        name=full_name(name, word),
        type=_type(key, word, name),
        state=STATE_OF_KEY[key[:2]],
        county="",
        county_ags=key,
    )


def _official_union(record: str, counties: dict[str, RegisterRow]) -> RegisterRow | None:
    word = UNION_WORDS.get(record[122:124])
    if record[:2] != "50" or word is None:
        return None
    county = counties.get(record[10:15])
    return RegisterRow(
        level=UNION,
        ars=record[10:15] + record[18:22],
        ags="",
        name=full_name(_name(record), word),
        type=Type.UNION.value,
        state=STATE_OF_KEY[record[10:12]],
        county=county.name if county else "",
        county_ags=county.ags if county else "",
    )


def _official_municipality(record: str, counties: dict[str, RegisterRow]) -> RegisterRow | None:
    kind = MUNICIPALITY_TYPES.get(record[122:124])
    if record[:2] != "60" or kind is None:
        return None
    ags, inhabitants = record[10:18], record[139:150].strip()
    county = counties.get(ags[:5])
    return RegisterRow(
        level=MUNICIPALITY,
        ars=ags[:5] + record[18:22] + ags[5:],
        ags=ags,
        name=_name(record),
        type=Type.CITY_STATE.value if ags in CITY_STATES else kind.value,
        state=STATE_OF_KEY[ags[:2]],
        county=county.name if county else "",
        county_ags=county.ags if county else "",
        population=int(inhabitants) if inhabitants.isdigit() and int(inhabitants) else None,
    )


def _with_sums(areas: list[RegisterRow], municipalities: list[RegisterRow]) -> list[RegisterRow]:
    """Give counties and unions the inhabitants of their municipalities, which the file tells only one by one."""
    sums: dict[str, int] = defaultdict(int)
    for row in municipalities:
        for key in (row.ars[:5], row.ars[:9]):
            sums[key] += row.population or 0
    return [replace(row, population=sums[row.ars] or None) for row in areas]
