"""Papers: accessible PDF whatever people are called; certificates that anybody can check and that name nobody."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import subprocess
import zipfile
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone, translation
from pypdf import PdfReader

from cms import papers as foundation
from cms.models import User
from cms.public_forms import Start
from tests.factories import pages as make
from tests.factories.registrations import book, make_bare_run, one
from trainings import links, papers
from trainings.models import Certificate, Registration, Run, Session
from trainings.services import closing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
HOSTILE = "#panic() $x$ \\ <b>Ünal</b> =1+1 محمد 李小龍 😀 \u202e\u200b\x01"


def over(run: Run) -> Run:
    """Let a run end yesterday."""
    now = timezone.now()
    Session.objects.filter(run=run).update(
        starts_at=now - dt.timedelta(days=1, hours=7), ends_at=now - dt.timedelta(days=1)
    )
    Run.objects.filter(pk=run.pk).update(
        starts_at=now - dt.timedelta(days=1, hours=7), ends_at=now - dt.timedelta(days=1)
    )
    return Run.objects.get(pk=run.pk)


def attended(run: Run, *, presence: str = "present", **fields: Any) -> Registration:
    """Book, let the run end, and record that the person was there."""
    seat = one(book(run, **fields))
    session = over(run).sessions.get()
    closing.record_attendance(run.pk, {(seat.pk, session.pk): presence}, actor=None)
    return Registration.objects.select_related("booking", "run", "run__offer").get(pk=seat.pk)


def words(content: bytes) -> str:
    """Return the text of a paper as a screen reader gets it."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def address(seat: Registration, name: str, *args: object) -> str:
    return links.url(name, links.token(seat), *map(str, args), language="de").removeprefix("https://kgi.example")


def typed(**fields: str) -> dict[str, str]:
    opened = Start.now()
    return {"start": Start(opened.id, opened.opened_at - 60).text, **fields}


@pytest.fixture
def run() -> Run:
    tree = make.make_tree()
    page = make.make_training(tree, organiser="Fachstelle Muster")
    make.translate(page, title="Application workshop")
    return make.make_run(page, number="2027-777")


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", ("Teilnahmebescheinigung", "Werkstatt Antrag", "7 Stunden", "Fachstelle Muster")),
        ("en", ("Certificate of attendance", "Application workshop", "7 hours", "Fachstelle Muster")),
    ],
)
def test_certificate_speaks_the_language_of_its_person(run, locale, expected):
    seat = attended(run, locale=locale)

    content = papers.certificates_pdf([closing.certify(seat)])

    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert (root["/Lang"], bool(root["/MarkInfo"]["/Marked"])) == (locale, True)
    assert len(reader.pages) == 1
    for text in (*expected, seat.name, Certificate.objects.get().number):
        assert text in words(content)


def test_half_a_session_counts_half(run):
    seat = attended(run, presence="partly", locale="en")

    assert "3 hours 30 minutes" in words(papers.certificates_pdf([closing.certify(seat)]))


def test_no_name_stops_or_steers_a_paper(run):
    seat = attended(run)
    Registration.objects.update(name=HOSTILE, function=HOSTILE)
    seat.refresh_from_db()

    for content in (
        papers.certificates_pdf([closing.certify(seat)]),
        papers.attendance_pdf(run),
        papers.badges_pdf(run),
    ):
        assert "#panic() $x$ \\ <b>Ünal</b> =1+1" in words(content)


def test_text_is_made_showable_without_losing_what_fonts_have():
    assert foundation.visible("a\x00b\u202ec\nd") == "abc d"
    assert foundation.showable("Łukasz Ελένη Дмитрий 李") == "Łukasz Ελένη Дмитрий □"


def test_attendance_list_has_a_page_a_day_and_everybody_with_a_seat(run):
    start = run.sessions.get().starts_at + dt.timedelta(days=1)
    Session.objects.create(run=run, starts_at=start, ends_at=start + dt.timedelta(hours=2))
    book(run, "Ada", "Bo")
    book(run, name="Wartet", email="wartet@example.org", confirm=False)

    with translation.override("de"):
        content = papers.attendance_pdf(run)

    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 2
    assert "Anwesenheitsliste" in words(content)
    assert re.findall(r"\b(?:Ada|Bo|Person \d+)\b", words(content)) == ["Ada", "Bo"] * 2
    assert "@" not in words(content)


def test_get_issues_nothing_and_post_hands_the_certificate_out(client, run):
    seat = attended(run)
    url = address(seat, "manage_certificate", seat.pk)

    assert client.get(url).headers["Location"] == address(seat, "manage") + f"#seat-{seat.pk}"
    assert Certificate.objects.count() == 0
    answer = client.post(url)

    number = Certificate.objects.get().number
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{number}.pdf"'
    assert seat.name in words(client.get(url).content)


