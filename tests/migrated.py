"""One migrated SQLite database for all test runs: migrating takes longer than most of them."""

import hashlib
import sqlite3
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("django", "wagtail", "wagtail-localize", "django-taggit")


def fingerprint() -> str:
    """Return a name that changes with every migration of ours and every version that brings migrations."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        digest.update(f"{package} {metadata.version(package)}".encode())
    for app in ("cms", "knowledge", "trainings", "home", "search"):
        for file in sorted((ROOT / app).rglob("migrations/*.py")):
            digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def kept_copy(folder: Path) -> Path:
    """Return where the migrated database is kept; copies of older migrations go."""
    copy = folder / f"migrated-{fingerprint()}.sqlite3"
    for old in folder.glob("migrated-*.sqlite3"):
        if old != copy:
            old.unlink(missing_ok=True)
    return copy


def copy_database(source: Path, target: Path) -> None:
    """Copy a database that may be in use; half a copy never has the target's name."""
    draft = target.with_name(f"{target.name}.{hashlib.sha256(str(source).encode()).hexdigest()[:6]}.draft")
    for leftover in (draft, Path(f"{target}-wal"), Path(f"{target}-shm")):
        leftover.unlink(missing_ok=True)
    with sqlite3.connect(source) as reading, sqlite3.connect(draft) as writing:
        reading.backup(writing)
    reading.close()
    writing.close()
    draft.replace(target)
