"""Lists to take away: nothing becomes a formula, nothing gets lost, and each list holds what its purpose needs."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest

from tests.factories.pages import make_municipality
from tests.factories.registrations import book, make_bare_run, one
from trainings import exports
from trainings.export_lists import PURPOSES
from trainings.exports import Table
from trainings.models import FormVersion, Question, Registration, Run, SensitiveAnswer
from trainings.services.answering import save_answers

EVIL = [
    "=cmd|' /C calc'!A0",
    "+1-1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
]
HARMLESS = ["Jo O'Brien", "Null", "a=b", "Ötzi, Süd", 'Sie sagte "ja"', "x;y", "1.200", "https://kgi.example", "ß", "A"]


def rows_of_csv(content: bytes, encoding: str = "utf-8-sig") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=";"))


@pytest.mark.parametrize("value", EVIL)
def test_csv_puts_an_apostrophe_before_what_would_be_calculated(value: str):
    rows = rows_of_csv(exports.as_csv([Table("x", ["A"], [[value]])]))

    assert rows == [["A"], [f"'{value}"]]


@pytest.mark.parametrize("value", HARMLESS)
def test_csv_leaves_other_text_alone(value: str):
    assert rows_of_csv(exports.as_csv([Table("x", ["A"], [[value]])])) == [["A"], [value]]


def test_csv_keeps_the_plus_of_a_telephone_number():
    assert exports.guarded("+49 30 1234") == "'+49 30 1234"


def test_csv_keeps_numbers_as_numbers():
    assert [exports.guarded(value) for value in (-3, Decimal("-1.50"), 0, None, True)] == ["-3", "-1.50", "0", "", "Ja"]


def test_csv_with_and_without_mark():
    table = [Table("x", ["Ä"], [])]

    assert exports.as_csv(table) == b"\xef\xbb\xbf\xc3\x84\r\n"
    assert exports.as_csv(table, bom=False) == b"\xc3\x84\r\n"


@pytest.mark.parametrize("value", [*EVIL, *HARMLESS])
def test_xlsx_holds_text_as_it_was_typed(value: str):
    content = exports.as_xlsx([Table("x", ["A"], [[value]])])

    cell = openpyxl.load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.data_type, cell.value) == ("s", value.replace("\r", "_x000D_") if "\r" in value else value)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_xlsx_survives_control_characters_long_text_and_names_of_sheets():
    content = exports.as_xlsx(
        [Table("[a]:b*c?d/e\\f", ["A"], [["nul\x00 bell\x07"], ["x" * 40_000], [Decimal("12.50")]])]
    )

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.title == "a  b c d e f"
    assert [sheet["A2"].value, len(sheet["A3"].value), sheet["A4"].value] == ["nul bell", 32_000, 12.5]


@pytest.fixture
def run(db: None) -> Run:
    """A run with two people who eat something else, one of them online."""
    run = make_bare_run(pools=("onsite", "online"), fee=Decimal("80.00"), ask_invoice=True)
    onsite, online = run.pools.order_by("-mode")
    form = FormVersion.objects.create(run=run)
    texts = dict.fromkeys(("label_de", "label_en", "purpose_de", "purpose_en"), "Essen")
    diet = Question.objects.create(form=form, stage="after", sensitive=True, **texts)
    place = make_municipality(name="Waldstadt")
    for name, pool, answer in (("Kim Geheim", onsite, "vegan"), ("Toni Stille", online, "Nussallergie")):
        booking = book(
            run,
            email=f"{name.split()[0].lower()}@example.org",
            pool_id=pool.pk,
            municipality_id=place.pk,
            organisation="Jugendamt Wald",
            invoice_address="Rathausplatz 1",
            invoice_reference="04011000-1234512345-06",
        )
        Registration.objects.filter(booking=booking).update(name=name)
        save_answers(one(booking), {diet.pk: answer})
    assert SensitiveAnswer.objects.count() == 2
    return run


def flat(run: Run, purpose: str) -> str:
    return exports.as_csv(PURPOSES[purpose].build(run), bom=False).decode()


def test_list_for_the_organiser_has_contacts_but_nothing_sensitive(run: Run):
    text = flat(run, "organiser")

    assert "Kim Geheim" in text
    assert "kim@example.org" in text
    assert "vegan" not in text


def test_list_for_the_venue_names_who_comes_to_the_house(run: Run):
    assert rows_of_csv(flat(run, "venue").encode(), "utf-8")[1:] == [["Kim Geheim", "Jugendamt Wald"]]


def test_list_for_the_caterer_has_numbers_and_no_names(run: Run):
    assert rows_of_csv(flat(run, "caterer").encode(), "utf-8")[1:] == [
        ["Teilnehmende vor Ort", "", "1"],
        ["Essen", "vegan", "1"],
    ]


def test_list_for_the_cashier_adds_up_fees_of_a_booking(run: Run):
    lines = rows_of_csv(flat(run, "cashier").encode(), "utf-8")[1:]

    assert [line[5:] for line in lines] == [["Rathausplatz 1", "04011000-1234512345-06", "1", "80.00", "80.00"]] * 2


def test_list_for_the_funder_names_functions_and_places_only(run: Run):
    text = flat(run, "funder")

    assert "Jugendpflege;Waldstadt;Niedersachsen" in text
    for secret in ("Kim", "Toni", "example.org", "Rathausplatz", "vegan"):
        assert secret not in text


def test_list_of_applications_never_has_an_address(db: None):
    run = make_bare_run(admission="application")
    booking = book(run, email="kim@example.org", phone="0301234")

    text = flat(run, "review")

    assert one(booking).name in text
    assert "kim@example.org" not in text
    assert "0301234" not in text


def test_lists_leave_out_who_was_deleted(run: Run):
    booking = run.bookings.first()
    booking.registrations.update(
        name="", email="", email_norm="", function="", note="", anonymised_at=booking.created_at
    )

    assert flat(run, "organiser").count("\r\n") == 2


@pytest.mark.parametrize("purpose", sorted(PURPOSES))
def test_queries_of_a_list_do_not_grow(django_assert_max_num_queries, purpose: str, db: None):
    run = make_bare_run(seats=50, admission="application" if purpose == "review" else "fcfs")
    for count in (3, 27):
        for _number in range(count):
            book(run)
        with django_assert_max_num_queries(6):
            PURPOSES[purpose].build(run)
