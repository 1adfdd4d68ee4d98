"""The register of municipalities: reading both kinds of files, and bringing rows up to date."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from cms.version import current, forget
from knowledge.models import Municipality
from knowledge.register_files import RegisterError, full_name, read_official, read_shipped
from knowledge.services.register import Imported, bring_up_to_date, import_register
from tests.factories.municipalities import NEW_YEAR, OFFICIAL, make_register, make_row, official_record
from tests.factories.pages import make_municipality

pytestmark = pytest.mark.django_db
LATER = dt.date(2024, 12, 31)


@pytest.fixture
def official(tmp_path: Path) -> Path:
    file = tmp_path / "GV100AD_31122024.txt"
    file.write_text("\r\n".join(OFFICIAL) + "\r\n", encoding="utf-8")
    return file


def only_row() -> Municipality:
    return Municipality.objects.get()


# --- files ------------------------------------------------------------------------------------------------------


def test_shipped_register_is_whole() -> None:
    rows = read_shipped().rows

    assert len(rows) == 12_608
    assert len({row.key for row in rows}) == 12_608
    assert {kind: sum(row.type == kind for row in rows) for kind in sorted({row.type for row in rows})} == {
        "city_state": 3,
        "commune": 9025,
        "county": 292,
        "district_free": 104,
        "region": 3,
        "town": 1952,
        "union": 1229,
    }


@pytest.mark.parametrize(
    ("key", "name", "kind", "county"),
    [
        ("03152012", "Göttingen", "town", "Landkreis Göttingen"),
        ("03152", "Landkreis Göttingen", "county", ""),
        ("03241", "Region Hannover", "region", ""),
        ("04011000", "Bremen", "city_state", ""),
        ("04012000", "Bremerhaven", "district_free", ""),
        ("120665601", "Amt Altdöbern", "union", "Landkreis Oberspreewald-Lausitz"),
    ],
)
def test_shipped_register_speaks_our_vocabulary(key: str, name: str, kind: str, county: str) -> None:
    row = next(row for row in read_shipped().rows if row.key == key)

    assert (row.name, row.type, row.county) == (name, kind, county)


@pytest.mark.parametrize(
    ("name", "word", "full"),
    [
        ("Göttingen", "Landkreis", "Landkreis Göttingen"),
        ("Hochtaunuskreis", "Landkreis", "Hochtaunuskreis"),
        ("Städteregion Aachen", "Kreis", "Städteregion Aachen"),
        ("Altes Amt Lemförde", "Samtgemeinde", "Samtgemeinde Altes Amt Lemförde"),
        ("Verwaltungsgemeinschaft Munderkingen", "Verwaltungsverband", "Verwaltungsgemeinschaft Munderkingen"),
        ("Kassel", "Stadt", "Kassel"),
    ],
)
def test_full_name_says_what_counties_and_unions_are_once(name: str, word: str, full: str) -> None:
    assert full_name(name, word) == full


def test_official_file_gives_keys_names_types_and_inhabitants(official: Path) -> None:
    register = read_official(official)

    assert (register.as_of, register.population_on) == (LATER, LATER)
    assert [(row.key, row.ars, row.name, row.type, row.state, row.county, row.population) for row in register.rows] == [
        ("03152", "03152", "Landkreis Göttingen", "county", "NI", "", 120_000),
        ("03241", "03241", "Region Hannover", "region", "NI", "", None),
        ("031525403", "031525403", "Samtgemeinde Hattorf am Harz", "union", "NI", "Landkreis Göttingen", 4000),
        ("03152012", "031520012012", "Göttingen", "town", "NI", "Landkreis Göttingen", 116_000),
        ("03152014", "031525403014", "Hattorf am Harz", "commune", "NI", "Landkreis Göttingen", 4000),
        ("03241001", "032410001001", "Hannover", "town", "NI", "Region Hannover", None),
        ("09161000", "091610000000", "Ingolstadt", "district_free", "BY", "", 140_000),
        ("09178124", "091780124124", "Freising", "large_town", "BY", "", 49_000),
        ("02000000", "020000000000", "Hamburg", "city_state", "HH", "", 1_900_000),
    ]


def test_official_file_may_be_in_the_older_encoding(tmp_path: Path) -> None:
    file = tmp_path / "old.txt"
    file.write_bytes("\n".join(OFFICIAL).encode("latin-1"))

    assert read_official(file).rows[3].name == "Göttingen"


def test_official_file_within_the_year_does_not_date_inhabitants(tmp_path: Path) -> None:
    file = tmp_path / "quarter.txt"
    file.write_text("\n".join(record.replace("20241231", "20240930") for record in OFFICIAL), encoding="utf-8")

    assert read_official(file).population_on is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04", "This is a ZIP archive. Unpack it and give the text file inside."),
        (b"ars,ags,level\n", "Line 1 is no record of the official register (GV100AD)."),
        (("\n".join(OFFICIAL[:2]) + "\n40\n").encode(), "Line 3 is no record of the official register (GV100AD)."),
        (OFFICIAL[0].encode(), "The file holds no municipalities (records that begin with 60)."),
        (b"", "The file holds no municipalities (records that begin with 60)."),
        (b"\x89PNG\xff\x80", "This is not a text file of the official register (GV100AD)."),
        (
            official_record("60", "99000000", "0000", "Nirgends", "63").encode(),
            "Line 1 is no record of the official register (GV100AD).",
        ),
        (
            official_record("60", "03152012", "0012", "Ort", "63").replace("20241231", "20249931").encode(),
            "Line 1 is no record of the official register (GV100AD).",
        ),
    ],
)
def test_wrong_file_says_what_is_wrong(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "wrong.txt"
    file.write_bytes(content)

    with translation.override("en"), pytest.raises(RegisterError) as caught:
        read_official(file)

    assert str(caught.value) == message


def test_missing_file_says_so(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(RegisterError, match=r"^The file cannot be read: No such file"):
        read_official(tmp_path / "nowhere.txt")


# --- rows -------------------------------------------------------------------------------------------------------


def test_import_of_the_shipped_register_is_fast_and_idempotent() -> None:
    begin = time.perf_counter()

    first, again = import_register(), import_register()

    assert time.perf_counter() - begin < 10  # 1.6 s here
    assert first == Imported(read=12_608, added=12_608, changed=0, dissolved=0, taken=())
    assert again == Imported(read=12_608, added=0, changed=0, dissolved=0, taken=())
    assert Municipality.objects.filter(source="register", search_name="").count() == 0


def test_newer_register_renames_and_keeps_the_row() -> None:
    bring_up_to_date(make_register(make_row()))
    before = only_row()

    result = bring_up_to_date(make_register(make_row(name="Neustadt", ars="031525403012"), as_of=LATER))

    row = only_row()
    assert result == Imported(read=1, added=0, changed=1, dissolved=0, taken=())
    assert (row.pk, row.name, row.ars, row.search_name) == (
        before.pk,
        "Neustadt",
        "031525403012",
        "neustadt landkreis gottingen",
    )


def test_register_without_coordinates_keeps_known_ones() -> None:
    bring_up_to_date(make_register(make_row(latitude=51.5, longitude=9.9)))

    bring_up_to_date(make_register(make_row(latitude=None, longitude=None), as_of=LATER))

    assert only_row().point == (51.5, 9.9)


def test_register_keeps_the_point_an_editor_set() -> None:
    bring_up_to_date(make_register(make_row(latitude=51.5, longitude=9.9)))
    Municipality.objects.update(latitude=51.6, longitude=9.8)

    bring_up_to_date(make_register(make_row(latitude=51.5, longitude=9.9), as_of=LATER))

    assert only_row().point == (51.6, 9.8)


def test_register_that_knows_only_towns_keeps_a_large_town() -> None:
    bring_up_to_date(make_register(make_row(type="town")))
    Municipality.objects.update(type="large_town")

    bring_up_to_date(make_register(make_row(type="town"), as_of=LATER))

    assert only_row().type == "large_town"


def test_register_without_inhabitants_keeps_known_ones_with_their_date() -> None:
    bring_up_to_date(make_register(make_row(population=116_000)))

    bring_up_to_date(make_register(make_row(population=None), as_of=LATER, population_on=LATER))

    assert (only_row().population, only_row().population_on) == (116_000, NEW_YEAR)


def test_place_gone_from_the_register_is_kept_and_marked() -> None:
    other = make_row(ags="03152013", ars="031520013013", name="Altstadt")
    bring_up_to_date(make_register(make_row(), other))

    result = bring_up_to_date(make_register(make_row(), as_of=LATER))

    assert result.dissolved == 1
    assert Municipality.objects.get(name="Altstadt").dissolved_on == LATER
    assert [row.name for row in Municipality.objects.existing()] == ["Göttingen"]


def test_older_register_changes_nothing_and_brings_nobody_back() -> None:
    other = make_row(ags="03152013", ars="031520013013", name="Altstadt")
    old = make_register(make_row(name="Vorher"), other)
    bring_up_to_date(old)
    bring_up_to_date(make_register(make_row(name="Nachher"), as_of=LATER))

    result = bring_up_to_date(old)

    assert result == Imported(read=2, added=0, changed=0, dissolved=0, taken=())
    assert sorted(row.name for row in Municipality.objects.existing()) == ["Nachher"]


def test_place_that_returns_is_no_longer_marked() -> None:
    other = make_row(ags="03152013", ars="031520013013", name="Altstadt")
    bring_up_to_date(make_register(make_row(), other))
    bring_up_to_date(make_register(make_row(), as_of=LATER))

    bring_up_to_date(make_register(make_row(), other, as_of=dt.date(2026, 1, 1)))

    assert Municipality.objects.filter(dissolved_on__isnull=False).count() == 0


def test_rows_of_editors_and_of_the_demo_are_never_touched() -> None:
    own = make_municipality(source="own", name="Eigen", ags="03152012")
    demo = make_municipality(source="demo", name="Erfunden")

    result = bring_up_to_date(make_register(make_row(), make_row(ags="03152013", ars="031520013013"), as_of=LATER))

    assert (result.added, result.taken) == (1, ("03152012",))
    own.refresh_from_db()
    demo.refresh_from_db()
    assert [(row.name, row.dissolved_on, row.register_on) for row in (own, demo)] == [
        ("Eigen", None, None),
        ("Erfunden", None, None),
    ]


def test_fragment_of_a_register_is_refused_and_changes_nothing() -> None:
    rows = [make_row(ags=f"0315201{n}", ars=f"03152001201{n}") for n in range(5)]
    bring_up_to_date(make_register(*rows))

    with (
        translation.override("en"),
        pytest.raises(RegisterError, match=r"^The file holds only 2 places, the register here 5"),
    ):
        bring_up_to_date(make_register(*rows[:2], as_of=LATER))

    assert Municipality.objects.existing().count() == 5


def test_import_moves_the_content_counter_only_when_something_changed() -> None:
    before = current()
    bring_up_to_date(make_register(make_row()))
    forget()
    after = current()
    bring_up_to_date(make_register(make_row()))
    forget()

    assert (after > before, current()) == (True, after)


def test_progress_ends_at_the_total() -> None:
    seen: list[tuple[int, int]] = []

    bring_up_to_date(make_register(make_row()), progress=lambda done, total: seen.append((done, total)))

    assert seen == [(0, 1), (1, 1)]


# --- command ----------------------------------------------------------------------------------------------------


def test_command_reads_the_official_file(official: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_register", official)

    assert capsys.readouterr().out == "9 places read: 9 added, 0 changed, 0 no longer in the register.\n"
    assert str(Municipality.objects.get(ags="03152014")) == "Hattorf am Harz (Landkreis Göttingen)"


def test_command_names_keys_it_left_out(official: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_municipality(source="own", ags="09161000")

    call_command("import_register", official)

    assert capsys.readouterr().out.splitlines()[1] == "Left out, rows of editors have these keys: 09161000"


def test_command_explains_a_wrong_file(tmp_path: Path) -> None:
    file = tmp_path / "wrong.txt"
    file.write_text("Liebe Kommune,\n", encoding="utf-8")

    with (
        translation.override("en"),
        pytest.raises(CommandError, match=r"^Line 1 is no record of the official register"),
    ):
        call_command("import_register", file)
