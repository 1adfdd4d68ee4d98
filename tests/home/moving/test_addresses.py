"""Old addresses lead to the new pages; titles become addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from knowledge.models import GoodPracticePage
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice

VISITED = {
    "https://alt.example/praxis/bus.html": "/praxis/bus.html",
    "/praxis/bus/": "/praxis/bus/",
    "praxis/bus": "/praxis/bus",
    "https://alt.example/index.php?id=7&L=1": "/index.php?L=1&id=7",
    "/de/praxis/größe.html": "/de/praxis/gr%C3%B6%C3%9Fe.html",
    "/de/praxis/gr%C3%B6%C3%9Fe.html": "/de/praxis/gr%C3%B6%C3%9Fe.html",
    "/en/best-practice/bus": "/en/best-practice/bus",
}


@pytest.mark.parametrize("old", VISITED)
def test_old_address_leads_to_the_page(box: Box, tree: make.Tree, old: str) -> None:
    box.run(practice(old_url=old))

    response = Client().get(VISITED[old])

    assert (response.status_code, response.headers["Location"]) == (301, GoodPracticePage.objects.get().url)


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


@pytest.mark.parametrize("old", ["javascript:alert(1)", "ftp://alt.example/x", "", "http://[", 7, "/x" * 500, "//"])
def test_what_is_no_address_is_refused(box: Box, tree: make.Tree, old: Any) -> None:
    assert box.run(practice(old_url=[old])).failed == 1
    assert not Redirect.objects.exists()


def test_links_of_the_old_site_are_read_from_its_address(box: Box, tree: make.Tree) -> None:
    text = "<p><a href='zug.html'>Zug</a> <a href='../x?y=1'>X</a> <a href='#unten'>u</a> <a href='mailto:a@b.example'>m</a></p>"

    box.run(practice(old_url="https://alt.example/praxis/bus.html", body=text))

    assert GoodPracticePage.objects.get().how[0].value.source == (
        '<p><a href="/praxis/zug.html">Zug</a> <a href="/x?y=1">X</a> <a href="#unten">u</a> '
        '<a href="mailto:a@b.example">m</a></p>'
    )
