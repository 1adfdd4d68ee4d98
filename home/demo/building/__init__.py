"""Builds the demo's files from Markdown and YAML: DOCX, PDF, XLSX, PPTX. Run by `manage.py demo build`.

The results are shipped, so a visitor's machine never builds. The same sources give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import yaml

from home.demo.building.papers import paper
from home.demo.building.slides import slides
from home.demo.building.tables import workbook
from home.demo.building.texts import document
from home.demo.reader import CONTENT, FRONT

FOLDER = Path(__file__).resolve().parent.parent / "files"
MOMENT = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can name


def build_all() -> list[str]:
    """Build every file that a material names; return the names."""
    FOLDER.mkdir(exist_ok=True)
    built = []
    for path in sorted((CONTENT / "materials").glob("*.yaml")):
        facts = yaml.safe_load(path.read_text(encoding="utf-8"))
        for entry in facts.get("files", []):
            build(entry, facts["published_on"], FOLDER / entry["name"])
            built.append(entry["name"])
    return built


def build(entry: dict[str, Any], day: dt.date, target: Path) -> None:
    """Build one file in the format that its name says."""
    source = CONTENT / "files" / entry["source"]
    if target.suffix in (".xlsx", ".pptx"):
        data = yaml.safe_load(Path(f"{source}.yaml").read_text(encoding="utf-8"))
        (workbook if target.suffix == ".xlsx" else slides)(data, target)
        settle(target, day)
        return
    match = FRONT.match(Path(f"{source}.md").read_text(encoding="utf-8"))
    assert match is not None, entry["source"]
    front = yaml.safe_load(match[1])
    if target.suffix == ".pdf":
        paper(front, match[2], day, target)
        return
    document(front, match[2], target)
    settle(target, day)


def settle(target: Path, day: dt.date) -> None:
    """Write an office file again with the material's date, so that a second build gives the same bytes."""
    with zipfile.ZipFile(target) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    moment = rf"\g<1>{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            fixed = MOMENT.sub(moment, content) if name == "docProps/core.xml" else content
            archive.writestr(zipfile.ZipInfo(name, EARLIEST), fixed, zipfile.ZIP_DEFLATED, 9)
