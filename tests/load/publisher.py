"""An editor at work: publishes one page again and again and says when each version was committed.

`python -m tests.load.publisher PAGE_PATH SECONDS` writes one JSON line a version: its number and the time of day.
"""

from __future__ import annotations

import json
import sys
import time

import django


def main(path: str, seconds: float) -> None:
    """Publish about once a second."""
    django.setup()
    from wagtail.models import Page  # models exist only now

    until = time.time() + seconds
    page = next(
        page for page in Page.objects.filter(slug=path.strip("/").split("/")[-1]).specific() if page.url.endswith(path)
    )
    title = page.title
    number = 0
    while time.time() < until:
        number += 1
        page.title = f"{title} ({number})"
        page.save_revision().publish()
        sys.stdout.write(json.dumps({"number": number, "at": time.time()}) + "\n")
        sys.stdout.flush()
        time.sleep(0.7)


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
