"""Uploaded pictures: what comes in, what is refused with which words, and what is stored."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from wagtail.models import Collection

from cms import version
from cms.models import CustomDocument, CustomImage, User
from cms.pictures import fitting, making, sizes
from cms.templatetags.pictures import sized, still
from home.moving.files import make
from home.moving.lines import LineError


def picture(size: tuple[int, int] = (80, 60), kind: str = "JPEG", mode: str = "RGB", **options: Any) -> bytes:
    output = BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(output, kind, **options)
    return output.getvalue()


def bomb(side: int) -> bytes:
    """Return a PNG of a few bytes that says it has so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"x") + chunk(b"IEND", b"")


def camera_notes() -> Image.Exif:
    notes = Image.Exif()
    notes[0x0112] = 6  # lies on its side
    notes.get_ifd(0x8825)[1] = "N"
    return notes


def refused(content: bytes, name: str) -> str:
    with pytest.raises(ValidationError) as caught:
        fitting.fit(ContentFile(content, name))
    return str(caught.value.messages[0])


@pytest.fixture
def stored(db: None) -> Any:
    def store(content: bytes, name: str) -> CustomImage:
        return CustomImage.objects.create(title="Bild", credit="Jo Beispiel", file=ContentFile(content, name))

    return store


def test_small_plain_picture_keeps_its_bytes(stored: Any) -> None:
    for kind, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif"), ("GIF", "a.gif")):
        content = picture(kind=kind)

        image = stored(content, name)

        assert (image.file.read(), image.width, image.height) == (content, 80, 60)


def test_photo_is_stored_upright_small_and_without_notes_of_the_camera(stored: Any, settings: Any) -> None:
    settings.PICTURE_LONGEST_SIDE = 40
    content = picture((120, 60), exif=camera_notes())
    assert Image.open(BytesIO(content)).getexif().get_ifd(0x8825) == {1: "N"}

    image = stored(content, "photo.jpg")

    with Image.open(image.file.path) as kept:
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (20, 40), {})
    assert (image.width, image.height) == (20, 40)


@pytest.mark.parametrize(
    ("kind", "mode", "name", "kept"),
    [
        ("JPEG", "CMYK", "print.jpg", ("JPEG", "RGB")),
        ("PNG", "I;16", "scan.png", ("PNG", "L")),
        ("PNG", "RGBA", "logo.png", ("PNG", "RGBA")),
        ("GIF", "P", "old.gif", ("PNG", "RGB")),
    ],
)
def test_pictures_for_print_scans_and_palettes_become_plain(
    kind: str, mode: str, name: str, kept: Any, stored: Any, settings: Any
) -> None:
    settings.PICTURE_LONGEST_SIDE = 40

    image = stored(picture(kind=kind, mode=mode), name)

    with Image.open(image.file.path) as found:
        assert (found.format, found.mode) == kept
        assert found.size == (40, 30)
    assert image.file.name.endswith(found.format.lower().replace("jpeg", "jpg"))  # type: ignore[union-attr]  # just opened


def test_animated_picture_becomes_its_first_frame(stored: Any) -> None:
    output = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:])

    image = stored(output.getvalue(), "moving.gif")

    with Image.open(image.file.path) as kept:
        assert (kept.format, getattr(kept, "n_frames", 1), kept.convert("RGB").getpixel((4, 4))) == (
            "PNG",
            1,
            (255, 0, 0),
        )


