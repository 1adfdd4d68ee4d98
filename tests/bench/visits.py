"""What each page type, and each list of the admin, costs in this site: JSON, for `test_scale`.

`python -m tests.bench.visits` inside a site: CPU milliseconds of this thread and queries, without the page cache,
after a first visit; of several languages and pages of a kind the dearest. Lists are full pages in a small site too:
what is compared prints as many rows.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

TIMES = 9
HOST = "127.0.0.1"
WORD = "Jugendhilfe"


def public_addresses() -> dict[str, list[str]]:
    """Return addresses by kind of page, in German and English."""
    from wagtail.models import get_page_models

    from cms.pages import BasePage
    from knowledge.models import KnowledgeIndexPage
    from trainings.models import OfferIndexPage

    found: dict[str, list[str]] = {}
    for model in get_page_models():
        if issubclass(model, BasePage):
            live = model.objects.live().order_by("pk")
            first = (live.filter(locale__language_code=code).first() for code in ("de", "en"))
            found[model.__name__] = [_path(page) for page in first if page is not None]
    for shelf in KnowledgeIndexPage.objects.live():
        found.setdefault("shelf of materials", []).append(shelf.shelf_url("material"))
        found.setdefault("shelf of practices, page 3", []).append(shelf.shelf_url("practice") + "?page=3")
        found.setdefault("topic", []).append(shelf.shelf_url("topic", "rural"))
        found.setdefault("listing with words and filters", []).append(f"{_path(shelf)}?q={WORD}&step=plan")
    for page in OfferIndexPage.objects.live():
        found.setdefault("offers month by month", []).append(f"{_path(page)}?view=month")
        found.setdefault("past offers", []).append(f"{_path(page)}?when=past")
    found["search"] = [f"/de/suche/?q={WORD}", f"/en/search/?q={WORD}"]
    chosen = "&".join((*(f"kind={kind}" for kind in ("material", "good_practice")), "step=plan", "step=network"))
    found["search, two words and filters"] = [f"/de/suche/?q={WORD}+Austausch&{chosen}"]
    found["search without words"] = ["/de/suche/", "/en/search/?page=3"]
    found["completion"] = ["/de/suche/ergaenzen/?q=Jug"]
    return {kind: urls for kind, urls in found.items() if urls}


def admin_addresses() -> dict[str, list[str]]:
    """Return the lists of the admin."""
    from django.urls import reverse

    from knowledge.models import GoodPracticePage, KnowledgeIndexPage
    from trainings.models import Run

    folder = KnowledgeIndexPage.objects.filter(locale__language_code="de").first()
    practice = GoodPracticePage.objects.filter(locale__language_code="de").order_by("pk").first()
    run = Run.objects.order_by("pk").first()
    assert folder is not None
    assert practice is not None
    assert run is not None
    last = max(1, min(50, folder.numchild // 25))
    inside = reverse("wagtailadmin_explore", args=[folder.pk])
    child = reverse("wagtailadmin_choose_page_child", args=[folder.pk])
    runs = reverse("wagtailsnippets_trainings_run:list")
    return {
        "admin home": [reverse("wagtailadmin_home")],
        "explorer, root": [reverse("wagtailadmin_explore_root")],
        "explorer, folder": [inside],
        "explorer, folder by title": [f"{inside}?ordering=title"],
        "explorer, folder by date": [f"{inside}?ordering=-latest_revision_created_at"],
        "explorer, folder by type": [f"{inside}?ordering=content_type"],
        "explorer, folder, page 50": [f"{inside}?p=50"],
        "explorer, folder, searched": [f"{inside}?q={WORD}"],
        "page search": [reverse("wagtailadmin_pages:search") + f"?q={WORD}"],
        "page search by date": [reverse("wagtailadmin_pages:search") + f"?q={WORD}&ordering=-latest_revision_created_at"],
        "chooser, browse": [child],
        "chooser, browse, page 50": [f"{child}?p={last}"],
        "chooser, search": [reverse("wagtailadmin_choose_page_search") + f"?q={WORD}"],
        "page history": [reverse("wagtailadmin_pages:history", args=[practice.pk])],
        "page form": [reverse("wagtailadmin_pages:edit", args=[practice.pk])],
        "runs, list": [runs],
        "runs, list by begin": [f"{runs}?ordering=starts_at"],
        "runs, list, searched": [f"{runs}?q=lauf-7"],
        "runs, calendar": [reverse("run_calendar")],
        "run, dashboard": [reverse("run_dashboard", args=[run.pk])],
        "run, participants": [reverse("run_participants", args=[run.pk])],
        "runs, statistics": [reverse("run_statistics")],
        "runs, applications": [reverse("run_reviews")],
        "report, translations": [reverse("translation_report")],
        "report, check again": [reverse("review_report")],
        "report, to complete": [reverse("completion_report")],
        "report, site history": [reverse("wagtailadmin_reports:site_history")],
        "report, aging pages": [reverse("wagtailadmin_reports:aging_pages")],
    }  # fmt: skip


def other_addresses() -> dict[str, list[str]]:
    """Return what machines read."""
    return {"sitemap": ["/sitemap.xml"], "Atom feed of a search": [f"/de/suche/feed/?q={WORD}"]}


def _path(page: Any) -> str:
    return "/" + str(page.full_url).split("/", 3)[3]


def cost(get: Callable[[str], Any], addresses: list[str]) -> dict[str, Any]:
    """Return what the dearest of these addresses costs."""
    return max((_cost(get, address) for address in addresses), key=lambda one: one["ms"])


def _cost(get: Callable[[str], Any], address: str) -> dict[str, Any]:
    from django.db import connection

    from cms import version

    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    answer = get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    version.current()
    with connection.execute_wrapper(count):
        get(address)
    taken = []
    for _ in range(TIMES):
        began, wall = time.thread_time(), time.perf_counter()
        get(address)
        taken.append((time.thread_time() - began) * 1000)
        if time.perf_counter() - wall > 1 and len(taken) > 2:
            break
    own = [sql for sql in asked if '"cms_counter"' not in sql]
    return {"ms": round(statistics.median(taken), 2), "queries": len(own), "kB": round(len(answer.content) / 1024)}


def main() -> None:
    """Measure everything and print it."""
    import django
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["*"]
    if not settings.STATIC_ROOT.exists():  # collecting takes a minute, and costs no visitor anything
        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.test import Client

    visitor, editor = Client(SERVER_NAME=HOST), Client(SERVER_NAME=HOST)
    user, _made = get_user_model().objects.get_or_create(
        username="measuring", defaults={"is_superuser": True, "is_staff": True}
    )
    editor.force_login(user)
    found = {kind: cost(visitor.get, urls) for kind, urls in {**public_addresses(), **other_addresses()}.items()}
    admin = {kind: cost(partial_follow(editor), urls) for kind, urls in admin_addresses().items()}
    began = time.thread_time()
    with suppress(SystemExit):  # people who were made in bulk have no entry in the log
        call_command("check_invariants", stdout=io.StringIO())
    invariants = round((time.thread_time() - began) * 1000)
    print(json.dumps({"pages": found, "admin": admin, "check_invariants_ms": invariants}))


def partial_follow(client: Any) -> Callable[[str], Any]:
    """Return a reader that follows redirects (a page beyond the last one leads to the first)."""
    return lambda address: client.get(address, follow=True)


if __name__ == "__main__":
    main()
