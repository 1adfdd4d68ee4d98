"""Registers of municipalities, small enough to read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from knowledge.register_files import Register, RegisterRow

NEW_YEAR = dt.date(2020, 1, 1)


def make_row(**fields: Any) -> RegisterRow:
    """Say of one town what a register says."""
    return RegisterRow(
        **{
            "level": "municipality",
            "ars": "031520012012",
            "ags": "03152012",
            "name": "Göttingen",
            "type": "town",
            "state": "NI",
            "county": "Landkreis Göttingen",
            "county_ags": "03152",
            "latitude": 51.5,
            "longitude": 9.9,
            **fields,
        }
    )


def make_register(*rows: RegisterRow, as_of: dt.date = NEW_YEAR, population_on: dt.date | None = NEW_YEAR) -> Register:
    """Put rows into a register of one day."""
    return Register(as_of, population_on, list(rows))


def official_record(kind: str, key: str, union: str, name: str, mark: str, inhabitants: int = 0) -> str:
    """Return one record of a GV100AD file of 31 December 2024 in its fixed width."""
    record = f"{kind}20241231{key:<8}{union:<4}{name:<50}{'':<50}{mark:<2}"
    return f"{record:<128}{0:011}{inhabitants:011}{0:011}".ljust(220)


OFFICIAL = [
    official_record("10", "03", "", "Niedersachsen", ""),
    official_record("40", "03152", "", "Göttingen", "44"),
    official_record("40", "03241", "", "Region Hannover", "44"),
    official_record("40", "09161", "", "Ingolstadt", "41"),
    official_record("50", "03152", "5403", "Hattorf am Harz", "52"),
    official_record("50", "03152", "0012", "Göttingen, Stadt", "50"),
    official_record("60", "03152012", "0012", "Göttingen, Stadt", "63", 116000),
    official_record("60", "03152014", "5403", "Hattorf am Harz", "64", 4000),
    official_record("60", "03152501", "9501", "Harz (Landkreis Göttingen), gemfr. Gebiet", "66"),
    official_record("60", "03241001", "0001", "Hannover, Landeshauptstadt", "63", 0),
    official_record("60", "09161000", "0000", "Ingolstadt", "61", 140000),
    official_record("60", "09178124", "0124", "Freising, GKSt", "67", 49000),
    official_record("60", "02000000", "0000", "Hamburg, Freie und Hansestadt", "61", 1900000),
]
