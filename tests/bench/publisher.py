"""An editor who publishes a page whenever a line arrives, and answers with a line once it is committed.

`python -m tests.bench.publisher PATH`
"""

from __future__ import annotations

import sys

import django


def main(path: str) -> None:
    """Publish until the other end closes."""
    django.setup()
    from wagtail.models import Page  # models exist only now

    slug = path.strip("/").split("/")[-1]
    page = next(page for page in Page.objects.filter(slug=slug).specific() if page.url.endswith(path))
    title = page.title
    for number, _line in enumerate(sys.stdin):
        page.title = f"{title} ({number})"
        page.save_revision().publish()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
