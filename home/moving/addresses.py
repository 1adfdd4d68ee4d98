"""Addresses: the new one of an imported page, and the old ones that lead to it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from home.moving.lines import LineError
from knowledge.models.topics import SHELF_SLUGS

TRANSLITERATED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
MAX_SLUG = 200


def free_slug(wanted: str, parent: Page) -> str:
    """Return an address that no page below the parent has: the wanted one, or with the next free number."""
    base = slugify(wanted.translate(TRANSLITERATED))[:MAX_SLUG].strip("-") or "seite"
    siblings = Page.objects.child_of(parent).filter(slug__startswith=base).values_list("slug", flat=True)
    taken = {slug for slug in siblings if re.fullmatch(rf"{re.escape(base)}(-\d+)?", slug)} | SHELF_SLUGS
    if base not in taken:
        return base
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"


def old_paths(urls: Any) -> list[str]:
    """Return the paths of old addresses, given whole or as path. Raises LineError for what is no web address."""
    paths = []
    for url in [urls] if isinstance(urls, str) else urls or []:
        try:
            parts = urlsplit(url)
        except (ValueError, AttributeError, TypeError) as error:
            raise LineError(_("“%(url)s” is no address.") % {"url": url}) from error
        if parts.scheme not in ("", "http", "https") or (not parts.netloc and not parts.path.strip("/")):
            raise LineError(_("“%(url)s” is no address.") % {"url": url})
        paths.append(Redirect.normalise_path(url.replace("\\", "/")))
    return list(dict.fromkeys(paths))


def redirect_old(page: Page, urls: Any) -> list[str]:
    """Let old addresses lead to the page; return what an operator should know."""
    notes = []
    for path in old_paths(urls):
        if path == "/" or path == Redirect.normalise_path(page.url or "/"):
            continue  # the address has not changed
        existing = Redirect.objects.filter(old_path=path, site__isnull=True).first()
        if existing is not None and existing.redirect_page_id != page.pk:
            notes.append(_("%(path)s already leads elsewhere") % {"path": path})
        if existing is None:
            _save(Redirect(old_path=path, redirect_page_id=page.pk, is_permanent=True))
    return notes


def _save(redirect: Redirect) -> None:
    try:
        redirect.full_clean()
    except ValidationError as error:
        raise LineError(f"{redirect.old_path[:80]}: {' '.join(error.messages)}") from error
    redirect.save()
