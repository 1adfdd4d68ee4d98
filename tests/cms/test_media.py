"""Uploads on their way out: right types, nothing that runs, nothing that is not public."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

FILM = bytes(range(200))


@pytest.fixture
def media(db, settings) -> Path:
    """The folder of uploads, with one file of each fate."""
    root = Path(settings.MEDIA_ROOT)
    for name in ("images/a.webp", "images/a.avif", "images/evil.svg", "images/page.html", "images/film.mp4"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(FILM)
    for name in ("original_images/a.jpg", "documents/secret.pdf"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(FILM)
    return root


@pytest.mark.parametrize(
    ("name", "content_type", "fate"),
    [
        ("a.webp", "image/webp", "inline"),
        ("a.avif", "image/avif", "inline"),
        ("film.mp4", "video/mp4", "inline"),
        ("evil.svg", "image/svg+xml", "attachment"),
        ("page.html", "text/html", "attachment"),
    ],
)
def test_files_have_their_type_and_run_nowhere(client, media, name, content_type, fate):
    response = client.get(f"/media/images/{name}")

    assert response.status_code == 200
    assert response.getvalue() == FILM
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'{fate}; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "Vary" not in response


@pytest.mark.parametrize(
    "path",
    [
        "original_images/a.jpg",
        "documents/secret.pdf",
        "images/../documents/secret.pdf",
        "images/%2e%2e/documents/secret.pdf",
        "images/..%2fdocuments/secret.pdf",
        "images//etc/passwd",
        "images",
        "images/",
        "images/missing.webp",
        "../db.sqlite3",
        "images/a%00.webp",
    ],
)
def test_nothing_else_is_found(client, media, path):
    assert client.get(f"/media/{path}").status_code == 404


def test_only_reading_is_allowed(client, media):
    assert client.post("/media/images/a.webp").status_code == 405


@pytest.mark.parametrize(
    ("wish", "status", "content", "content_range"),
    [
        ("bytes=0-9", 206, FILM[:10], "bytes 0-9/200"),
        ("bytes=150-", 206, FILM[150:], "bytes 150-199/200"),
        ("bytes=-5", 206, FILM[-5:], "bytes 195-199/200"),
        ("bytes=500-", 416, b"", "bytes */200"),
        ("nonsense", 200, FILM, None),
    ],
)
def test_films_can_be_played_from_anywhere(client, media, wish, status, content, content_range):
    response = client.get("/media/images/film.mp4", headers={"range": wish})

    assert response.status_code == status
    assert response.getvalue() == content
    assert response.get("Content-Range") == content_range


def test_a_known_file_is_not_sent_again(client, media):
    etag = client.get("/media/images/a.webp")["ETag"]

    assert client.get("/media/images/a.webp", headers={"if-none-match": etag}).status_code == 304


@pytest.fixture
def document(db):
    """A film among the documents."""
    document = get_document_model()(title="Film")
    document.file.save("film.mp4", ContentFile(FILM), save=False)
    document.save()
    return document


def test_documents_are_served_in_parts_too(client, document):
    response = client.get(document.url, headers={"range": "bytes=0-3"})

    assert (response.status_code, response.getvalue()) == (206, FILM[:4])
    assert response["Content-Type"] == "video/mp4"


def test_a_document_has_one_name(client, document):
    assert client.get(document.url.replace("film", "other")).status_code == 404
    assert client.get("/documents/999999/film.mp4").status_code == 404


def test_a_private_document_asks_for_a_login(client, document, django_user_model):
    collection = Collection.get_first_root_node().add_child(name="Board")
    restriction = CollectionViewRestriction.objects.create(collection=collection, restriction_type="groups")
    board = Group.objects.create(name="Board")
    restriction.groups.add(board)
    document.collection = collection
    document.save()

    assert client.get(document.url).status_code == 302

    member = django_user_model.objects.create_user("member", "member@kgi.example", "secret")
    client.force_login(member)
    assert client.get(document.url).status_code == 302

    member.groups.add(board)
    allowed = client.get(document.url)
    assert allowed.getvalue() == FILM
    assert allowed["Cache-Control"] == "private, no-store"
