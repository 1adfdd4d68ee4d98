"""The directory: filters, counts and map are one answer; a place sorts it; nothing a visitor types is an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from cms import version
from cms.pagecache import marking
from knowledge.network.asking import Wanted
from knowledge.network.places import kilometres
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
BERLIN, MUNICH = (52.52, 13.405), (48.137, 11.575)


def town(name: str, point: tuple[float, float] = BERLIN, **fields: Any) -> Any:
    return make.make_municipality(name=name, latitude=point[0], longitude=point[1], **fields)


@pytest.fixture(scope="module")
def grown(planted: None, django_db_blocker: Any) -> Iterator[None]:
    """Make three members and two centres once for this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        grow(make.make_tree())
        version.forget()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def tree(grown: None, db: None) -> make.Tree:
    return make.make_tree()


def grow(tree: make.Tree) -> None:
    rural, sport = make.topic("rural"), make.topic("sport")
    make.make_profile(tree, municipality=town("Ahlen", (53.0, 9.0), state="NI"), topics=[rural], own_youth_office=True)
    make.make_profile(tree, municipality=town("Bedorf", (48.2, 11.5), state="BY"), topics=[rural, sport])
    make.make_profile(tree, municipality=town("Cestadt", (52.5, 13.4), state="BE", type="city_state"), topics=[sport])
    make.make_centre(tree, title="Beratung Nord", municipality=town("Norden", (53.1, 9.1), state="NI"))
    make.make_centre(tree, title="Förderbüro", municipality=town("Süden", state="BY"), services=["funding"])


def show(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def listed(html: str) -> list[str]:
    return re.findall(
        r'<article class="row" data-place="[^"]+">\s*<div class="row-body">\s*<h3><a [^>]*>([^<]+)</a>', html
    )


def pinned(html: str) -> list[str]:
    return re.findall(r'data-place="[^"]+" transform="[^"]+"><title>([^<]+)</title>', html)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Ahlen", "Bedorf", "Cestadt"]),
        ("?state=NI", ["Ahlen"]),
        ("?state=NI&state=BE", ["Ahlen", "Cestadt"]),
        ("?topic=rural", ["Ahlen", "Bedorf"]),
        ("?topic=sport&type=city_state", ["Cestadt"]),
        ("?youth_office=yes", ["Ahlen"]),
        ("?kind=all&state=NI", ["Ahlen", "Beratung Nord"]),
        ("?service=funding", ["Ahlen", "Bedorf", "Cestadt"]),
        ("?state=XX&topic=%00&kind=none&radius=-1&page=x&at=999,999", ["Ahlen", "Bedorf", "Cestadt"]),
        ("?state=" + "&state=".join(["NI"] * 500), ["Ahlen"]),
    ],
)
def test_list_and_map_show_the_same(client: Client, tree: make.Tree, query: str, names: list[str]) -> None:
    html = show(client, tree.municipalities.url + query)

    assert listed(html) == names
    assert sorted(pinned(html)) == sorted(names)


def test_centres_are_filtered_by_what_they_do(client: Client, tree: make.Tree) -> None:
    html = show(client, f"{tree.centres.url}?service=funding&state=BY")

    assert listed(html) == ["Förderbüro"]
    assert '<p role="status">1 Servicestelle: Bayern</p>' in html
    assert f'href="{tree.centres.url}?state=BY"><span class="sr-only">Filter entfernen: </span>Förderberatung' in html


def test_options_are_counted_without_their_own_choice(client: Client, tree: make.Tree) -> None:
    html = show(client, f"{tree.municipalities.url}?state=NI&topic=rural")

    counts = dict(re.findall(r'name="state" value="(\w+)"[^>]*>.*?\((\d+)\)', html))
    assert counts == {"NI": "1", "BY": "1"}
    assert 'name="state" value="NI" checked' in html
    assert "<title>Bayern (1)</title>" in html


def test_kinds_keep_the_filters_that_make_sense(client: Client, tree: make.Tree) -> None:
    html = show(client, f"{tree.municipalities.url}?state=NI&type=town")

    assert f'href="{tree.centres.url}?state=NI">Servicestellen</a>' in html
    assert f'href="{tree.municipalities.url}?kind=all&amp;state=NI">Beide auf einer Karte</a>' in html


def test_a_place_sorts_by_distance_and_a_radius_ends_the_list(client: Client, tree: make.Tree) -> None:
    town("Kleinort", (52.9, 9.0))

    far, near = (show(client, f"{tree.municipalities.url}?near=kleinort{more}") for more in ("", "&radius=25"))

    assert listed(far) == ["Ahlen", "Cestadt", "Bedorf"]
    assert "<strong>11\u202fkm entfernt</strong>" in far
    assert listed(near) == ["Ahlen"]
    assert "1 Kommune: im Umkreis von 25 km um Kleinort (Landkreis Muster)" in near


def test_nothing_near_names_the_nearest(client: Client, tree: make.Tree) -> None:
    town("Kleinort", (50.5, 7.0))

    html = show(client, f"{tree.municipalities.url}?near=Kleinort&radius=25")

    assert listed(html) == []
    assert re.search(r"Am nächsten liegt Ahlen, \d+ km entfernt", html)
    assert f"{tree.municipalities.url}?near=Kleinort&amp;place=" in html


