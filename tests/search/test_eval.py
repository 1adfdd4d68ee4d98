"""`search_eval`: documents as they are imported, filters of queries, the site's own index untouched."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db
DOCUMENTS: list[dict[str, Any]] = [
    {"kind": "good_practice", "locale": "de", "source_id": "bus", "title": "Der Jugendbus nach Krakau",
     "summary": "Wie drei Dörfer reisten", "body": ["Ein Bus.", "Noch ein Absatz über Begegnungen."],
     "step": ["network", "training"], "topics": ["rural"], "municipality": "Vier Täler", "date": "2025-03-01",
     "old_url": "https://old.example/1"},
    {"kind": "material", "locale": "de", "source_id": "plan", "title": "Vorlage für den Entwicklungsplan",
     "body": "## Ziele\n\nBegegnungen *planen* und beschließen", "step": "plan"},
    {"kind": "news", "locale": "de", "source_id": "call", "title": "Ausschreibung Tandem",
     "body": "<p>Begegnungen mit <b>Tschechien</b></p><script>Geheimwort</script>", "step": [], "live": True},
    {"kind": "good_practice", "locale": "de", "source_id": "fire", "title": "Feuerwehr und Begegnungen",
     "body": "Löschen", "step": "network", "municipality": {"name": "Seewarden"}},
    {"kind": "news", "locale": "en", "source_id": "call-en", "translation_of": "call", "title": "Tandem call",
     "body": "Encounters"},
]  # fmt: skip
EVERYTHING = {"bus", "plan", "call", "fire"}


def write(file: Path, rows: Sequence[dict[str, Any]]) -> Path:
    file.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return file


def ranked(tmp_path: Path, engine: str, *queries: dict[str, Any]) -> tuple[list[set[str]], str]:
    """Return what each query finds, and what the command printed."""
    asked = [{"id": f"q{number}", "locale": "de", **query} for number, query in enumerate(queries)]
    out, rankings = StringIO(), tmp_path / "rankings.jsonl"
    files = [write(tmp_path / "documents.jsonl", DOCUMENTS), write(tmp_path / "queries.jsonl", asked)]
    call_command("search_eval", *files, engine=engine, rankings=rankings, stdout=out)
    return [set(json.loads(line)["ranked"]) for line in rankings.read_text().splitlines()], out.getvalue()


FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, EVERYTHING),
    ({"kind": "good_practice"}, {"bus", "fire"}),
    ({"kind": ["material", "news"]}, {"plan", "call"}),
    ({"step": "network"}, {"bus", "fire"}),
    ({"step": ["plan", "training"]}, {"bus", "plan"}),
    ({"municipality": "Vier Täler"}, {"bus"}),
    ({"municipality": "seewarden"}, {"fire"}),
    ({"kind": "good_practice", "step": "training"}, {"bus"}),
    ({"filters": {"step": "network", "municipality": "Seewarden"}}, {"fire"}),
    ({"step": "pr"}, set()),
]


@pytest.mark.parametrize("engine", ["tantivy", "memory"])
def test_filters_of_a_query(tmp_path: Path, engine: str) -> None:
    found, _printed = ranked(tmp_path, engine, *({"q": "Begegnungen", **filters} for filters, _expected in FILTERS))

    assert found == [expected for _filters, expected in FILTERS]


def test_every_form_of_body_is_read_and_markup_is_not(tmp_path: Path) -> None:
    asked = [{"q": word} for word in ("Absatz", "beschließen", "Tschechien", "Geheimwort", "script")]

    found, _printed = ranked(tmp_path, "tantivy", *asked)

    assert found == [{"bus"}, {"plan"}, {"call"}, set(), set()]


def test_prints_means_by_language_and_class_and_leaves_the_index_of_the_site_alone(tmp_path: Path) -> None:
    folder = Path(settings.SEARCH_FOLDER)
    before = sorted(folder.rglob("*"))
    asked = [
        {"q": "Entwicklungsplan", "rel": {"plan": 2}, "class": "one"},
        {"q": "Encounters", "locale": "en", "rel": {"call-en": 1}},
        {"q": "Quastenflosser", "rel": {"bus": 1}, "class": "one"},
    ]

    _found, printed = ranked(tmp_path, "tantivy", *asked)

    lines = {line[:20].strip(): line[20:] for line in printed.splitlines()}
    assert set(lines) == {"all", "locale de", "locale en", "class one"}
    assert (
        "2 queries   nDCG@10 0.5000   MRR 0.5000   recall@10 0.5000   success@1 0.5000   empty 50.00%"
        in lines["class one"]
    )
    assert "1 queries   nDCG@10 1.0000" in lines["locale en"]
    assert sorted(folder.rglob("*")) == before


def test_a_broken_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{", encoding="utf-8")

    with pytest.raises(CommandError, match="cannot be read"):
        call_command("search_eval", tmp_path / "bad.jsonl", tmp_path / "bad.jsonl")
