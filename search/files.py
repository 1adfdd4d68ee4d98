"""The text inside the files of materials: read by the worker, once per content, stored for all indexes."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from wagtail.documents import get_document_model

from search import documents
from search.models import FileText, SearchDocument
from search.reading import READERS, SECONDS

logger = logging.getLogger(__name__)
LARGEST = 40 * 1024 * 1024
LONGEST_WAIT = SECONDS + 15
AT_ONCE = 20
LONGEST_PROBLEM = 200


def read_new_files() -> int:
    """Read some files that nobody has read, and have the pages that name them indexed again; return how many."""
    rows = list(SearchDocument.objects.exclude(files=[]).only("pk", "files"))
    wanted = {digest for row in rows for digest in row.files}
    missing = sorted(wanted - set(FileText.objects.filter(pk__in=wanted).values_list("pk", flat=True)))[:AT_ONCE]
    for digest in missing:
        document = get_document_model().objects.filter(file_hash=digest).first()
        text, problem = read(document) if document else ("", "gone")
        FileText.objects.get_or_create(digest=digest, defaults={"text": text, "problem": problem})
    if missing:
        documents.touch(row.pk for row in rows if set(row.files) & set(missing))
    return len(missing)


def read(document: Any) -> tuple[str, str]:
    """Return (text, problem) of a document's file; a file that cannot be read is noted and left alone."""
    suffix = Path(document.file.name).suffix.lower()
    if suffix not in READERS:
        return "", ""
    try:
        if document.file.size > LARGEST:
            return "", "too large"
        with tempfile.NamedTemporaryFile(suffix=suffix) as copy, document.file.open("rb") as original:
            for chunk in original.chunks():
                copy.write(chunk)
            copy.flush()
            return _read_apart(copy.name)
    except OSError as error:
        return "", str(error)[:LONGEST_PROBLEM]


def _read_apart(name: str) -> tuple[str, str]:
    """Read a file in a process of its own, which may die of it."""
    command = [sys.executable, "-m", "search.reading", name]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the name of a file of ours
            command, cwd=settings.BASE_DIR, capture_output=True, timeout=LONGEST_WAIT, check=False
        )
    except subprocess.TimeoutExpired:
        return "", "took too long"
    if done.returncode:
        problem = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:LONGEST_PROBLEM]
        logger.info("A file could not be read: %s", problem)
        return "", problem or f"ended with {done.returncode}"
    return done.stdout.decode("utf-8", "replace"), ""
