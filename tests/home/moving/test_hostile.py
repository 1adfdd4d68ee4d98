"""Moving in what somebody may have prepared: markup, addresses, files, paths and lines that mean harm or are broken."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.models import CustomDocument, CustomImage
from home.moving.lines import MAX_LINE, TYPES
from knowledge.models import GoodPracticePage
from tests.factories import pages as make
from tests.home.moving.conftest import Box, practice

pytestmark = pytest.mark.usefixtures("planted")

MARKUP = [
    "<p>Gut<script>alert(1)</script></p>",
    "<p onclick='alert(1)'>Gut</p>",
    "<p>Gut<img src=x onerror=alert(1)></p>",
    "<p>Gut <a href='javascript:alert(1)'>da</a></p>",
    "<p>Gut <a href='JaVa\tScript:alert(1)'>da</a></p>",
    "<p>Gut <a href='data:text/html,<script>alert(1)</script>'>da</a></p>",
    "<p>Gut <a href='vbscript:alert(1)'>da</a></p>",
    "<p>Gut<svg><script>alert(1)</script></svg></p>",
    "<p>Gut<iframe src='https://evil.example'></iframe></p>",
    "<p>Gut<style>*{background:url(javascript:alert(1))}</style></p>",
    "<p>Gut<math><mi xlink:href='javascript:alert(1)'>x</mi></math></p>",
    "<p>Gut</p><!--<script>alert(1)</script>-->",
    "<p>Gut <a href='file:../../etc/passwd'>da</a></p>",
    "Gut [da](javascript:alert(1)) <script>alert(1)</script>",
    "<h2>Gut</h2><form action='https://evil.example'><input></form>",
    "<table><tr><td>Gut<script>alert(1)</script></td></tr></table>",
    "<p>Gut <a href='https://x.example/\" onmouseover=\"alert(1)'>da</a></p>",
]
EVIL = (  # what would run, not what would only be read
    *("<script", "onerror=", "onclick=", 'onmouseover="', "<iframe", "<style", "<form", "passwd"),
    *('href="javascript:', 'href="vbscript:', 'href="data:', 'href="java'),
)
BAD_PATHS = [
    "../secret.txt",
    "/etc/passwd",
    "a/../../secret.txt",
    "link.txt",
    "folder/secret.txt",
    "x\\..\\y.txt",
    "",
    "." * 5000,
]


@pytest.mark.parametrize("place", ["body", "field"])
def test_hostile_markup_never_reaches_a_page(box: Box, tree: make.Tree, place: str) -> None:
    lines = []
    for number, source in enumerate(MARKUP):
        raw = {"situation": source, "how": [{"type": "paragraph", "value": source}]}
        texts: dict[str, Any] = {"body": source} if place == "body" else {"body": "x", "fields": raw}
        lines.append(practice(str(number), title=f"Seite {number}", **texts))

    box.run(*lines)

    assert GoodPracticePage.objects.count() == len(MARKUP)
    for page in GoodPracticePage.objects.all():
        stored = json.dumps(page.how.get_prep_value()) + page.situation
        shown = Client().get(page.url).content.decode()
        assert "Gut" in stored
        for text in (stored.replace('\\"', '"'), shown[shown.index("<main") : shown.index("</main>")]):
            found = [evil for evil in EVIL if evil in text.lower().replace("&quot;", "")]
            assert (MARKUP[int(page.title.split()[1])], found) == (MARKUP[int(page.title.split()[1])], [])


def test_what_was_left_out_is_said(box: Box, tree: make.Tree) -> None:
    box.run(
        practice(
            body="<p>A</p><script>x</script><iframe src='https://x.example'></iframe><img src='https://x.example/a.png'>"
        )
    )

    assert [text.split(":")[0] for _number, text in box.said] == ["weggelassen"] * 3


def test_no_file_from_outside_the_folder(box: Box, tree: make.Tree) -> None:
    secret = box.folder.parent / "secret.txt"
    secret.write_text("geheim")
    (box.folder / "link.txt").symlink_to(secret)
    (box.folder / "folder").symlink_to(box.folder.parent)

    files = [practice(f"f{number}", files=[{"path": name}]) for number, name in enumerate(BAD_PATHS)]
    images = [practice(f"i{number}", image={"path": name}) for number, name in enumerate(BAD_PATHS)]
    result = box.run(*files, *images)

    assert (result.made, result.failed) == (0, 2 * len(BAD_PATHS))
    assert (CustomDocument.objects.count(), CustomImage.objects.count()) == (0, 0)


def test_secret_in_body_and_fields_stays_outside(box: Box, tree: make.Tree) -> None:
    (box.folder.parent / "secret.png").write_bytes(box.picture().read_bytes())
    how = [{"type": "image", "value": {"image": {"image": "file:../secret.png", "decorative": True, "alt_text": ""}}}]

    result = box.run(practice(body="<img src='../secret.png' alt='x'>"), practice("2", title="B", fields={"how": how}))

    assert (result.made, result.failed, CustomImage.objects.count()) == (1, 1, 0)


def bomb(side: int) -> bytes:
    """Return a PNG that claims to be enormous."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + chunk(b"IEND", b"")
    )


