"""What keeps an issue from being sent, each with a sentence that says what to do; and what the mail is made of."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import RequestFactory
from django.utils import timezone, translation

from cms.models import CustomImage
from home.newsletter.errors import MailingError
from home.newsletter.rendering import LEAVE, MANAGE, plain, render_issue
from home.newsletter.services import preflight, sending
from tests.factories import pages as make
from tests.factories.newsletter import make_both, make_mailing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("planted")]
FOLDER = Path(__file__).resolve().parent / "golden"
WRITES = os.environ.get("GOLDEN") == "write"


def text_block(html: str) -> dict[str, Any]:
    return {"type": "text", "value": {"title": "Aus der Praxis", "text": html}}


def teasers_block(*pages: Any) -> dict[str, Any]:
    items = [{"type": "item", "value": page.pk, "id": f"0000000{page.pk}"} for page in pages]
    return {"type": "teasers", "value": {"title": "Neu", "pages": items}}


def picture_block(alt: str, *, decorative: bool = False) -> dict[str, Any]:
    image = CustomImage.objects.create(title="Boot", credit="Jo Beispiel", file=ContentFile(PNG, "boot.png"))
    value = {"image": {"image": image.pk, "alt_text": alt, "decorative": decorative}, "caption": "Am Ufer"}
    return {"type": "picture", "value": value}


def _png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 6), "#00576d").save(out, "PNG")
    return out.getvalue()


PNG = _png()


def found(page: Any) -> list[str]:
    with translation.override("de"):
        return preflight.problems(page)


def test_a_complete_issue_may_go() -> None:
    page, _english = make_both()

    assert found(page) == []


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"subject": ""}, "Die Mail hat keinen Betreff."),
        ({"archive_only": True}, "„nur Archiv“"),
        ({"body": []}, "Die Ausgabe hat keinen Inhalt."),
        (
            {"body": [text_block('<p>Mehr <a linktype="page" id="999999">dort</a></p>')]},
            "Der Link „dort“ führt ins Leere.",
        ),
        ({"body": [text_block('<p><a href="/de/gibt-es-nicht/">hier</a></p>')]}, "Der Link „hier“ führt ins Leere."),
        ({"body": [text_block('<p><a linktype="document" id="7">Liste</a></p>')]}, "Der Link „Liste“ führt ins Leere."),
        ({"body": [text_block(f"<p>{'Sehr langer Text. ' * 6000}</p>")]}, "kB groß; erlaubt sind 100."),
    ],
)
def test_what_is_missing_is_said_in_a_sentence(fields: dict[str, Any], word: str) -> None:
    page, _english = make_both(**fields)

    assert [sentence for sentence in found(page) if word in sentence]


def test_links_that_work_are_let_through() -> None:
    practice = make.make_practice(make.make_tree())
    links = (
        f'<a linktype="page" id="{practice.pk}">a</a> <a href="/de/suche/">b</a> <a href="https://example.org">c</a>'
    )
    page, _english = make_both(
        body=[text_block(f'<p>{links} <a href="/de/wissen/">d</a> <a href="mailto:a@b.de">e</a></p>')]
    )

    assert found(page) == []


def test_a_picture_without_alternative_text_blocks_and_a_decorative_one_does_not() -> None:
    page, _english = make_both(body=[picture_block("")])
    decorative = make.make_issue(make.make_tree(), body=[picture_block("", decorative=True)], slug="zwei")
    make.translate(decorative)

    assert [sentence for sentence in found(page) if "„Boot“ hat keinen Alternativtext" in sentence]
    assert not [sentence for sentence in found(decorative) if "Alternativtext" in sentence]


def test_missing_translation_of_issue_and_of_chosen_pages_blocks() -> None:
    practice = make.make_practice(make.make_tree())
    page, english = make_both(body=[teasers_block(practice)])

    assert found(page) == []
    assert [one for one in found(english) if "„Ein Bus fährt dreimal“ ist in der Sprache der Ausgabe nicht" in one]
    english.unpublish()
    assert [one for one in found(page) if "nicht in der anderen Sprache veröffentlicht (Englisch)" in one]


def test_unpublished_and_changed_issues_block() -> None:
    page, _english = make_both()
    page.title = "Neu"
    page.save_revision()
    page.refresh_from_db()
    changed = found(page)
    page.unpublish()
    page.refresh_from_db()

    assert [one for one in changed if "Änderungen, die nicht veröffentlicht sind" in one]
    assert [one for one in found(page) if "Die Ausgabe ist nicht veröffentlicht." in one]


def test_scheduling_tells_every_problem_and_changes_nothing() -> None:
    page, _english = make_both(subject="", archive_only=True)
    mailing = make_mailing(page, started=False)

    with pytest.raises(MailingError) as error:
        sending.schedule(mailing, at=timezone.now(), actor=None)

    mailing.refresh_from_db()
    assert (mailing.state, len(error.value.sentences)) == ("draft", 3)


def rich_issue() -> tuple[Any, Any]:
    tree = make.make_tree()
    practice = make.make_practice(tree, slug="bus", teaser='Der Bus fuhr "dreimal", 27 km weit.')
    make.translate(practice, title="A bus goes three times", slug="bus", teaser="The bus went.")
    editorial = {
        "type": "editorial",
        "value": {
            "text": f'<p>Drei Kommunen <b>haben</b> beschlossen. <a linktype="page" id="{practice.pk}">Lesen Sie</a>:</p>'
            '<ul><li>erstens</li><li>zweitens <a href="https://example.org/x?a=1&amp;b=2">mit Link</a></li></ul>',
            "signature": "Ihr Team",
        },
    }
    body = [editorial, teasers_block(practice), picture_block("Ein Boot am Ufer")]
    page, english = make_both(slug="ausgabe-3", body=body)
    return page, english


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_mail_reads_as_it_was_agreed(language: str) -> None:
    page = rich_issue()[0 if language == "de" else 1]
    page.slug = "ausgabe-3"
    mail = render_issue(page)
    html = re.sub(r"/media/images/[^\"]+", "/media/images/PICTURE", mail.html)
    html = re.sub(r"/infobrief/page-\d+/", "/infobrief/PAGE/", html)
    text = re.sub(r"/infobrief/page-\d+/", "/infobrief/PAGE/", f"{mail.subject}\n\n{mail.text}")

    for name, content in ((f"issue.{language}.html", html), (f"issue.{language}.txt", text)):
        if WRITES:
            FOLDER.mkdir(exist_ok=True)
            (FOLDER / name).write_text(content)
        assert content == (FOLDER / name).read_text()


def test_the_mail_asks_no_stranger_and_counts_nobody() -> None:
    page, _english = rich_issue()

    mail = render_issue(page)

    loaded = re.findall(r'(?:src|background|srcset)="([^"]+)"|url\(([^)]+)\)|@import', mail.html)
    assert [first or second for first, second in loaded if not first.startswith("https://kgi.example/media/")] == []
    followed = set(re.findall(r'href="([^"]+)"', mail.html))
    strangers = {one for one in followed if not one.startswith(("https://kgi.example", MANAGE, LEAVE))}
    assert strangers == {"https://example.org/x?a=1&amp;b=2"}
    assert "<script" not in mail.html
    assert f'lang="{page.locale.language_code}"' in mail.html
    assert re.findall(r"<img(?![^>]*\salt=)", mail.html) == []
    assert len(mail.html.encode()) < 100_000


def test_markup_that_an_editor_typed_stays_text() -> None:
    page, _english = make_both(title="<script>alert(1)</script>", subject="Eins\r\nBcc: x@example.org")

    mail = render_issue(page)

    assert "<script>" not in mail.html
    assert mail.subject == "Eins Bcc: x@example.org"


def test_rich_text_becomes_readable_text() -> None:
    html = "<p>Eins<br/>zwei</p><ol><li>a</li><li>b</li></ol><p>Ende &amp; Schluss</p>"

    assert plain(html) == "Eins\nzwei\n\n1. a\n2. b\n\nEnde & Schluss"


@pytest.mark.parametrize("mode", ["", "mail", "text"])
def test_editors_see_page_mail_and_text_before_they_publish(mode: str) -> None:
    page, _english = rich_issue()

    shown = page.make_preview_request(preview_mode=mode).content.decode()

    assert "Ihr Team" in shown
    assert ".invalid" not in shown


def test_a_draft_is_judged_by_what_is_written_in_it() -> None:
    tree = make.make_tree()
    page = make.make_issue(tree, slug="entwurf")
    page.unpublish()
    type(page).objects.filter(pk=page.pk).update(subject="", teaser="")
    page.refresh_from_db()

    sentences = found(page)

    assert [one for one in sentences if "Die Ausgabe ist nicht veröffentlicht." in one]
    assert not [one for one in sentences if "keinen Betreff" in one]


def test_an_issue_for_the_archive_keeps_the_dates_of_its_day() -> None:
    tree = make.make_tree()
    make.make_run(make.make_training(tree, title="Werkstatt früh"))
    page = make.make_issue(tree, archive_only=True, slug="archiv")
    make.make_run(make.make_training(tree, title="Werkstatt spät"), starts_in=3)

    assert [entry.title for entry in page.get_context(RequestFactory().get("/"))["parts"][-1].entries] == [
        "Werkstatt früh"
    ]
