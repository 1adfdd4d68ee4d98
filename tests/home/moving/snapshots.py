"""All that a visitor can see of a site, in a form that does not depend on the numbers of its database."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from typing import Any

LINK = re.compile(r'<a[^>]*linktype="(page|document)"[^>]*>')
NUMBER = re.compile(r'id="(\d+)"')
ELSEWHERE = {  # when and by whom, places in the tree, numbers of revisions, seats that people hold
    "places_taken",
    "places_held",
    "id",
    "page_ptr",
    "path",
    "numchild",
    "content_type",
    "latest_revision",
    "live_revision",
    "latest_revision_created_at",
    "last_published_at",
    "owner",
    "go_live_at",
    "locked_at",
    "locked_by",
}


def snapshot() -> dict[str, Any]:
    """Return pages by address with every field, runs by number, old addresses, settings and vocabularies."""
    from wagtail.contrib.redirects.models import Redirect
    from wagtail.models import Page

    from cms.models import SiteSettings
    from home.models import ContactSettings
    from knowledge.models import DevelopmentStep, FundingProgramme, Topic
    from trainings.models import Run

    pages = [page.specific for page in Page.objects.live().filter(depth__gt=1).order_by("path")]
    return {
        "pages": {page.url_path: _page(page) for page in pages},
        "menu": [page.url_path for page in pages if page.show_in_menus],
        "runs": {run.number: _run(run) for run in Run.objects.published()},
        "old": {row.old_path: row.redirect_page.url_path for row in Redirect.objects.exclude(redirect_page=None)},
        "rows": [_plain(row) for model in (DevelopmentStep, FundingProgramme, Topic) for row in model.objects.all()],
        "settings": [_plain(SiteSettings.load()), _plain(ContactSettings.load())],
    }


def _page(page: Any) -> dict[str, Any]:
    return {"type": page._meta.label, **_plain(page)}


def _run(run: Any) -> dict[str, Any]:
    parts = {name: [_plain(row) for row in getattr(run, name).order_by("pk")] for name in ("sessions", "pools")}
    return {**_plain(run), **parts}


def _plain(row: Any) -> dict[str, Any]:
    from wagtail.fields import RichTextField, StreamField

    found = {}
    for field in row._meta.get_fields():
        if field.auto_created or field.one_to_many or field.name in ELSEWHERE or not hasattr(row, field.name):
            continue
        value = getattr(row, field.name)
        if isinstance(field, StreamField):
            value = [_block(field.stream_block.child_blocks[b["type"]], b) for b in value.get_prep_value()]
        elif isinstance(field, RichTextField):
            value = _rich(value)
        elif hasattr(value, "all"):
            value = sorted(str(other) for other in value.all())
        elif field.is_relation:
            value = _row(value)
        found[field.name] = value
    return found


def _row(row: Any) -> Any:
    from wagtail.models import Page

    if row is None:
        return None
    if isinstance(row, Page):
        return row.url_path
    if hasattr(row, "file"):
        with row.file.open("rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        return [digest, row.title, *(getattr(row, n, "") for n in ("credit", "licence", "language", "accessible"))]
    return str(row)


def _rich(source: str) -> str:
    from wagtail.models import Page

    from cms.models import CustomDocument

    def named(match: re.Match[str]) -> str:
        number = NUMBER.search(match[0])
        model: Any = Page if match[1] == "page" else CustomDocument
        return f"<a {_row(model.objects.get(pk=number[1]))}>" if number else match[0]

    return re.sub(r"\s*\n\s*", "", re.sub(r"<br\s*/?>", "<br/>", LINK.sub(named, source)))


def _block(block: Any, item: dict[str, Any]) -> Any:
    return [item["type"], _value(block, item["value"])]


def _value(block: Any, value: Any) -> Any:
    from wagtail import blocks
    from wagtail.images.blocks import ImageBlock

    if isinstance(block, ImageBlock) and not (value or {}).get("image"):
        return None  # however a missing picture was written down
    if isinstance(block, blocks.RichTextBlock):
        return _rich(value)
    if isinstance(block, blocks.BaseStructBlock):
        return {name: _value(child, value.get(name)) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [_value(block.child_block, item["value"]) for item in value]
    if hasattr(block, "model_class") and value:
        return _row(block.model_class.objects.filter(pk=value).first())
    return block.get_prep_value(block.to_python(value)) if isinstance(block, blocks.TimeBlock) else value


if __name__ == "__main__":
    import django

    django.setup()
    json.dump(snapshot(), sys.stdout, default=str, sort_keys=True)
