"""Links in running text lead to the page in the reader's language."""

from __future__ import annotations

import pytest
from django.test import Client

from cms import version
from tests.factories import pages as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]


def linking(key: object) -> list[dict[str, str]]:
    return [{"type": "paragraph", "value": f'<p><a linktype="page" id="{key}">Mehr</a></p>'}]


def test_link_leads_to_the_translation_and_without_one_to_the_chosen_page(client: Client) -> None:
    tree = make.make_tree()
    target = make.make_standard(tree, slug="ziel")
    page = make.make_standard(tree, body=linking(target.pk))
    other = make.translate(page, slug="here")
    only_german = client.get(other.url).content.decode()
    make.translate(target, slug="target")
    version.forget()

    assert '<a href="/de/ziel/">Mehr</a>' in client.get(page.url).content.decode()
    assert '<a href="/de/ziel/">Mehr</a>' in only_german
    assert '<a href="/en/target/">Mehr</a>' in client.get(other.url).content.decode()


def test_link_to_a_draft_translation_stays_with_the_live_page(client: Client) -> None:
    tree = make.make_tree()
    target = make.make_standard(tree, slug="ziel")
    make.translate(target, slug="secret").unpublish()
    other = make.translate(make.make_standard(tree, body=linking(target.pk)))

    html = client.get(other.url).content.decode()

    assert '<a href="/de/ziel/">Mehr</a>' in html
    assert "secret" not in html


@pytest.mark.parametrize("key", [999_999, "", "x"])
def test_link_to_nowhere_is_no_error(client: Client, key: object) -> None:
    page = make.make_standard(make.make_tree(), body=linking(key))

    assert "<a>Mehr</a>" in client.get(page.url).content.decode()
