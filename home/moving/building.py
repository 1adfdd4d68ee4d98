"""Makes or renews the page of one line and publishes it with what it has, with everything that follows a publish."""

from __future__ import annotations

import re
import uuid
from functools import partial
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.shared import shared_fields
from home.moving.completing import gaps
from home.moving.context import Context
from home.moving.kinds import PAGES, PageKind, writable_fields
from home.moving.lines import LineError
from home.moving.references import find_municipality, find_steps, find_topics
from home.moving.runs import write_runs
from home.moving.values import moment, set_value
from trainings.models import OfferPage

MAX_TEASER = 300
SPACE = re.compile(r"[ \t\r\n]+")  # a space that does not break is meant
FACTS_OF_PICTURES = ("title", "credit", "licence", "alt_de", "alt_en")
FACTS_OF_FILES = ("title", "title_en", "language", "licence", "accessible")


class PublishImported(PublishPageRevisionAction):
    """Publish like an editor, but with the gaps that an imported page may have."""

    def __init__(self, revision: Any, *, gaps: list[str], **kwargs: Any) -> None:
        super().__init__(revision, **kwargs)
        self.object.full_clean = partial(self.object.full_clean, exclude=gaps)


def fill(page: Any, context: Context) -> None:
    """Write what the line says into the page; what it does not say stays."""
    data, kind = context.line.data, PAGES[context.line.kind]
    page.title = page.draft_title = str(data["title"]).strip()
    _fill_summary(page, data, context)
    _fill_facts(page, data, context)
    _fill_text(page, data, kind, context)
    _fill_fields(page, data.get("fields", {}), context)


def _fill_summary(page: Any, data: dict[str, Any], context: Context) -> None:
    if "summary" in data:
        summary = SPACE.sub(" ", str(data["summary"])).strip()
        if len(summary) > MAX_TEASER:
            summary = summary[: MAX_TEASER - 1].rsplit(" ", 1)[0] + "…"
            context.notes.append(_("summary cut to %(most)s characters") % {"most": MAX_TEASER})
        page.teaser = summary
    if "image" in data:
        given = data["image"] if isinstance(data["image"], dict) else {"path": data["image"]}
        facts = _chosen(given, FACTS_OF_PICTURES)
        page.image = context.file("image", str(given.get("path", "")).removeprefix("file:"), facts)
        page.image_alt = str(given.get("alt", page.image_alt or ""))


def _fill_facts(page: Any, data: dict[str, Any], context: Context) -> None:
    if "step" in data and hasattr(page, "steps"):
        page.steps.set(find_steps(data["step"]))
    elif "step" in data and hasattr(page, "step_id"):
        page.step = find_steps(data["step"])[0]
    if "topics" in data and hasattr(page, "topics"):
        page.topics.set(find_topics(data["topics"], unknown=context.unknown))
    if hasattr(page, "municipality_id"):
        named = data.get("municipality") or (data["title"] if context.line.kind == "municipality" else None)
        if named and (page.municipality_id is None or "municipality" in data):
            page.municipality = find_municipality(named, state=data.get("state", ""), unknown=context.unknown)


def _fill_text(page: Any, data: dict[str, Any], kind: PageKind, context: Context) -> None:
    if "date" in data:
        _fill_date(page, str(data["date"]), kind.date)
    blocks = context.blocks(data["body"]) if "body" in data and kind.body else None
    documents = [_document(entry, context) for entry in _as_list(data.get("files"))]
    if documents and hasattr(page, "files"):
        page.files = [{"type": "file", "value": pk} for pk in documents]
    elif documents and kind.body:
        item = [{"type": "item", "value": pk, "id": str(uuid.uuid4())} for pk in documents]
        blocks = [*(blocks or []), {"type": "download", "value": item}]
    if blocks is not None:
        setattr(page, kind.body, blocks)


def _fill_date(page: Any, date: str, name: str) -> None:
    try:
        day = moment(date)
    except ValueError as error:
        raise LineError(f"date: {error}") from error
    if name:
        setattr(page, name, timezone.localtime(day).date())
    if page.first_published_at is None and day <= timezone.now():
        page.first_published_at = day


def _document(entry: Any, context: Context) -> int:
    given = entry if isinstance(entry, dict) else {"path": entry}
    facts = _chosen(given, FACTS_OF_FILES)
    return int(context.file("document", str(given.get("path", "")).removeprefix("file:"), facts).pk)


def _chosen(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: str(given[name]) for name in names if given.get(name) is not None}


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def _fill_fields(page: Any, values: dict[str, Any], context: Context) -> None:
    known = writable_fields(type(page))
    for name, value in values.items():
        if name in known and name != "slug":
            set_value(page, known[name], value, context)


def take_over_facts(page: Any) -> None:
    """Begin a new translation with the facts of its sibling, so that a line that omits them does not empty them."""
    siblings = type(page).objects.filter(translation_key=page.translation_key, latest_revision__isnull=False)
    sibling = siblings.exclude(pk=page.pk).order_by("pk").first()
    for name in shared_fields(page) if sibling is not None else ():
        field = page._meta.get_field(name)
        if isinstance(field, ClusterTaggableManager | models.ManyToManyField):
            getattr(page, name).set(list(getattr(sibling, name).all()))
        elif not (name == "date" and getattr(page, name, None) is None):
            setattr(page, name, getattr(sibling, name))


def release(page: Any, context: Context) -> Any:
    """Check the saved page, publish it (or keep it a draft), and make its runs; return it as it is then."""
    data, open_gaps = context.line.data, gaps(page)
    validate(page, open_gaps)
    if page.first_published_at is not None:
        Page.objects.filter(pk=page.pk, first_published_at=None).update(first_published_at=page.first_published_at)
    revision = page.save_revision(clean=False, log_action=True)
    if data.get("live", True):
        PublishImported(revision, gaps=open_gaps).execute(skip_permission_checks=True)
    elif page.live:
        page.unpublish()
    if data.get("runs") and isinstance(page, OfferPage):
        context.notes.extend(
            _("run %(number)s exists and stays as it is") % {"number": number}
            for number in write_runs(page, data["runs"])
        )
    return type(page).objects.get(pk=page.pk)


def validate(page: Any, open_gaps: list[str]) -> None:
    """Raise LineError for what the editor's form would refuse, gaps excepted."""
    try:
        page.full_clean(exclude=open_gaps)
        for field in page._meta.get_fields():
            if isinstance(field, StreamField) and len(value := getattr(page, field.name)):
                field.stream_block.clean(value)
    except ValidationError as error:
        raise LineError("; ".join(_reasons(error))) from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise LineError(_("A block has the wrong form.")) from error
    for name, most in page.at_most.items():
        if len(getattr(page, name).all()) > most:
            raise LineError(f"{name}: " + _("Choose at most %(most)s.") % {"most": most})


def _reasons(error: ValidationError) -> list[str]:
    if hasattr(error, "error_dict"):
        return [
            ("" if name == NON_FIELD_ERRORS else f"{name}: ") + " ".join(problem.messages)
            for name, problem in ((name, ValidationError(found)) for name, found in error.error_dict.items())
        ]
    if hasattr(error, "as_json_data"):
        return list(dict.fromkeys(_texts(error.as_json_data())))
    return list(error.messages)


def _texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [str(data)]


def unknown_fields(data: dict[str, Any]) -> list[str]:
    """Return the names in `fields` that the page type does not have."""
    return sorted(set(data.get("fields", {})) - set(writable_fields(PAGES[data["kind"]].model)))
