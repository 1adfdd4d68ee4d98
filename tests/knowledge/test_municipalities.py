"""Municipalities as rows: keys, points, size classes, search and their pages in the admin."""

from __future__ import annotations

from typing import Any, cast

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cms.cldr import country_choices, country_name, language_choices
from cms.vocabularies import SizeClass, State
from knowledge.models import Municipality
from knowledge.models.municipalities import folded
from tests.factories.pages import make_municipality

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor_client(client: Client) -> Client:
    client.force_login(get_user_model().objects.create_superuser("chief", "chief@example.org", "pw"))
    return client


def names(query: str) -> list[str]:
    return [str(row) for row in Municipality.objects.matching(query)]


@pytest.mark.parametrize("typed", ["Göttingen", "gottingen", "Goettingen", "GÖTTINGEN"])
def test_folded_makes_all_spellings_one(typed: str) -> None:
    assert folded(typed) == "gottingen"


def test_folded_writes_sharp_s_in_two_letters() -> None:
    assert folded("  Groß  Gerau ") == "gross gerau"


def test_matching_puts_the_whole_name_first_then_beginnings_then_the_rest() -> None:
    make_municipality(name="Neu-Ulm", county="")
    make_municipality(name="Bellenberg", county="Landkreis Neu-Ulm")
    make_municipality(name="Ulmen", county="Landkreis Cochem-Zell")
    make_municipality(name="Ulm", county="")
    make_municipality(name="Kulmbach", county="Landkreis Kulmbach")
    make_municipality(name="Freising", county="Landkreis Freising")

    found = names("ulm")

    assert found == [
        "Ulm",
        "Ulmen (Landkreis Cochem-Zell)",
        "Neu-Ulm",
        "Bellenberg (Landkreis Neu-Ulm)",
        "Kulmbach (Landkreis Kulmbach)",
    ]


def test_matching_tells_places_of_one_name_apart_by_their_county() -> None:
    make_municipality(name="Neuenkirchen", county="Kreis Steinfurt")
    make_municipality(name="Neuenkirchen", county="Landkreis Diepholz")

    assert names("neuenkirchen steinf") == ["Neuenkirchen (Kreis Steinfurt)"]


def test_matching_finds_nothing_without_a_word() -> None:
    make_municipality()

    assert names("   ") == []


def test_search_name_follows_a_renamed_row() -> None:
    row = make_municipality(name="Altdorf", county="")

    row.name = "Neudorf"
    row.save()

    assert (names("altdorf"), names("neudorf")) == ([], ["Neudorf"])


@pytest.mark.parametrize("key", ["ars", "ags"])
def test_keys_are_unique_where_given(key: str) -> None:
    make_municipality(**{key: "03152"})
    make_municipality()
    make_municipality()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_municipality(**{key: "03152"})