PICTURES = {
    "bomb.png": bomb(9_000),
    "bigger-bomb.png": bomb(60_000),
    "broken.png": b"\x89PNG\r\n\x1a\n broken",
    "text.png": b"hello",
    "page.svg": b"<svg onload='alert(1)'/>",
    "tiny.png": b"",
}
DOCUMENTS = ("run.exe", "page.html", "script.js", "noending")


def test_files_that_no_editor_could_upload_are_refused(box: Box, tree: make.Tree, settings: Any) -> None:
    for name in (*PICTURES, *DOCUMENTS):
        (box.folder / name).write_bytes(PICTURES.get(name, b"x"))

    result = box.run(
        *(practice(name, image=name) for name in PICTURES), *(practice(name, files=[name]) for name in DOCUMENTS)
    )

    assert (result.made, result.failed) == (0, len(PICTURES) + len(DOCUMENTS))
    assert (CustomImage.objects.count(), CustomDocument.objects.count()) == (0, 0)
    assert list(Path(settings.MEDIA_ROOT).rglob("*.*")) == []


def test_file_of_a_line_that_fails_later_is_not_kept(box: Box, tree: make.Tree, settings: Any) -> None:
    box.picture()

    assert box.run(practice(image="images/bus.png", fields={"age_from": 30, "age_to": 2})).failed == 1
    assert list(Path(settings.MEDIA_ROOT).rglob("*.png")) == []


def test_broken_lines_are_named_and_good_ones_kept(box: Box, tree: make.Tree) -> None:
    good = practice("good", title="Gut")
    lines: list[Any] = [
        b"{broken",
        b"[1, 2]",
        b'"text"',
        b"\xff\xfe not utf-8",
        json.dumps(practice("nul", title="A\x00B")).encode(),
        b'{"kind": "news", "locale": "de", "source_id": "x", "title": "\\ud800"}',
        b'{"kind": "news", "locale": "de", "source_id": "n", "title": "N", "date": NaN}',
        json.dumps(practice("long", body="x" * 10 * 1024 * 1024)).encode(),
        b"[" * 200_000,
        practice("kind", kind="page"),
        practice("locale", locale="fr"),
        practice(title=" "),
        {"kind": "news"},
        practice("type", title=["x"]),
        practice("fields", fields=[]),
        b"",
        good,
        practice("good", title="Noch einmal"),
    ]

    result = box.run(*lines)

    assert (result.made, result.failed) == (1, 16)
    assert [number for number, _text in box.said] == [*range(1, 16), 18]
    assert [page.title for page in GoodPracticePage.objects.all()] == ["Gut"]
    assert len(json.dumps(lines[7].decode())) > MAX_LINE


def test_deep_markup_is_refused_not_fatal(box: Box, tree: make.Tree) -> None:
    result = box.run(practice(body="<ul><li>" * 200_000), practice("2", title="Gut"))

    assert (result.made, result.failed, box.said) == (1, 1, [(1, "Nicht übernommen: Zu tief verschachtelt.")])


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["de", "page:de/1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "how",
    "situation",
    "contact",
    "municipality",
    "steps",
    "topics",
    "age_from",
    "formats",
    "materials",
    "slug",
    "expire_at",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.dictionaries(
        st.sampled_from([name for name in TYPES if name not in ("kind", "locale")]), VALUES, max_size=4
    ),
    fields=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3),
)
def test_whatever_a_line_holds_it_is_taken_or_refused(
    box: Box, tree: make.Tree, keys: dict[str, Any], fields: dict[str, Any]
) -> None:
    from django.db import transaction

    line = json.dumps({**practice(), "fields": fields, **keys}).encode()

    with transaction.atomic():
        result = box.run(line, unknown="create")
        transaction.set_rollback(True)

    assert result.made + result.failed == 1
