"""Reads the demo's files: one YAML of facts and one Markdown a language for each item."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CONTENT = Path(__file__).resolve().parent / "content"
FIELD = re.compile(r"^# ([a-z_]+)[ \t]*$", re.MULTILINE)
FRONT = re.compile(r"\A---\n(.*?)\n---\n?(.*)\Z", re.DOTALL)
LANGUAGES = ("de", "en", "de-simple")


class DemoError(ValueError):
    """A demo file that cannot be read; names the file."""


@dataclass
class Item:
    """One item of the demo: facts shared by all languages, and texts by language."""

    key: str
    facts: dict[str, Any]
    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    digest: str = ""

    @property
    def section(self) -> str:
        """Return the folder of the item."""
        return self.key.split("/")[0]


def read_all(folder: Path = CONTENT) -> dict[str, Item]:
    """Return all items by key, in the order of their paths. Raises DemoError for a file that cannot be read."""
    items: dict[str, Item] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".yaml", ".md") or path.parent.name == "files":
            continue
        language = path.suffixes[0].lstrip(".") if path.suffix == ".md" else ""
        key = f"{path.parent.relative_to(folder).as_posix()}/{path.name.split('.')[0]}"
        item = items.setdefault(key, Item(key, {}))
        text = path.read_text(encoding="utf-8")
        item.digest = hashlib.sha256((item.digest + path.name + text).encode()).hexdigest()
        if path.suffix == ".yaml":
            item.facts = _yaml(text, path)
        elif language in LANGUAGES:
            item.texts[language] = read_text(text, path)
    return items


def read_text(text: str, path: Path) -> dict[str, Any]:
    """Return the short fields of the front matter and the long ones that start with `# field`."""
    match = FRONT.match(text.replace("\r\n", "\n"))
    if match is None:
        raise DemoError(f"{path}: no front matter between --- lines")
    fields = _yaml(match[1], path)
    parts = FIELD.split(match[2])
    if parts[0].strip():
        raise DemoError(f"{path}: text before the first “# field”")
    fields.update({name: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)})
    return fields


def _yaml(text: str, path: Path) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise DemoError(f"{path}: {error}") from error
    if not isinstance(data, dict):
        raise DemoError(f"{path}: expected names and values")
    return data
