"""What visitors get of the search: facets that tell the truth, ways on, completion, feed and API, in both languages."""

from __future__ import annotations

import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms import version
from search import counting, terms
from search.models import Promotion, SearchTerm
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


@pytest.fixture
def tree():
    tree = make.make_tree()
    rich = {"situation": "<p>Der Bus fuhr nicht nach Lyon.</p>"}
    make.make_practice(tree, title="Kranichbus", steps=[make.step("allies")], topics=[make.topic("rural")], **rich)
    make.make_practice(tree, title="Nachtbus", steps=[make.step("plan")], topics=[make.topic("rural")], **rich)
    make.make_material(tree, title="Bus und Plan", steps=[make.step("plan")], topics=[make.topic("planning")])
    return tree


def main(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def count_of(html: str, name: str, value: str) -> int:
    found = re.search(rf'name="{name}" value="{value}"[^>]*>.*?\((\d+)\)', html)
    assert found, f"no option {name}={value}"
    return int(found[1])


def test_facets_are_counted_without_their_own_choice(client, tree):
    html = main(client, "/de/suche/?q=Bus&step=plan")

    assert "2 Treffer für „Bus“" in html
    assert [count_of(html, "step", code) for code in ("allies", "plan", "pr")] == [1, 2, 0]
    assert count_of(html, "kind", "good_practice") == 1
    assert "Kranichbus</" not in html


def test_chosen_filters_can_be_removed_one_by_one(client, tree):
    html = main(client, "/de/suche/?q=Bus&step=plan&step=allies&page=1")

    assert 'href="?q=Bus&amp;step=allies"' in html
    assert 'href="?q=Bus&amp;step=plan"' in html


@pytest.mark.parametrize(
    "parameter", ["step=evil", "step=%00", "kind=x&topic=<b>", "page=99999999", "sort=evil", "when=x"]
)
def test_unknown_values_are_ignored(client, tree, parameter):
    assert "3 Treffer" in main(client, f"/de/suche/?q=Bus&{parameter}")


def test_the_found_words_are_marked_and_the_text_is_escaped(client, tree):
    make.make_practice(tree, title="Zug <b>nach</b> Lyon", situation="<p>Schienen &amp; Schwellen.</p>")

    html = main(client, "/de/suche/?q=Schwelle")

    assert "<mark>Schwellen</mark>" in html
    assert "Schienen &amp; " in html
    assert "<b>nach</b>" not in html


def test_nothing_found_leads_on(client, tree):
    html = main(client, "/de/suche/?q=Kranichbuss&step=pr")

    assert "1 Treffer ohne die Filter" in html
    assert "Meinten Sie" in html
    assert ">kranichbus</a>" in html.lower()


def test_hits_of_the_other_language_are_one_link_away(client, tree):
    page = make.make_practice(tree, title="Brückenbau")
    make.translate(page, title="Bridge building")

    assert "1 hit in German" in main(client, "/en/search/?q=Brückenbau")
    assert "auf Englisch" not in main(client, "/de/suche/?q=Brückenbau")


def test_promoted_pages_come_first(client, tree):
    page = make.make_practice(tree, title="Ganz anderes")
    Promotion.objects.create(locale="de", words="Busse", page=page)

    html = main(client, "/de/suche/?q=Bus")

    assert html.index("Ganz anderes") < html.index("Kranichbus") or html.index("Ganz anderes") < html.index("Nachtbus")


def test_shelves_hold_their_own_kind_only(client, tree):
    assert "Bus und Plan" not in main(client, "/de/wissen/praxis/")
    assert "Nachtbus" not in main(client, "/de/wissen/materialien/?q=Bus")
    assert "2 Beiträge" in main(client, "/de/wissen/thema/rural/")


def test_catalogue_shows_coming_offers_and_past_ones_apart(client, tree):
    make.make_run(make.make_training(tree, title="Bald"), starts_in=30)
    make.make_run(make.make_training(tree, title="Vorbei"), starts_in=-30)

    coming = main(client, "/de/angebote/")
    past = main(client, "/de/angebote/?when=past")

    assert ("Bald" in coming, "Vorbei" in coming) == (True, False)
    assert ("Bald" in past, "Vorbei" in past) == (False, True)


def test_catalogue_by_month_has_a_heading_for_each(client, tree):
    run = make.make_run(make.make_training(tree, title="Bald"), starts_in=30)
    later = make.make_run(make.make_training(tree, title="Später"), starts_in=100)

    html = main(client, "/de/angebote/?view=month")

    headings = re.findall(r'id="month-(\d{4}-\d\d)"', html)
    assert headings == [f"{run.first_day:%Y-%m}", f"{later.first_day:%Y-%m}"]


def test_seats_of_the_list_are_those_of_the_database(client, tree):
    from trainings.models import Pool

    run = make.make_run(make.make_training(tree, title="Bald"), seats=5)
    assert "Ausgebucht" not in main(client, "/de/angebote/")
    Pool.objects.filter(run=run).update(places_taken=5)

    assert "Ausgebucht" in main(client, "/de/angebote/")


def test_completion_offers_titles_topics_and_words(client, tree):
    answer = client.get("/de/suche/ergaenzen/?q=kran").json()["items"]

    assert answer[0] == {"text": "Kranichbus", "kind": "title", "url": "/de/wissen/kranichbus/"} or (
        answer[0]["text"] == "Kranichbus" and answer[0]["kind"] == "title"
    )
    topics = client.get("/de/suche/ergaenzen/?q=ländl").json()["items"]
    assert [one["url"] for one in topics if one["kind"] == "topic"] == ["/de/suche/?topic=rural"]


@pytest.mark.parametrize("query", ["", "%00", "a" * 5000, '"', "(", "😀"])
def test_completion_survives_anything(client, tree, query):
    assert client.get("/de/suche/ergaenzen/", {"q": query}).status_code == 200


def test_feed_of_a_search_has_its_hits(client, tree):
    text = client.get("/de/suche/feed/?q=Bus&step=plan").content.decode()

    assert text.count("<entry>") == 2
    assert "Kranichbus" not in text


def test_api_gives_the_same_answer_as_the_page(client, tree):
    data = client.get("/api/search/?q=Bus&step=plan").json()

    assert (data["total"], data["page"], data["pages"]) == (2, 1, 1)
    assert {hit["title"] for hit in data["hits"]} == {"Nachtbus", "Bus und Plan"}
    steps = {value["code"]: value["count"] for value in data["facets"]["step"]}
    assert steps["allies"] == 1
    assert client.get("/api/search/?lang=xx").status_code == 400
    description = client.get("/api/search/openapi.json").json()
    assert description["openapi"] == "3.1.0"
    assert "step" in json.dumps(description)


def test_private_and_unpublished_pages_are_gone_at_once(client, tree):
    from wagtail.models import PageViewRestriction

    page = make.make_practice(tree, title="Geheimbus")
    assert "Geheimbus</" in main(client, "/de/suche/?q=Geheimbus").replace("</mark>", "</").replace("<mark>", "")
    PageViewRestriction.objects.create(page=page, restriction_type="login")

    for address in ("/de/suche/?q=Geheimbus", "/de/wissen/praxis/?q=Geheimbus", "/api/search/?q=Geheimbus"):
        assert "Geheimbus" not in client.get(address).content.decode().replace("q=Geheimbus", "").replace(
            "„Geheimbus“", ""
        ).replace('value="Geheimbus"', "").replace("Suche: Geheimbus", "").replace('"query": "Geheimbus"', "")


def test_editors_see_frequent_and_vain_searches_but_no_rare_ones(admin_client, client, tree):
    for _time in range(3):
        client.get("/de/suche/?q=Zeppelin")
        client.get("/de/suche/?q=Bus")
    client.get("/de/suche/?q=Mustermann")
    counting.flush()

    html = admin_client.get("/admin/searches/").content.decode()

    assert ("zeppelin" in html, "bus" in html, "mustermann" in html) == (True, True, False)
    assert [row["text"] for row in terms.in_vain("de")] == ["zeppelin"]
    assert SearchTerm.objects.get(text="zeppelin").month == timezone.localdate().replace(day=1)


def test_editor_without_rights_sees_no_searches(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("plain"))

    assert client.get("/admin/searches/").status_code in (302, 403)


def queries_of(client: Client, address: str) -> int:
    version.forget()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


@pytest.mark.parametrize("address", ["/de/suche/?q=Bus", "/de/wissen/", "/en/search/?q=bus"])
def test_query_count_does_not_grow_with_the_hits(client, tree, address):
    make.translate(make.make_practice(tree, title="Bus"), title="Bus")
    few = queries_of(client, address)
    for number in range(6):
        page = make.make_practice(tree, title=f"Bus {number}", steps=[make.step("allies")])
        make.translate(page, title=f"Bus {number}")

    assert few == queries_of(client, address) <= 12
