"""Blocks: each has a preview for editors in the look of the site, and refuses what readers could not use."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from cms.blocks import AUDIO, VIDEO, AudioBlock, BodyBlock, HeadedTableBlock, VideoBlock
from cms.models import CustomDocument, User
from knowledge.models.service_centres import OpeningBlock

pytestmark = pytest.mark.django_db
BLOCKS = BodyBlock().child_blocks
PREVIEWED = [name for name, block in BLOCKS.items() if block.is_previewable]


def document(name: str) -> CustomDocument:
    return CustomDocument.objects.create(title=name, file=ContentFile(b"x", name))


@pytest.mark.parametrize("name", PREVIEWED)
def test_preview_shows_the_block_in_the_look_of_the_site(client: Client, name: str) -> None:
    client.force_login(User.objects.create_superuser("admin", password="x" * 12))

    answer = client.get(reverse("wagtailadmin_block_preview"), {"id": BLOCKS[name].definition_prefix})

    assert answer.status_code == 200
    assert "/static/css/site" in answer.content.decode()


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_says_what_it_is_for(name: str) -> None:
    assert str(BLOCKS[name].meta.description or BLOCKS[name].get_description())
    assert BLOCKS[name].meta.template.startswith("blocks/")


def test_files_that_media_blocks_take_may_be_uploaded() -> None:
    assert {*AUDIO, *VIDEO, "vtt"} <= set(settings.WAGTAILDOCS_EXTENSIONS)


def media(**values: Any) -> dict[str, Any]:
    return {"title": "Stimmen", "transcript": "<p>Gesprochen wird …</p>", **values}


@pytest.mark.parametrize(
    ("block", "value", "wrong"),
    [
        (AudioBlock(), {"file": "film.mp4"}, "file"),
        (VideoBlock(), {"file": "ton.mp3", "captions": "u.vtt"}, "file"),
        (VideoBlock(), {"file": "film.mp4", "captions": "u.txt"}, "captions"),
        (VideoBlock(), {"file": "film.mp4"}, "captions"),
        (AudioBlock(), {"file": "ton.mp3", "transcript": ""}, "transcript"),
    ],
)
def test_media_without_what_everybody_needs_is_refused(block: Any, value: dict[str, str], wrong: str) -> None:
    files = {name: document(text) for name, text in value.items() if name != "transcript"}
    texts = {name: text for name, text in value.items() if name == "transcript"}

    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python({**media(**texts), **{name: file.pk for name, file in files.items()}}))

    assert wrong in error.value.block_errors  # type: ignore[attr-defined]  # Wagtail's own error class


def test_complete_video_is_taken() -> None:
    block = VideoBlock()
    value = media(file=document("film.mp4").pk, captions=document("u.vtt").pk)

    assert block.clean(block.to_python(value))["title"] == "Stimmen"


@pytest.mark.parametrize(("choice", "is_taken"), [("row", True), ("column", True), ("both", True), ("neither", False)])
def test_table_needs_a_header(choice: str, *, is_taken: bool) -> None:
    table = {
        "data": [["Jahr", "Fahrten"], ["2026", "3"]],
        "table_header_choice": choice,
        "first_row_is_table_header": choice in ("row", "both"),
        "first_col_is_header": choice in ("column", "both"),
    }

    if is_taken:
        assert HeadedTableBlock().clean(table)["data"][1] == ["2026", "3"]
    else:
        with pytest.raises(ValidationError, match="Kopfzeile"):
            HeadedTableBlock().clean(table)


def test_centre_does_not_close_before_it_opens() -> None:
    block = OpeningBlock()

    with pytest.raises(ValidationError) as error:
        block.clean(block.to_python({"day": "1", "opens": "14:00", "closes": "12:00"}))

    assert "closes" in error.value.block_errors  # type: ignore[attr-defined]  # Wagtail's own error class
