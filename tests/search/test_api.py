"""The API for other sites: as described, for everybody, within limits."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from openapi_spec_validator import validate

from cms.throttle import Limit
from search import api
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


@pytest.fixture
def description(client: Client) -> Any:
    """What the API says of itself."""
    return client.get("/api/search/openapi.json").json()


def test_description_is_valid_and_names_every_parameter(description: Any) -> None:
    validate(description)

    named = {parameter["name"] for parameter in description["paths"]["/api/search/"]["get"]["parameters"]}
    assert named >= {"q", "lang", "kind", "step", "topic", "state", "sort", "page"}


@pytest.mark.parametrize("query", ["q=Bus", "q=Bus&step=plan&page=2", "q=Nirgendwo", "", "q=bus&lang=en", "q=Buss"])
def test_answers_are_as_described(client: Client, description: Any, query: str) -> None:
    page = make.make_practice(make.make_tree(), title="Kranichbus", situation="<p>Der Bus fuhr.</p>")
    make.translate(page, title="Crane bus")
    answers = description["paths"]["/api/search/"]["get"]["responses"]

    answer = client.get(f"/api/search/?{query}")

    assert answer.status_code == 200
    Draft202012Validator(answers["200"]["content"]["application/json"]["schema"]).validate(answer.json())


def test_any_site_may_ask_without_credentials(client: Client) -> None:
    answer = client.get("/api/search/?q=Bus", headers={"origin": "https://elsewhere.example"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer.cookies == {}
    assert client.post("/api/search/").status_code == 405


def test_who_asks_too_often_waits_and_others_do_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "READERS", Limit("search api of this test", most=2, seconds=3600))

    mine = [client.get("/api/search/", REMOTE_ADDR="192.0.2.1").status_code for _time in range(3)]

    assert mine == [200, 200, 429]
    assert client.get("/api/search/", REMOTE_ADDR="192.0.2.2").status_code == 200


@pytest.mark.parametrize("query", ["lang=xx", "lang=", "lang=de-simple"])
def test_an_unknown_language_is_named(client: Client, query: str) -> None:
    answer = client.get(f"/api/search/?{query}")

    assert (answer.status_code, answer.json()) == (400, {"error": "lang must be de or en."})
