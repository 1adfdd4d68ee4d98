"""Who may see and do what: every role at every page and list about a run, for the own run and somebody else's."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cms.privacy.models import AuditEntry
from tests.factories.pages import make_municipality
from tests.factories.registrations import book, make_bare_run, one
from tests.factories.staff import make_staff
from trainings.admin.urls import urls
from trainings.export_lists import PURPOSES
from trainings.models import Registration, Run
from trainings.views import certificates, evaluation

pytestmark = pytest.mark.django_db

ROLES = (
    *("chief", "owner", "organiser", "reviewer", "editor", "approver", "translator", "centre", "data_protection"),
    "member",
)
ORGANISES = {"chief", "owner"}
JUDGES = {"chief", "owner", "reviewer"}
ANY_ORGANISER = {"chief", "owner", "organiser"}

# address: (what its arguments are, how it is asked, who may)
PAGES: dict[str, tuple[str, str, set[str]]] = {
    "run_calendar": ("", "get", ANY_ORGANISER),
    "run_statistics": ("", "get", {*ANY_ORGANISER, "editor"}),
    "run_reviews": ("", "get", {*ANY_ORGANISER, "reviewer"}),
    "run_dashboard": ("run", "get", ORGANISES),
    "run_guarantee": ("run", "post", ORGANISES),
    "run_cancel": ("run", "get", ORGANISES),
    "run_copy": ("run", "get", ORGANISES),
    "run_capacity": ("run pool", "get", ORGANISES),
    "run_session": ("run session", "get", ORGANISES),
    "run_online": ("run session", "get", ORGANISES),
    "run_mail_problem": ("run message", "post", ORGANISES),
    "run_participants": ("run", "get", ORGANISES),
    "run_add": ("run", "get", ORGANISES),
    "run_bulk": ("run", "post", ORGANISES),
    "run_person": ("run person", "get", ORGANISES),
    "run_attendance": ("run", "get", ORGANISES),
    "run_review": ("run", "get", JUDGES),
    "run_decide": ("run", "post", ORGANISES),
    "run_release": ("run", "post", ORGANISES),
    "run_vote": ("run person", "get", JUDGES),
    "run_mail": ("run", "get", ORGANISES),
    "run_questions": ("run", "get", ORGANISES),
    "run_materials": ("run", "get", ORGANISES),
    "run_attendance_pdf": ("run", "get", ORGANISES),
    "run_badges_pdf": ("run", "get", ORGANISES),
    "run_certificates": ("run", "get", ORGANISES),
    "run_evaluation": ("run", "get", ORGANISES),
    "wagtailsnippets_trainings_run:list": ("", "get", ANY_ORGANISER),
    "wagtailsnippets_trainings_run:add": ("", "get", ANY_ORGANISER),
    "wagtailsnippets_trainings_run:edit": ("run", "get", ORGANISES),
    "wagtailsnippets_trainings_run:history": ("run", "get", ORGANISES),
    "wagtailsnippets_trainings_run:usage": ("run", "get", ORGANISES),
    "wagtailsnippets_trainings_run:delete": ("run", "get", {"chief"}),
    "privacy": ("", "get", {"chief", "data_protection"}),
    "privacy_log": ("", "get", {"chief", "data_protection"}),
    "outbox": ("", "get", {"chief"}),
}
EXPORTS = {name: JUDGES if purpose.for_reviewers else ORGANISES for name, purpose in PURPOSES.items()}


@pytest.fixture
def run() -> Run:
    """A run of one organiser with one application by somebody whose name must not leak."""
    run = make_bare_run(admission="application", owner=make_staff("organiser"), blind_review=True)
    book(
        run,
        email="kim.geheim@example.org",
        organisation="Verein Geheim",
        municipality_id=make_municipality(name="Waldstadt").pk,
    )
    Registration.objects.update(name="Kim Geheim")
    return run


def somebody(role: str, run: Run) -> Any:
    return run.owner if role == "owner" else make_staff(role)


def arguments(names: str, run: Run) -> list[int]:
    known = {
        "run": run.pk,
        "pool": run.pools.get().pk,
        "session": run.sessions.get().pk,
        "person": run.registrations.get().pk,
        "message": 1,
    }
    return [known[name] for name in names.split()]


def is_allowed(response: Any) -> bool:
    """Wagtail answers a refusal with a way back to the start of the admin, or to the login."""
    if response.status_code in (302, 303):
        return not response.headers["Location"].startswith(
            (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
        ) or response.headers["Location"].startswith(reverse("run_calendar"))
    return response.status_code != 403


@pytest.mark.parametrize("role", ROLES)
def test_matrix(client: Client, run: Run, role: str):
    client.force_login(somebody(role, run))

    found = {
        name for name, (names, method, _who) in PAGES.items()
        if is_allowed(getattr(client, method)(reverse(name, args=arguments(names, run))))
    }  # fmt: skip

    assert found == {name for name, (_names, _method, who) in PAGES.items() if role in who}


@pytest.mark.parametrize("role", ROLES)
def test_matrix_of_lists(client: Client, run: Run, role: str):
    client.force_login(somebody(role, run))

    found = {name for name in PURPOSES if is_allowed(client.post(reverse("run_export", args=[run.pk, name])))}

    assert found == {name for name, who in EXPORTS.items() if role in who}
    assert set(AuditEntry.objects.filter(action="exported").values_list("details__list", flat=True)) == found


def test_matrix_knows_every_address():
    known = [*urls(), *certificates.admin_urls(), *evaluation.admin_urls()]

    assert {pattern.name for pattern in known} - {"run_export"} == {name for name in PAGES if name.startswith("run_")}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_without_login_there_is_nothing(client: Client, run: Run, name: str):
    names, method, _who = PAGES[name]

    response = getattr(client, method)(reverse(name, args=arguments(names, run)))

    assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("wagtailadmin_login"))


def test_person_of_another_run_is_not_shown(client: Client, run: Run):
    other = make_bare_run(owner=run.owner)
    stranger = one(book(other))
    client.force_login(somebody("owner", run))

    assert client.get(reverse("run_person", args=[run.pk, stranger.pk])).status_code == 404
    assert client.get(reverse("run_person", args=[other.pk, stranger.pk])).status_code == 200


def test_list_of_runs_shows_own_ones_only(client: Client, run: Run):
    foreign = make_bare_run(owner=make_staff("organiser"))
    client.force_login(somebody("owner", run))

    page = client.get(reverse("wagtailsnippets_trainings_run:list")).content.decode()

    assert run.number in page
    assert foreign.number not in page


@pytest.mark.parametrize("role", ["reviewer", "owner"])
def test_blind_review_names_nobody(client: Client, run: Run, role: str):
    client.force_login(somebody(role, run))
    row = run.registrations.get()

    pages = [
        client.get(reverse("run_review", args=[run.pk])),
        client.get(reverse("run_vote", args=[run.pk, row.pk])),
        client.post(reverse("run_export", args=[run.pk, "review"]), {"format": "plain.csv"}),
    ]

    for page in pages:
        text = page.content.decode() + page.headers.get("Content-Disposition", "")
        assert page.status_code == 200
        assert "Waldstadt" in text or "run_review" in page.request["PATH_INFO"]
        assert "geheim" not in text.casefold()


def test_reviewer_never_sees_an_address(client: Client, run: Run):
    Run.objects.filter(pk=run.pk).update(blind_review=False)
    client.force_login(make_staff("reviewer"))
    row = run.registrations.get()

    pages = [
        client.get(reverse("run_review", args=[run.pk])),
        client.get(reverse("run_vote", args=[run.pk, row.pk])),
        client.post(reverse("run_export", args=[run.pk, "review"]), {"format": "plain.csv"}),
    ]

    for page in pages:
        assert "Kim Geheim" in page.content.decode()
        assert "geheim@" not in page.content.decode()


def test_reviewer_does_not_see_runs_without_applications(client: Client):
    run = make_bare_run()
    row = one(book(run))
    client.force_login(make_staff("reviewer"))

    assert not is_allowed(client.get(reverse("run_review", args=[run.pk])))
    assert not is_allowed(client.get(reverse("run_vote", args=[run.pk, row.pk])))
    assert not is_allowed(client.post(reverse("run_export", args=[run.pk, "review"])))
