"""Collects the strings of the five apps into the German catalogue; with --check only compares, and writes nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from cms import catalogues  # noqa: E402 - the project is no installed package

APPS = ("cms", "home", "knowledge", "search", "trainings")
CATALOGUE = ROOT / "cms" / "locale" / "de" / "LC_MESSAGES" / "django.po"


def main(wish: str) -> int:
    """Update the catalogue, or tell what is missing in it."""
    if shutil.which("xgettext") is None:
        print("gettext is missing: sudo apt-get install gettext (Debian/Ubuntu), sudo dnf install gettext (Fedora),")
        print("brew install gettext (macOS). Only developers need it, for new strings.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        collected = collect(Path(folder))
        if wish == "--check":
            return compare(collected)
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(collected, CATALOGUE)
    open_ones = catalogues.gaps()
    print(f"{len(open_ones)} strings wait for a translation in {CATALOGUE.relative_to(ROOT)}")
    return 0


def collect(folder: Path) -> Path:
    """Extract all strings in a copy of the sources, merged with today's translations."""
    unwanted = shutil.ignore_patterns("locale", "static", "migrations", "__pycache__", "content")
    for app in APPS:
        shutil.copytree(ROOT / app, folder / app, ignore=unwanted)
    copy = folder / "locale" / "de" / "LC_MESSAGES" / "django.po"
    copy.parent.mkdir(parents=True)
    if CATALOGUE.exists():
        shutil.copyfile(CATALOGUE, copy)
    # with settings, gettext would write into the real catalogue
    without_settings = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    command = [
        "makemessages",
        "--locale=de",
        "--add-location=file",
        "--no-obsolete",
        "--verbosity=0",
        "--extension=html,txt,py,md",
    ]
    subprocess.run([sys.executable, "-m", "django", *command], cwd=folder, env=without_settings, check=True)
    return copy


def compare(collected: Path) -> int:
    """Return 1 and name every string that is not in the catalogue, not needed any more, or not translated."""
    found = _keys(collected)
    known = _keys(CATALOGUE) if CATALOGUE.exists() else set()
    problems = [f"missing in the catalogue: {key}" for key in sorted(found - known)]
    problems += [f"not used any more: {key}" for key in sorted(known - found)]
    problems += catalogues.gaps()
    print("\n".join(problems[:60]))
    if problems:
        print(f"{len(problems)} problems. `make messages` collects new strings; then translate them.")
    return 1 if problems else 0


def _keys(source: Path) -> set[str]:
    return {f"{message.context or ''}|{message.id}" for message in catalogues.read(source) if message.id}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