def test_a_corrected_name_needs_a_new_certificate_under_the_same_number(client, run):
    seat = attended(run)
    client.post(address(seat, "manage_certificate", seat.pk))
    number = Certificate.objects.get().number
    Registration.objects.update(name="Anders Geschrieben")

    assert client.get(address(seat, "manage_certificate", seat.pk)).status_code == 302
    assert "Anders Geschrieben" in words(client.post(address(seat, "manage_certificate", seat.pk)).content)
    assert Certificate.objects.get().number == number
    assert closing.verify(number, "Anders Geschrieben") is not None


def test_nobody_gets_the_certificate_of_somebody_else(client, run):
    first = one(book(run))
    seat = attended(run)

    answer = client.post(address(first, "manage_certificate", seat.pk))

    assert answer.status_code == 404
    assert client.post(address(first, "manage_certificate", first.pk)).status_code == 409
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize(("path", "yes"), [("/de/bescheinigung/", "echt"), ("/en/certificate/", "genuine")])
def test_number_and_name_together_prove_a_certificate_and_nobody_is_named(client, run, path, yes):
    seat = attended(run)
    number = closing.certify(seat).number

    form = client.get(f"{path}?number={number}").content.decode()
    right = client.post(path, typed(number=f" {number.lower()} ", name=f" {seat.name.upper()}  "))
    wrong = client.post(path, typed(number=number, name="Jemand Anders"))

    assert f'value="{number}"' in form
    assert yes in right.content.decode()
    assert yes not in wrong.content.decode()
    assert [seat.name in answer for answer in (form, wrong.content.decode())] == [False, False]
    assert right.headers["Cache-Control"] == "private, no-store"


def test_a_revoked_certificate_is_not_valid_and_not_handed_out(client, run):
    seat = attended(run)
    number = closing.certify(seat).number
    Certificate.objects.update(revoked_at=timezone.now())

    assert "echt" not in client.post("/de/bescheinigung/", typed(number=number, name=seat.name)).content.decode()
    assert client.get(address(seat, "manage_certificate", seat.pk)).status_code == 302
    assert client.post(address(seat, "manage_certificate", seat.pk)).status_code == 302


def organiser(*rights: str) -> User:
    user = User.objects.create_user(f"u{User.objects.count()}", password="x")
    wanted = Permission.objects.filter(codename__in=[*rights, "access_admin"])
    user.user_permissions.set(wanted)
    return user


PAPERS = ("papers/attendance/", "papers/badges/", "papers/certificates/", "evaluation/")


@pytest.mark.parametrize("paper", PAPERS)
def test_papers_are_for_the_organiser_of_the_run_only(client, run, paper):
    attended(run)
    owner, other, editor = organiser("view_registration"), organiser("view_registration"), organiser()
    Run.objects.filter(pk=run.pk).update(owner=owner)

    seen = []
    for user in (owner, other, editor):
        client.force_login(user)
        seen.append(client.get(f"/admin/runs/{run.pk}/{paper}").status_code)
    client.logout()

    assert seen == [200, 302, 302]  # Wagtail sends who may not back to its first page
    assert client.get(f"/admin/runs/{run.pk}/{paper}").status_code == 302


def test_all_certificates_come_as_one_paper_or_one_file_each(admin_client: Client):
    run = make_bare_run()
    seats = [one(book(run)) for _number in range(3)]
    session = over(run).sessions.get()
    closing.record_attendance(run.pk, {(seat.pk, session.pk): "present" for seat in seats[:2]}, actor=None)
    url = f"/admin/runs/{run.pk}/papers/certificates/"
    assert admin_client.get(url).status_code == 200
    assert Certificate.objects.count() == 0

    paper = admin_client.post(url, {"form": "pdf"})
    archive = zipfile.ZipFile(io.BytesIO(admin_client.post(url, {"form": "zip"}).content))

    assert len(PdfReader(io.BytesIO(paper.content)).pages) == 2
    assert sorted(archive.namelist()) == sorted(f"{one.number}.pdf" for one in Certificate.objects.all())
    assert Certificate.objects.count() == 2


@pytest.mark.services
def test_every_kind_of_paper_is_pdf_ua(run, tmp_path):
    """Asks veraPDF, with names of every kind: nothing else knows what a screen reader needs."""
    seat = attended(run)
    Registration.objects.update(name=HOSTILE, function="Jugendpflege")
    seat.refresh_from_db()
    kinds = {
        "certificate": papers.certificates_pdf([closing.certify(seat)]),
        "attendance": papers.attendance_pdf(run),
        "badges": papers.badges_pdf(run),
    }
    for name, content in kinds.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)

    command = ["java", "-cp", os.environ["VERAPDF_JAR"], "org.verapdf.apps.GreenfieldCliWrapper"]
    said = subprocess.run(
        [*command, "--flavour", "ua1", "--format", "text", str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert sorted(line.split()[0] for line in said.stdout.splitlines()) == ["PASS"] * len(kinds), said.stdout
