"""Static files with far-future names, compressed: brotli for what visitors load, quick gzip for the editors' files."""

import gzip
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

HASHED = re.compile(r"\.[0-9a-f]{12}\.")
OWN_APPS = ("cms", "home", "knowledge", "search", "trainings")
QUICK = 4  # zlib level: a third of the time of 9 for a few per cent more bytes


class OwnFilesCompressor(Compressor):
    """Compresses hard what visitors load; brotli for the whole admin costs 48 s and gains editors next to nothing."""

    def __init__(self, root: Path, **options: Any) -> None:
        super().__init__(**options)
        self.own = tuple(f"{root / name}" for name in own_names())

    def compress(self, path: str) -> list[str]:
        """Write the compressed companions of one file and return their names."""
        return list(super().compress(path)) if path.startswith(self.own) else self._compress_quickly(path)

    def _compress_quickly(self, path: str) -> list[str]:
        data = Path(path).read_bytes()
        if len(data) < 1000 or path.endswith(".map"):
            return []
        compressed = gzip_quickly(data)
        return [str(self.write_data(path, compressed, ".gz", Path(path).stat()))]


def gzip_quickly(data: bytes) -> bytes:
    """Return gzip bytes that depend on the content only (no time inside)."""
    return gzip.compress(data, compresslevel=QUICK, mtime=0)


def own_folders() -> Iterator[Path]:
    """Yield the project's own folders of static files."""
    for app in OWN_APPS:
        folder = settings.BASE_DIR / app / "static"
        if folder.is_dir():
            yield folder


def own_names() -> set[str]:
    """Return what lies at the top of the project's own folders of static files: css, js, fonts …"""
    return {entry.name for folder in own_folders() for entry in folder.iterdir()}


class CompressedStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage, compressing only the names that pages use: those with a hash."""

    def create_compressor(self, **options: Any) -> OwnFilesCompressor:
        """Return our compressor in place of whitenoise's."""
        return OwnFilesCompressor(Path(settings.STATIC_ROOT), **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress only names with a hash; the others are there for files that name them in code."""
        yield from super().compress_files(path for path in paths if HASHED.search(path))
