"""Files of the demo: built from Markdown by `manage.py demo build`, shipped beside the texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.models import Collection

from cms.models import CustomDocument
from cms.vocabularies import Licence

FOLDER = Path(__file__).resolve().parent / "files"
LICENCES = {str(label): value for value, label in Licence.choices}


def document(entry: dict[str, Any]) -> CustomDocument:
    """Store one file of the demo with what a reader must know of it."""
    path = FOLDER / entry["name"]
    collection = Collection.objects.filter(name="Dateien").first() or Collection.get_first_root_node()
    accessible = entry.get("accessible")
    document = CustomDocument(
        title=entry["title_de"],
        title_en=entry.get("title_en", ""),
        language=entry.get("language", "de"),
        accessible=str(accessible or "unknown"),
        licence=LICENCES.get(entry.get("licence", ""), Licence.ALL_RIGHTS),
        collection=collection,
    )
    with path.open("rb") as file:
        document.file.save(path.name, File(file), save=False)
        document.file_size = path.stat().st_size
        document.save()
    return document
