"""Old addresses lead to the new pages; titles become addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from knowledge.models import GoodPracticePage
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice

pytestmark = pytest.mark.usefixtures("planted")

VISITED = {
    "https://alt.example/praxis/bus.html": "/praxis/bus.html",
    "/praxis/bahn/": "/praxis/bahn/",
    "praxis/bus": "/praxis/bus",
    "https://alt.example/index.php?id=7&L=1": "/index.php?L=1&id=7",
    "/de/praxis/größe.html": "/de/praxis/gr%C3%B6%C3%9Fe.html",
    "/de/praxis/h%C3%B6he.html": "/de/praxis/h%C3%B6he.html",
    "/en/best-practice/bus": "/en/best-practice/bus",
}


def test_old_addresses_lead_to_their_pages(box: Box, tree: make.Tree) -> None:
    box.run(*(practice(visited, title=f"Bus {n}", old_url=old) for n, (old, visited) in enumerate(VISITED.items())))

    for visited in VISITED.values():
        response = Client().get(visited)
        page = GoodPracticePage.objects.get(imported__source_id=visited)
        assert (visited, response.status_code, response.headers["Location"]) == (visited, 301, page.url)


def test_several_old_addresses_and_none_twice(box: Box, tree: make.Tree) -> None:
    line = practice(old_url=["/a", "/a/", "https://alt.example/b"])
    box.run(line)
    box.run({**line, "title": "Neu"})

    assert sorted(Redirect.objects.values_list("old_path", flat=True)) == ["/a", "/b"]


def test_address_that_has_not_changed_needs_no_redirect(box: Box, tree: make.Tree) -> None:
    box.run(practice(old_url=["/de/wissen/ein-bus-fuer-alle/", "https://alt.example/"]))

    page = GoodPracticePage.objects.get()
    assert (page.url, Redirect.objects.exists()) == ("/de/wissen/ein-bus-fuer-alle/", False)


def test_address_that_leads_elsewhere_stays_and_is_named(box: Box, tree: make.Tree) -> None:
    Redirect.objects.create(old_path="/a", redirect_link="/de/")

    box.run(practice(old_url="/a"))

    assert box.said == [(1, "/a führt schon woandershin")]
    assert Redirect.objects.get().redirect_link == "/de/"


def test_what_is_no_address_is_refused(box: Box, tree: make.Tree) -> None:
    bad: list[Any] = ["javascript:alert(1)", "ftp://alt.example/x", "", "http://[", 7, "/x" * 500, "//"]

    result = box.run(*(practice(str(number), old_url=[old]) for number, old in enumerate(bad)))

    assert (result.made, result.failed, Redirect.objects.exists()) == (0, len(bad), False)


def test_links_of_the_old_site_are_read_from_its_address(box: Box, tree: make.Tree) -> None:
    text = "<p><a href='zug.html'>Zug</a> <a href='../x?y=1'>X</a> <a href='#unten'>u</a> <a href='mailto:a@b.example'>m</a></p>"

    box.run(practice(old_url="https://alt.example/praxis/bus.html", body=text))

    assert GoodPracticePage.objects.get().how[0].value.source == (
        '<p><a href="/praxis/zug.html">Zug</a> <a href="/x?y=1">X</a> <a href="#unten">u</a> '
        '<a href="mailto:a@b.example">m</a></p>'
    )