@pytest.mark.parametrize("point", [(52.0, None), (None, 9.0), (9.7, 52.4), (46.9, 9.0), (52.0, 16.1)], ids=str)
def test_database_refuses_half_points_and_points_elsewhere(point: tuple[float | None, float | None]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_municipality(latitude=point[0], longitude=point[1])


def test_database_refuses_a_state_that_does_not_exist() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_municipality(state="XX")


def test_clean_names_the_missing_coordinate() -> None:
    row = make_municipality()
    row.longitude = None

    with pytest.raises(ValidationError) as caught:
        row.clean()

    with translation.override("en"):
        assert caught.value.message_dict == {"longitude": ["Give both coordinates or none."]}


@pytest.mark.parametrize(
    ("population", "size"),
    [
        (None, None),
        (0, SizeClass.UNDER_5000),
        (4999, SizeClass.UNDER_5000),
        (5000, SizeClass.FROM_5000),
        (99_999, SizeClass.FROM_50000),
        (3_600_000, SizeClass.FROM_500000),
    ],
)
def test_size_class_follows_the_inhabitants(population: int | None, size: SizeClass | None) -> None:
    assert Municipality(population=population).size_class == size


@pytest.mark.parametrize(
    ("language", "first", "ukraine"), [("de", "Frankreich", "Ukraine"), ("en", "France", "Ukraine")]
)
def test_countries_begin_with_frequent_partners_in_the_active_language(language: str, first: str, ukraine: str) -> None:
    with translation.override(language):
        choices = country_choices()

    assert [code for code, _ in choices[:14]] == [
        "FR",
        "PL",
        "CZ",
        "IL",
        "GR",
        "TR",
        "UA",
        "GB",
        "US",
        "JP",
        "ES",
        "IT",
        "NL",
        "AT",
    ]
    assert (choices[0][1], dict(choices)["UA"]) == (first, ukraine)
    assert [name for _, name in choices[14:16]] == {
        "de": ["Afghanistan", "Ägypten"],
        "en": ["Afghanistan", "Åland Islands"],
    }[language]


def test_names_of_countries_in_a_given_language() -> None:
    assert (country_name("CZ", "de"), country_name("CZ", "en"), country_name("QQ", "de")) == (
        "Tschechien",
        "Czechia",
        "QQ",
    )


def test_easy_language_reads_german_names() -> None:
    with translation.override("de-simple"):
        assert language_choices()[0] == ("de", "Deutsch")


def test_every_state_of_the_map_is_in_the_vocabulary() -> None:
    from knowledge.map import baked

    assert sorted(baked()["states"]) == sorted(State.values)


def test_chooser_shows_type_county_and_state_and_hides_dissolved_places(editor_client: Client) -> None:
    make_municipality(name="Neuenkirchen", county="Kreis Steinfurt", state="NW", type="commune")
    make_municipality(name="Neuenhaus", county="Kreis Alt", dissolved_on="2020-01-01")
    make_municipality(name="Bad Ems", county="Rhein-Lahn-Kreis")

    url = reverse(cast("Any", Municipality).snippet_viewset.chooser_viewset.get_url_name("choose_results"))
    page = editor_client.get(url, {"q": "neuen"}).content.decode()

    assert "Neuenkirchen (Kreis Steinfurt)" in page
    assert "Nordrhein-Westfalen" in page or "North Rhine-Westphalia" in page
    assert "Neuenhaus" not in page
    assert "Bad Ems" not in page


def test_listing_searches_like_the_chooser_and_filters_by_state(editor_client: Client) -> None:
    make_municipality(name="Göttingen", county="Landkreis Göttingen", state="NI")
    make_municipality(name="Göttin", county="", state="BB")
    make_municipality(name="Kassel", county="", state="NI")

    url = reverse(cast("Any", Municipality).snippet_viewset.get_url_name("list"))
    page = editor_client.get(url, {"q": "goett", "state": "NI"})

    assert [row.name for row in page.context["object_list"]] == ["Göttingen"]


def test_editors_cannot_change_what_the_register_says(editor_client: Client) -> None:
    row = make_municipality(source="register", name="Kassel", ags="06611000", ars="066110000000", state="HE", county="")
    url = reverse(cast("Any", Municipality).snippet_viewset.get_url_name("edit"), args=[row.pk])

    answer = editor_client.post(
        url,
        {
            "name": "Anderswo",
            "type": "large_town",
            "state": "BY",
            "county": "x",
            "ags": "06611001",
            "ars": "1",
            "latitude": "51.3",
            "longitude": "9.5",
            "population": "200000",
            "population_on": "2024-12-31",
        },
    )

    row.refresh_from_db()
    assert answer.status_code == 302
    assert (row.name, row.state, row.county, row.ags) == ("Kassel", "HE", "", "06611000")
    assert (row.type, row.population, row.latitude) == ("large_town", 200000, 51.3)


@pytest.mark.parametrize(("point", "warned"), [(("52.4", "9.7"), 0), (("48.1", "11.6"), 1)])
def test_point_outside_the_state_is_saved_with_a_warning(
    editor_client: Client, point: tuple[str, str], warned: int
) -> None:
    row = make_municipality(state="NI")
    url = reverse(cast("Any", Municipality).snippet_viewset.get_url_name("edit"), args=[row.pk])

    answer = editor_client.post(
        url,
        {
            "name": "Ort",
            "type": "town",
            "state": "NI",
            "latitude": point[0],
            "longitude": point[1],
        },
        follow=True,
    )

    row.refresh_from_db()
    assert row.point == (float(point[0]), float(point[1]))
    assert [message.level_tag for message in answer.context["messages"]].count("warning") == warned


def test_form_offers_the_map_beside_the_coordinates(editor_client: Client) -> None:
    row = make_municipality(state="NI")

    page = editor_client.get(
        reverse(cast("Any", Municipality).snippet_viewset.get_url_name("edit"), args=[row.pk])
    ).content.decode()

    assert (
        'data-latitude="id_latitude" data-longitude="id_longitude" data-state-field="id_state" data-state="NI"' in page
    )
    assert page.count("map-point__state") == 16
    assert "knowledge/admin/map-point.js" in page
