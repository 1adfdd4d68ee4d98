"""External content by consent: whose addresses are taken, what a page loads by itself, and what its policy allows."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms.blocks import BodyBlock
from cms.embeds import ConsentEmbedBlock, providers, recognise
from tests.factories import pages as make

FRAMES = {
    "https://umap.openstreetmap.de/de/map/partner_17#6/51/10": "https://umap.openstreetmap.de/de/map/partner_17?",
    "https://umap.openstreetmap.fr/fr/map/kommune-goes-international_4242": (
        "https://umap.openstreetmap.fr/fr/map/kommune-goes-international_4242?"
    ),
    "https://www.openstreetmap.org/#map=12/52.10/9.20": (
        "https://www.openstreetmap.org/export/embed.html?bbox=9.11211,52.05605,9.28789,52.14395&layer=mapnik"
    ),
    "https://www.openstreetmap.org/export/embed.html?bbox=9.1%2C52.0%2C9.3%2C52.2&layer=mapnik&marker=52.1%2C9.2": (
        "https://www.openstreetmap.org/export/embed.html?bbox=9.1,52.0,9.3,52.2&layer=mapnik&marker=52.1,9.2"
    ),
    "https://www.openstreetmap.org/?mlat=50.7&mlon=7.1#map=15/50.7/7.1": (
        "https://www.openstreetmap.org/export/embed.html?bbox=7.08901,50.69451,7.11099,50.70549&layer=mapnik&marker=50.7,7.1"
    ),
    "https://www.youtube.com/watch?list=PL1&v=abc_DEF-123&t=30": "https://www.youtube-nocookie.com/embed/abc_DEF-123?",
    "https://youtu.be/abc_DEF-123?si=x": "https://www.youtube-nocookie.com/embed/abc_DEF-123?",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
}
HOSTILE = (
    "http://www.youtube.com/watch?v=abc_DEF-123",
    "https://www.youtube.com.evil.example/watch?v=abc_DEF-123",
    "https://www.youtube.com@evil.example/watch?v=abc_DEF-123",
    "https://evil.example/https://youtu.be/abc_DEF-123",
    "https://youtu.be:8443/abc_DEF-123",
    "https://youtu.be/abc_DEF-12",
    "https://youtu.be/abc_DEF-123\n",
    'https://youtu.be/abc_DEF-12"onload=alert(1)',
    "https://umap.openstreetmap.de/de/map/../../login_1",
    "https://umap.openstreetmap.de/de/user/login",
    "https://www.openstreetmap.org/export/embed.html?bbox=javascript:1,2,3,4",
    "javascript:alert(1)//youtu.be/abc_DEF-123",
    "https://[youtu.be/abc_DEF-123",
    "https://youtu.be/" + "a" * 2000,
    "",
)


def value(**changes: Any) -> dict[str, Any]:
    return {
        "address": "https://umap.openstreetmap.de/de/map/partner_17",
        "title": "Karte der Partner",
        "purpose": "Zeigt unsere Partner.",
        "alternative": "<ul><li>Lyon</li></ul>",
        **changes,
    }


@pytest.mark.parametrize(("address", "frame"), FRAMES.items())
def test_address_becomes_a_frame(address: str, frame: str) -> None:
    found = recognise(address)

    assert found is not None
    assert found[1].startswith(frame)


@pytest.mark.parametrize("address", HOSTILE)
def test_hostile_address_is_refused(address: str) -> None:
    assert recognise(address) is None


def test_error_stands_at_the_address_and_names_the_providers() -> None:
    block = ConsentEmbedBlock()

    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python(value(address="https://evil.example/map")))

    message = str(error.value.block_errors["address"].messages[0])  # type: ignore[attr-defined]  # Wagtail's own error
    assert all(provider.name in message for provider in providers().values())


@pytest.mark.parametrize("name", ["title", "purpose", "alternative"])
def test_nothing_a_reader_without_the_frame_needs_may_be_missing(name: str) -> None:
    block = ConsentEmbedBlock()

    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python(value(**{name: ""})))

    assert list(error.value.block_errors) == [name]  # type: ignore[attr-defined]  # Wagtail's own error


@pytest.mark.django_db(transaction=True)
def test_page_loads_nothing_and_opens_its_policy_for_its_own_provider_only(client: Client) -> None:
    tree = make.make_tree()
    with_map = make.make_standard(tree, title="Karte", body=[{"type": "embed", "value": value()}])
    without = make.make_standard(tree)

    client.get(with_map.url)  # from now on the text comes from memory
    answer, other = client.get(with_map.url), client.get(without.url)
    html = answer.content.decode()

    assert "frame-src https://umap.openstreetmap.de" in answer.headers["Content-Security-Policy"].split("; ")
    assert "frame-src" not in other.headers["Content-Security-Policy"]
    assert 'data-frame="https://umap.openstreetmap.de/de/map/partner_17?' in html
    assert "<iframe" not in html
    assert 'src="https:' not in html
    assert '<a href="https://umap.openstreetmap.de/de/map/partner_17" rel="external noreferrer">' in html
    assert "<li>Lyon</li>" in html


@pytest.mark.django_db
def test_block_of_a_provider_that_is_gone_keeps_its_link_and_words(client: Client) -> None:
    body = [{"type": "embed", "value": value(address="https://gone.example/map/1")}]
    page = make.make_standard(make.make_tree(), body=body)

    answer = client.get(page.url)

    assert "frame-src" not in answer.headers["Content-Security-Policy"]
    assert "data-frame" not in answer.content.decode()
    assert "<li>Lyon</li>" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "word"), [("/de/externe-inhalte/", "Externe Inhalte"), ("/en/external-content/", "External content")]
)
def test_every_page_leads_to_where_permissions_are_taken_back(client: Client, path: str, word: str) -> None:
    make.make_tree()

    html = client.get(path).content.decode()

    assert f'<a href="{path}">{word}</a>' in html
    assert html.count("data-revoke") == len(providers())
    assert "Set-Cookie" not in client.get(path).headers


def test_embed_is_one_of_the_blocks_of_every_running_text() -> None:
    assert isinstance(BodyBlock().child_blocks["embed"], ConsentEmbedBlock)
