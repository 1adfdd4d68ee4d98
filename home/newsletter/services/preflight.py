"""What has to be right before an issue may go out: each problem is a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model
from wagtail.models import Page

from cms.routing import home_paths
from home.newsletter.content import own_pages
from home.newsletter.models import InfobriefPage, Subscriber
from home.newsletter.rendering import render_issue

LARGEST = 100_000  # bytes; some mail programs cut off what is longer
SHORTEST_TEXT = 60


def problems(page: InfobriefPage) -> list[str]:
    """Return what keeps an issue from being sent, in the active language; an empty list lets it go.

    Of an issue that was never published the newest draft is looked at: it is what publishing it would send.
    """
    content = page if page.live else page.get_latest_revision_as_object()
    found = [str(problem) for problem in _state(page)]
    return found + [str(problem) for check in (_texts, _pictures, _pages, _links, _mail) for problem in check(content)]


def _state(page: InfobriefPage) -> Iterator[str]:
    if page.archive_only:
        yield _("The issue is marked “archive only”. Take the mark away to send it.")
    if not page.live:
        yield _("The issue is not published. Publish it: the mail links to its page in the archive.")
    elif page.has_unpublished_changes:
        yield _("There are changes that are not published. Publish them or take them back: what is published is sent.")
    elif not Page.objects.filter(pk=page.pk).public().exists():
        yield _("The page of the issue is private. Make it public: the mail links to it.")
    other = "en" if page.locale.language_code == "de" else "de"
    siblings = Page.objects.filter(translation_key=page.translation_key, live=True, alias_of__isnull=True)
    if not siblings.filter(locale__language_code=other).exists():
        name = _("English") if other == "en" else _("German")
        yield _(
            "The issue is not published in %(language)s. Translate and publish it: readers chose their language."
        ) % {"language": name}


def _texts(page: InfobriefPage) -> Iterator[str]:
    if not page.subject.strip():
        yield _("The mail has no subject. Write one at the issue: what is in it, in about 50 characters.")
    if not page.teaser.strip():
        yield _("“In short” is empty. Write it: mail programs show it behind the subject.")
    if not list(page.body):
        yield _("The issue has no content. Add at least one block.")


def _pictures(page: InfobriefPage) -> Iterator[str]:
    for block in page.body:
        image = block.value["image"] if block.block_type == "picture" else None
        if image is not None and not image.decorative and not (image.contextual_alt_text or "").strip():
            yield _("The picture “%(title)s” has no alternative text. Say what it shows, or mark it as decorative.") % {
                "title": image.title
            }
        if block.block_type == "picture" and image is None:
            yield _("A picture was deleted. Choose another one or remove the block.")


def _pages(page: InfobriefPage) -> Iterator[str]:
    for block in page.body:
        if block.block_type != "teasers":
            continue
        title, chosen = block.value["title"], list(block.value["pages"])
        if None in chosen:
            yield _("Under “%(title)s” a chosen page was deleted. Choose another one.") % {"title": title}
        wanted = [one for one in chosen if one is not None]
        found = {one.translation_key for one in own_pages([one.pk for one in wanted], page)}
        for one in wanted:
            if one.translation_key not in found:
                yield _(
                    "“%(page)s” is not published in the language of the issue. Publish it or choose another page."
                ) % {"page": one.title}


def _links(page: InfobriefPage) -> Iterator[str]:
    for block in page.body:
        if block.block_type not in ("editorial", "text"):
            continue
        for link in BeautifulSoup(block.value["text"].source, "html.parser").find_all("a"):
            if not _works(link, page):
                yield _("The link “%(words)s” leads nowhere. Choose a page that is published, or remove the link.") % {
                    "words": link.get_text() or link.get("href", "")
                }


def _works(link: Any, page: InfobriefPage) -> bool:
    """Return whether a link leads somewhere; addresses of other sites are not asked."""
    key = str(link.get("id", ""))
    if link.get("linktype") == "page":
        return key.isdecimal() and bool(own_pages([int(key)], page))
    if link.get("linktype") == "document":
        return key.isdecimal() and get_document_model().objects.filter(pk=key).exists()
    address = str(link.get("href", ""))
    if address.startswith(settings.SITE_URL):
        address = address.removeprefix(settings.SITE_URL) or "/"
    return leads_somewhere(address) if address.startswith("/") else bool(urlsplit(address).scheme)


def leads_somewhere(address: str) -> bool:
    """Return whether an address of this site is a view or a live page."""
    path = unquote(urlsplit(address).path)
    language = path.split("/")[1] if path.count("/") > 1 else ""
    with translation.override(language if language in ("de", "en") else "de"):
        try:
            name = resolve(path).url_name
        except Resolver404:
            return False
        if name != "wagtail_serve":
            return True
        root = home_paths().get(language, "")
        below = path.removeprefix(f"/{language}/").strip("/")
        wanted = f"{root}{below}/" if below else root
        return Page.objects.live().filter(url_path=wanted).exists()


def _mail(page: InfobriefPage) -> Iterator[str]:
    mail = render_issue(page)
    if len(mail.text.strip()) < SHORTEST_TEXT:
        yield _("The mail has no plain text. Add a block with text.")
    size = len(mail.html.encode())
    if size > LARGEST:
        yield _(
            "The mail has %(size)s kB; at most 100 are allowed. Shorten it: longer texts are better as a news page."
        ) % {"size": size // 1000}


def no_readers(mailing: Any) -> list[str]:
    """Return a sentence where nobody would get the mailing."""
    readers = Subscriber.objects.readers(mailing.language)
    if readers.interested(mailing.steps.all(), mailing.topics.all()).exists():
        return []
    return [_("Nobody would get this mailing: there is no active reader of this language and choice.")]
