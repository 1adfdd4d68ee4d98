"""The site before any content: languages, home pages, vocabularies, collections, groups, workflow, administrator."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from cms.i18n import EASY
from cms.models import SiteSettings, User
from home.joining.services import ensure_consent_text
from home.models import ContactSettings, HomePage
from home.newsletter.services.texts import ensure_consent_texts as ensure_infobrief_texts
from home.services.groups import REVIEWERS, ensure_groups
from knowledge.models import Municipality
from knowledge.services.vocabularies import load_vocabularies
from trainings.services.texts import ensure_consent_texts

HOME_KEY = uuid.uuid5(uuid.NAMESPACE_URL, "kgi:home")
LANGUAGES = ("de", "en", EASY)
COLLECTIONS = ("Bilder", "Dateien", "Servicestellen")
CLAIMS = {
    "de": ("start-de", "Kommune goes International", "Junge Menschen in die Welt: Wir zeigen Kommunen den Weg."),
    "en": ("start-en", "Kommune goes International", "Young people into the world: we show municipalities the way."),
}
HTTP, HTTPS = 80, 443
Say = Callable[[str], None]


def bootstrap(*, admin_password: str | None = None, with_register: bool = True, say: Say = print) -> None:
    """Make what is missing, leave what is there; safe to call at every start."""
    with transaction.atomic():
        locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
        homes = [_home(code, locales[code]) for code in CLAIMS]
        _site(homes[0])
        for row in (SiteSettings, ContactSettings):
            row.load()  # made here, so that no visitor's page makes it
        added = load_vocabularies()
        ensure_consent_texts()
        ensure_infobrief_texts()
        ensure_consent_text()
        _collections()
        ensure_groups(homes)
        _workflow(homes)
    say(f"Languages, home pages, groups and workflow are there; {added} rows of vocabularies added.")
    if with_register:
        _register(say)
    if admin_password:
        _administrator(admin_password, say)


def _home(code: str, locale: Locale) -> HomePage:
    """Return the live home page of a language; without one Wagtail would serve German pages under its prefix."""
    page = HomePage.objects.filter(locale=locale).first()
    if page is None:
        slug, title, claim = CLAIMS[code]
        page = HomePage(title=title, slug=slug, draft_title=title, claim=claim, locale=locale, translation_key=HOME_KEY)
        root = Page.get_first_root_node()
        assert root is not None
        root.add_child(instance=page)
        page.save_revision().publish()
    return page


def _site(home: HomePage) -> None:
    """Let the site begin at the German home page and know its own address, which feeds and sitemaps print."""
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True, hostname="localhost")
    if not isinstance(site.root_page.specific if site.root_page_id else None, HomePage):
        site.root_page, site.site_name = home, "Kommune goes International"
    address = urlsplit(settings.SITE_URL)
    site.hostname = address.hostname or "localhost"
    site.port = address.port or (HTTPS if address.scheme == "https" else HTTP)
    site.save()
    for welcome in Page.objects.filter(depth=2, content_type__model="page", slug="home"):
        welcome.delete()


def _collections() -> None:
    root = Collection.get_first_root_node()
    assert root is not None
    known = set(root.get_children().values_list("name", flat=True))
    for name in COLLECTIONS:
        if name not in known:
            root.add_child(instance=Collection(name=name))


def _workflow(homes: list[HomePage]) -> None:
    """Let a second person release what editors without the right to publish submit."""
    from django.contrib.auth.models import Group

    workflow, new = Workflow.objects.get_or_create(name="Freigabe")
    if not new:
        return
    task = GroupApprovalTask.objects.create(name="Freigabe durch eine zweite Person")
    task.groups.add(Group.objects.get(name=REVIEWERS))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    for home in homes:
        WorkflowPage.objects.get_or_create(page=home, defaults={"workflow": workflow})


def _register(say: Say) -> None:
    """Load the shipped register of municipalities once."""
    from knowledge.services.register import import_register

    if not Municipality.objects.filter(source=Municipality.Source.REGISTER).exists():
        say("Loading the register of municipalities …")
        import_register()


def _administrator(password: str, say: Say) -> None:
    """Make the first administrator; an account that exists keeps its password."""
    if not User.objects.filter(is_superuser=True).exists():
        User.objects.create_superuser("admin", "admin@example.org", password)
        say("Administrator “admin” made.")
