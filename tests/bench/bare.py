"""The least that a WSGI application can do: always the same answer, read once from the file that BENCH_ANSWER names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

_file = Path(os.environ["BENCH_ANSWER"])
BODY = _file.read_bytes()
HEADERS = [(name, value) for name, value in json.loads(_file.with_suffix(".json").read_text())]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer."""
    start_response("200 OK", HEADERS)
    return [BODY]