def test_refusals_say_what_to_do_in_the_language_of_the_editor(settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS = 4_000_000
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1024**2
    too_wide = picture((2500, 2000))
    with translation.override("en"):
        assert refused(too_wide, "a.jpg") == (
            "The picture has 5.0 megapixels (2,500 × 2,000); at most 4 are possible. Save it smaller, e.g. 3,000 pixels "
            "wide as JPEG, and upload it again."
        )
        assert refused(picture(), "a.png") == (
            "The name ends in .png, but the file is a picture of the kind JPEG. Rename it and try again."
        )
        assert refused(picture(), "a.svg") == refused(b"<svg/>", "a.svg") == refused(b"", "a.jpg")
        assert refused(b"x" * 1_500_000, "a.jpg").startswith("The file has 1.4 MB; at most 1 are possible.")
    assert refused(too_wide, "a.jpg") == (
        "Das Bild hat 5,0 Megapixel (2.500 × 2.000); höchstens 4 sind möglich. Speichern Sie es kleiner, z. B. 3.000 Pixel "
        "breit als JPEG, und laden Sie es noch einmal hoch."
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [6_000, 12_000, 60_000])
def test_bombs_are_refused_by_their_header(side: int) -> None:
    with translation.override("en"):
        assert "megapixels" in refused(bomb(side), "bomb.png")


@pytest.mark.parametrize(
    ("kind", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp"), ("AVIF", "a.avif")]
)
def test_half_a_picture_is_refused(kind: str, name: str) -> None:
    content = picture((400, 300), kind)

    message = refused(content[: len(content) // 2], name)

    assert message.startswith(("Das Bild ist beschädigt", "Das ist kein Bild"))


@pytest.fixture
def editor(admin_user: User, client: Client) -> Client:
    client.force_login(admin_user)
    return client


def upload(content: bytes = b"", name: str = "bild.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or picture())


def facts(**others: Any) -> dict[str, Any]:
    root = Collection.get_first_root_node()
    assert root is not None
    return {"title": "Bild", "collection": root.pk, "credit": "Jo Beispiel", "licence": "cc0", **others}


@pytest.mark.parametrize("place", ["wagtailimages:add", "wagtailimages_chooser:create"])
def test_single_upload_and_chooser_show_the_error_at_the_field(place: str, editor: Client) -> None:
    prefix = "image-chooser-upload-" if place.endswith("create") else ""
    values = {f"{prefix}{name}": value for name, value in facts(file=upload(bomb(60_000), "b.png")).items()}

    answer = editor.post(reverse(place), values)

    page = answer.json()["htmlFragment"] if place.endswith("create") else answer.content.decode()
    assert answer.status_code == 200
    assert "Das Bild hat weit mehr als 64 Megapixel." in page
    assert "Jo Beispiel" in page  # nothing typed is lost
    assert not CustomImage.objects.exists()


def test_multiple_upload_refuses_with_words_and_stores_what_fits(editor: Client, settings: Any) -> None:
    settings.PICTURE_LONGEST_SIDE = 40
    address = reverse("wagtailimages:add_multiple")
    collection = facts()["collection"]

    refusal = editor.post(address, {"files[]": upload(picture((400, 300))[:-900]), "collection": collection}).json()
    answer = editor.post(address, {"files[]": upload(), "collection": collection}).json()
    prefix = f"uploaded-image-{answer['uploaded_file_id']}-"
    create = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[answer["uploaded_file_id"]])
    done = editor.post(create, {f"{prefix}{name}": value for name, value in facts().items()}).json()

    assert (refusal["success"], refusal["error_message"][:25]) == (False, "Das Bild ist beschädigt o")
    assert (answer["success"], done["success"]) == (True, True)
    image = CustomImage.objects.get()
    assert (image.width, image.height, image.file_size) == (40, 30, image.file.size)


def test_document_that_is_too_large_is_refused_at_the_field(editor: Client, settings: Any) -> None:
    settings.WAGTAILDOCS_MAX_UPLOAD_SIZE = 1000

    answer = editor.post(reverse("wagtaildocs:add"), facts(file=upload(b"x" * 1001, "a.pdf"), language="de"))

    assert answer.status_code == 200
    assert list(answer.context["form"].errors["file"]) == [
        "Die Datei ist zu groß (1001\xa0Bytes). Maximale Dateigröße 1000\xa0Bytes."
    ]
    assert not CustomDocument.objects.exists()


@pytest.mark.django_db
def test_import_has_the_same_limits(tmp_path: Any) -> None:
    (tmp_path / "b.png").write_bytes(bomb(60_000))
    (tmp_path / "turned.jpg").write_bytes(picture((120, 60), exif=camera_notes()))

    for keep in (True, False):
        with pytest.raises(LineError, match=r"^b\.png: Das Bild hat weit mehr"):
            make("image", tmp_path / "b.png", keep=keep)
        row = make("image", tmp_path / "turned.jpg", keep=keep)
        assert isinstance(row, CustomImage)
        assert (row.width, row.height) == (60, 120)


def test_pages_show_pictures_only_in_the_sizes_that_the_worker_makes() -> None:
    own = [file for app in ("cms", "knowledge", "trainings", "home", "search") for file in Path(app).rglob("*.html")]
    named = {name for file in own for name in re.findall(r"picture\.html\" with [^%]*size=\"(\w+)\"", file.read_text())}

    assert named <= set(sizes.SIZES)
    assert [file for file in own if re.search(r"{% (image|picture|srcset_image|image_url) ", file.read_text())] == []
    assert len(sizes.ALL_SPECS) == len(set(sizes.ALL_SPECS)) == 20
    assert sizes.SIZES["text"].specs("webp") == ["format-webp|max-720x900", "format-webp|max-1440x1800"]


def specs_of(image: CustomImage) -> list[str]:
    return sorted(image.renditions.values_list("filter_spec", flat=True))


def test_worker_makes_every_size_once_and_again_for_a_new_point_of_interest(stored: Any) -> None:
    image = stored(picture(), "a.jpg")
    making.make_missing()
    assert specs_of(image) == sorted(sizes.ALL_SPECS)

    making.make_missing()
    assert image.renditions.count() == 20

    image.focal_point_x, image.focal_point_y, image.focal_point_width, image.focal_point_height = 10, 10, 5, 5
    image.save()
    making.make_missing()

    cut = [spec for spec in sizes.ALL_SPECS if "fill-" in spec]
    assert specs_of(image) == sorted([*sizes.ALL_SPECS, *cut])
    assert making.missing(image) == []


def test_picture_that_cannot_be_read_holds_up_no_other(stored: Any, caplog: Any) -> None:
    good, broken = stored(picture(), "a.jpg"), stored(picture(), "b.jpg")
    Path(broken.file.path).write_bytes(b"no picture")

    making.make_missing()

    assert (good.renditions.count(), broken.renditions.count()) == (20, 0)
    assert [record.message for record in caplog.records] == [f"The sizes of picture {broken.pk} cannot be made"]
    assert list(making.incomplete()) == []


def test_page_asks_for_a_size_by_its_own_address_until_the_worker_has_made_all(stored: Any, client: Client) -> None:
    image = stored(picture((900, 600)), "a.jpg")

    with version.making() as made:
        html = sized(image, "card", 'Ein "Boot"')

    assert (made.lasts, image.renditions.count()) == (version.SEATS_LAST, 0)
    first = html_of(html, "src")
    assert re.findall(r"fill-(\w+)/a\.jpg (\w+)", html_of(html, "srcset")) == [("400x267", "400w"), ("800x533", "800w")]
    assert (html_of(html, "width"), html_of(html, "height"), html_of(html, "alt")) == (
        "400",
        "267",
        "Ein &quot;Boot&quot;",
    )
    answer = client.get(first)
    assert (answer.status_code, answer["Location"][:14], specs_of(image)) == (
        302,
        "/media/images/",
        ["format-jpeg|fill-400x267"],
    )
    assert client.get(first.replace("400x267", "401x267")).status_code == 403

    making.forget()
    making.make_missing()
    with version.making() as made:
        html = sized(image, "card", "Ein Boot")

    assert made.is_lasting
    assert re.findall(r'type="([^"]+)"', html) == ["image/avif", "image/webp"]
    assert re.findall(r"/media/images/a\.\w+\.format-jpeg\.fill-400x267\w*\.jpg", html) != []
    assert "/pictures/" not in html


def html_of(html: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', html)
    assert found
    return found[1].replace("&amp;", "&")


def test_film_shows_the_still_that_is_there_or_will_be(stored: Any) -> None:
    image = stored(picture(), "a.jpg")

    assert still(image).startswith("/pictures/")

    making.make_missing()
    assert still(image) == image.renditions.get(filter_spec=sizes.STILL).url


def test_size_of_a_picture_that_is_gone_is_gone(stored: Any, client: Client) -> None:
    image = stored(picture(), "a.jpg")
    address = still(image)
    Path(image.file.path).write_bytes(b"no picture")

    assert client.get(address).status_code == 410
