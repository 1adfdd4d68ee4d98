"""The content that speed is measured on: the demo content, with one practice as long as the longest ones are.

`python -m tests.bench.filling` gives a practice 25 blocks with four pictures and three cards, three related practices
and its translation the same, and prints the addresses of the pages that the benchmarks ask for.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import django

PICTURES, CARDS = 4, 3
TEXT = (
    "Am Anfang stand die Frage, wer schon unterwegs ist: der Jugendring, zwei Schulen und die Partnerstadt. Der Ausschuss "
    "hat den Plan mit den Stimmen aller beschlossen, und der Kreis zahlt seitdem die Fahrt. "
)


def main() -> None:
    """Make all sizes of the pictures, as the worker does, and lengthen the practice in both languages."""
    django.setup()
    from cms.pictures import making  # models exist only now
    from knowledge.models import GoodPracticePage

    while next(making.incomplete(), None):
        making.make_missing()
    practices = list(GoodPracticePage.objects.live().filter(locale__language_code="de").order_by("pk"))
    german, others = practices[0], practices[1:]
    images = [page.image for page in others if page.image][:PICTURES]
    for page in (german, german.get_translations().get(locale__language_code="en").specific):
        page.how = json.dumps(list(blocks(others, images)))
        page.related = json.dumps([{"type": "page", "value": other.pk} for other in others[CARDS : 2 * CARDS]])
        page.save_revision().publish()
    sys.stdout.write(json.dumps(addresses(german)))


def blocks(pages: list[Any], images: list[Any]) -> Iterator[dict[str, Any]]:
    """Write 25 blocks: headings, text with links to pages, pictures, and one of each other kind."""
    for number in range(PICTURES):
        links = "".join(f'<a linktype="page" id="{page.pk}">{page.title}</a> ' for page in pages[number : number + 3])
        yield {"type": "heading", "value": f"Was wir gelernt haben, Teil {number + 1}"}
        yield {"type": "paragraph", "value": f"<p>{TEXT * 2}{links}</p><ul><li>{TEXT}</li><li>{TEXT}</li></ul>"}
        picture = {"image": images[number].pk, "alt_text": "Ein Bus am Abend", "decorative": False}
        yield {"type": "image", "value": {"image": picture, "caption": "Der Bus kurz vor der Abfahrt"}}
        yield {"type": "paragraph", "value": f"<p>{TEXT * 3}</p>"}
    point = {"title": "Früh fragen", "text": f"<p>{TEXT}</p>"}
    yield {"type": "quote", "value": {"text": TEXT, "attribution": "Jugendpflegerin"}}
    yield {"type": "steps", "value": [point] * 3}
    yield {"type": "facts", "value": [{"label": "Teilnehmende", "value": "24"}, {"label": "Tage", "value": "9"}]}
    yield {"type": "callout", "value": {"kind": "tip", **point}}
    yield {"type": "accordion", "value": [point] * 3}
    yield {"type": "table", "value": {"data": [["Jahr", "Plätze"], ["2024", "30"]], "first_row_is_table_header": True}}
    yield {"type": "paragraph", "value": f"<p>{TEXT * 3}</p>"}
    yield {"type": "link_cards", "value": [page.pk for page in pages[:CARDS]]}
    yield {"type": "paragraph", "value": f"<p>{TEXT}</p>"}


def addresses(practice: Any) -> dict[str, str]:
    """Return the address of one page of each kind in both languages."""
    from django.urls import reverse
    from django.utils import translation
    from wagtail.models import Page

    found = {}
    for kind, model in kinds().items():
        german = practice if kind == "article" else model.objects.live().filter(locale__language_code="de").first()
        for page in (german, german.get_translations().live().filter(locale__language_code="en").first()):
            own: Page = page.specific
            found[f"{kind} {page.locale.language_code}"] = own.shelf_url("practice") if kind == "listing" else own.url
    for language, word in (("de", "Plan"), ("en", "plan")):
        with translation.override(language):
            found[f"search {language}"] = f"{reverse('search')}?q={word}"
            found[f"completion {language}"] = f"{reverse('search_complete')}?q={word[:3]}"
    return {
        name: "/" + url.partition("://")[2].partition("/")[2] if "://" in url else url for name, url in found.items()
    }


def kinds() -> dict[str, Any]:
    """Return the page types by a short name, in the order of the table."""
    from home.models import HomePage, NewsPage, StandardPage
    from knowledge.models import (
        GoodPracticePage,
        KnowledgeIndexPage,
        MaterialPage,
        MunicipalityIndexPage,
        MunicipalityPage,
        ServiceCentrePage,
        StepPage,
    )
    from trainings.models import OfferIndexPage, TrainingPage

    return {
        "article": GoodPracticePage,
        "listing": KnowledgeIndexPage,
        "home": HomePage,
        "step": StepPage,
        "material": MaterialPage,
        "offer": TrainingPage,
        "offers": OfferIndexPage,
        "municipality": MunicipalityPage,
        "directory": MunicipalityIndexPage,
        "service centre": ServiceCentrePage,
        "news": NewsPage,
        "text page": StandardPage,
    }


if __name__ == "__main__":
    main()
