"""Compiles every template and refuses what the strict Content-Security-Policy or translators could not bear."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.test")

import django  # noqa: E402 - needs the path and the settings above
from django.contrib.staticfiles import finders  # noqa: E402
from django.template import TemplateSyntaxError  # noqa: E402
from django.template.loader import get_template  # noqa: E402

STATIC = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")
APPS = ("cms", "home", "knowledge", "search", "trainings")
# a mail carries its style with it; its content is Markdown that `cms.outbox.rendering` made HTML, with HTML switched off
MAILS = {
    Path("cms/outbox/templates/outbox/mail.html"),
    Path("home/newsletter/templates/newsletter/mail/issue.html"),
}
ALLOWED_IN_MAILS = {"style element", "safe filter", "inline style"}
RULES = {
    "inline style": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*(\ssrc\s*=|application/ld\+json))", re.IGNORECASE),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "blocktranslate without trimmed": re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)"),
    "foreign address in src": re.compile(r"\ssrc(?:set)?\s*=\s*[\"']?(?:https?:)?//", re.IGNORECASE),
    "safe filter": re.compile(r"\|\s*safe\b"),
}


def main() -> int:
    """Print what is wrong, one line each, and return 1 when there is something."""
    django.setup()
    templates = sorted(file for app in APPS for file in (ROOT / app).rglob("templates/**/*.*") if file.is_file())
    found = [line for file in templates for line in problems(file)]
    print("\n".join(found))
    print(f"{len(templates)} templates looked at, {len(found)} problems")
    return 1 if found else 0


def problems(file: Path) -> Iterator[str]:
    """Yield what is wrong in one template; mails (.txt) have no policy."""
    name = file.relative_to(ROOT)
    try:
        get_template(str(file).split("/templates/", 1)[1])
    except TemplateSyntaxError as error:
        yield f"{name}: {error}"
    text = file.read_text()
    for static in STATIC.findall(text):
        if finders.find(static) is None:
            yield f"{name}: static file {static} does not exist"
    for rule, pattern in RULES.items():
        if name in MAILS and rule in ALLOWED_IN_MAILS:
            continue
        for match in pattern.finditer(text):
            yield f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {rule}"


if __name__ == "__main__":
    sys.exit(main())