def test_a_name_of_several_places_gives_a_choice(client: Client, tree: make.Tree) -> None:
    first = town("Neukirch", (53.0, 9.0), county="Landkreis Eins")
    second = town("Neukirch", (48.2, 11.5), county="Landkreis Zwei", state="BY")

    asked = show(client, f"{tree.municipalities.url}?near=Neukirch&state=BY")
    chosen = show(client, f"{tree.municipalities.url}?near=Neukirch&place={second.pk}")

    assert f"?state=BY&amp;near=Neukirch&amp;place={first.pk}" in asked
    assert "Neukirch (Landkreis Zwei), Bayern" in asked
    assert "km entfernt" not in asked
    assert listed(chosen)[0] == "Bedorf"


def test_places_of_one_name_in_one_county_are_told_apart_by_size(client: Client, tree: make.Tree) -> None:
    town("Neukirch", (53.0, 9.0), population=1200)
    town("Neukirch", (48.2, 11.5), population=23456)

    html = show(client, f"{tree.municipalities.url}?near=Neukirch")

    assert "Neukirch (Landkreis Muster), Niedersachsen, 1.200 Einwohner*innen" in html
    assert "Neukirch (Landkreis Muster), Niedersachsen, 23.456 Einwohner*innen" in html


def test_a_town_and_the_union_of_its_name_are_one_place(client: Client, tree: make.Tree) -> None:
    town("Harz", (53.0, 9.0), county="", source="register", level="union")
    town("Harz", (53.01, 9.0), county="Kreis", source="register", level="municipality")

    assert "In der Nähe von: Harz (Kreis)" in show(client, f"{tree.municipalities.url}?near=harz")


@pytest.mark.parametrize("name", ["Nirgendwo", "'; DROP TABLE", "<script>", "%00", "x" * 5000, "()"])
def test_an_unknown_place_is_said_and_nothing_typed_is_lost(client: Client, tree: make.Tree, name: str) -> None:
    html = show(client, f"{tree.municipalities.url}?near={name}")

    assert listed(html) == ["Ahlen", "Bedorf", "Cestadt"]
    assert "<script>" not in html
    if name != "%00":
        assert "Einen Ort „" in html


def test_place_of_another_name_is_not_taken(client: Client, tree: make.Tree) -> None:
    stranger = town("Fremd")

    assert listed(show(client, f"{tree.municipalities.url}?near=Nirgendwo&place={stranger.pk}"))[0] == "Ahlen"


def test_own_position_is_rounded_and_asked_for_on_these_pages_only(client: Client, tree: make.Tree) -> None:
    html = show(client, f"{tree.municipalities.url}?at=48.13712,11.57543&radius=50")

    assert listed(html) == ["Bedorf"]
    assert 'name="at" value="48.14,11.58"' in html
    assert "48.13712" not in html
    assert "geolocation=(self)" in client.get(tree.centres.url).headers["Permissions-Policy"]
    for page in (tree.home, tree.knowledge):
        assert "geolocation=()" in client.get(page.url).headers["Permissions-Policy"]


@pytest.mark.parametrize("at", ["0,0", "52.5", "a,b", "52.5,13.4,1", "1e3,1", "-52.5,13.4", "²,³"])
def test_a_position_elsewhere_is_ignored(at: str) -> None:
    assert Wanted.read(QueryDict(f"at={at}"), "municipality").is_plain


def test_answered_questions_are_not_indexed(client: Client, tree: make.Tree) -> None:
    robots = '<meta name="robots" content="noindex, follow">'

    assert robots in client.get(f"{tree.municipalities.url}?state=NI").content.decode()
    assert robots not in client.get(f"{tree.municipalities.url}?state=XX").content.decode()


def test_former_members_are_not_on_the_map(client: Client, tree: make.Tree) -> None:
    make.make_profile(tree, municipality=town("Ehemals"), member_status="former")

    assert "Ehemals" not in show(client, tree.municipalities.url)


def test_distance_is_that_of_the_globe() -> None:
    assert round(kilometres(BERLIN, MUNICH)) == 504
    assert kilometres(MUNICH, MUNICH) == 0


def test_english_directory_speaks_english(client: Client, tree: make.Tree) -> None:
    english = tree.municipalities.get_translations().get(locale__language_code="en")
    profile = tree.municipalities.get_children().specific().first()
    make.translate(profile, title="Ahlen town")
    town("Kleinort", (52.9, 9.0))

    html = show(client, f"{english.url}?near=Kleinort&state=NI")

    assert "1 municipality: Lower Saxony, the nearest to Kleinort (Landkreis Muster) first" in html
    assert "11\u202fkm away" in html
    assert listed(html) == ["Ahlen town"]


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ("state=NI&service=funding", True),
        ("at=48.14,11.58", False),
        ("near=Ahlen", False),
        ("near=Ahlen&place=1", False),
    ],
)
def test_where_somebody_is_stays_in_no_cache(query: str, is_kept: bool) -> None:
    assert (marking.normal_query(query) is not None) is is_kept
