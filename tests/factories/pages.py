"""Pages of every type, published, in both languages; nothing happens here that an editor could not do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils import timezone
from wagtail.models import Locale, Page

from home.models import AccessibilityPage, HomePage, LegalPage, NewsIndexPage, NewsPage, StandardPage, TeamPage
from home.newsletter.models import InfobriefIndexPage, InfobriefPage
from home.services.bootstrap import bootstrap
from knowledge.models import (
    ContactPerson,
    DevelopmentStep,
    GoodPracticePage,
    KnowledgeIndexPage,
    MaterialPage,
    Municipality,
    MunicipalityIndexPage,
    MunicipalityPage,
    ServiceCentreIndexPage,
    ServiceCentrePage,
    StepIndexPage,
    StepPage,
    Topic,
)
from trainings.models import ExchangePage, Offer, OfferIndexPage, Pool, Run, Session, TrainingPage

_numbers = count(1)
PARAGRAPH = [{"type": "paragraph", "value": "<p>Erst fragen, dann planen.</p>"}]


@dataclass
class Tree:
    """The site after bootstrap with one index page of each kind in both languages (German ones named)."""

    home: HomePage
    home_en: HomePage
    way: StepIndexPage
    knowledge: KnowledgeIndexPage
    offers: OfferIndexPage
    municipalities: MunicipalityIndexPage
    centres: ServiceCentreIndexPage
    news: NewsIndexPage
    infobrief: InfobriefIndexPage


INDEXES: dict[str, tuple[type[Page], str, str, str, str]] = {
    "way": (StepIndexPage, "Der Weg", "The way", "der-weg", "the-way"),
    "knowledge": (KnowledgeIndexPage, "Wissen", "Knowledge", "wissen", "knowledge"),
    "offers": (OfferIndexPage, "Angebote", "Offers", "angebote", "offers"),
    "municipalities": (MunicipalityIndexPage, "Kommunen", "Municipalities", "kommunen", "municipalities"),
    "centres": (ServiceCentreIndexPage, "Servicestellen", "Service centres", "servicestellen", "service-centres"),
    "news": (NewsIndexPage, "Aktuelles", "News", "aktuelles", "news"),
    "infobrief": (InfobriefIndexPage, "Infobrief", "Infobrief", "infobrief", "infobrief"),
}


def make_tree() -> Tree:
    """Return the bootstrapped site with its index pages in German and English; made unless `planted` has made it."""
    if not StepIndexPage.objects.exists():
        _plant()
    german = {name: row[0].objects.get(locale__language_code="de") for name, row in INDEXES.items()}
    homes = {code: HomePage.objects.get(locale__language_code=code) for code in ("de", "en")}
    return Tree(home=homes["de"], home_en=homes["en"], **german)


def _plant() -> None:
    bootstrap(with_register=False, say=lambda _text: None)
    home = HomePage.objects.get(locale__language_code="de")
    for model, german, english, slug, slug_en in INDEXES.values():
        translate(publish(model, home, title=german, slug=slug, show_in_menus=True), title=english, slug=slug_en)


def publish(model: type[Page], parent: Page, **fields: Any) -> Any:
    """Add a page below a parent and publish it."""
    relations = {name: fields.pop(name) for name in ("steps", "topics") if name in fields}
    number = next(_numbers)
    page = model(
        **{"title": f"Seite {number}", "slug": f"seite-{number}", "locale": parent.locale, "live": False, **fields}
    )
    page.draft_title = page.title
    parent.add_child(instance=page)
    for name, rows in relations.items():
        getattr(page, name).set(rows)
    page.save_revision().publish()
    return model.objects.get(pk=page.pk)


def translate(page: Page, language: str = "en", **texts: Any) -> Any:
    """Publish the translation of a page with its own texts."""
    page = page.specific
    translation = page.copy_for_translation(Locale.objects.get(language_code=language))
    number = next(_numbers)
    for name, value in {"title": f"Page {number}", "slug": f"page-{number}", **texts}.items():
        setattr(translation, name, value)
    translation.draft_title = translation.title
    translation.save_revision().publish()
    return type(page).objects.get(pk=translation.pk)


def step(code: str = "allies") -> DevelopmentStep:
    """Return one of the six steps."""
    return DevelopmentStep.objects.get(code=code)


def topic(code: str = "rural") -> Topic:
    """Return a topic by its code."""
    return Topic.objects.get(slug=code)


def make_municipality(**fields: Any) -> Municipality:
    """Make an invented town."""
    number = next(_numbers)
    return Municipality.objects.create(
        **{
            "name": f"Musterstadt {number}",
            "type": "town",
            "state": "NI",
            "county": "Landkreis Muster",
            "latitude": 52.4,
            "longitude": 9.7,
            "population": 21000,
            "source": "demo",
            **fields,
        }
    )


def make_person(**fields: Any) -> ContactPerson:
    """Make a person who agreed to be shown."""
    return ContactPerson.objects.create(
        **{
            "name": "Jo Beispiel",
            "function_de": "Jugendpflege",
            "function_en": "Youth work officer",
            "phone": "030 23125 000",
            "email": "jo@example.org",
            "consent_on": dt.date(2026, 1, 2),
            **fields,
        }
    )


def make_practice(tree: Tree, **fields: Any) -> GoodPracticePage:
    """Publish a good practice."""
    defaults = {
        "title": "Ein Bus fährt dreimal",
        "teaser": "Kurz gesagt: Der Bus fuhr.",
        "situation": "<p>Kein Bus.</p>",
        "how": PARAGRAPH,
        "results": "<p>Drei Fahrten.</p>",
        "steps": [step()],
        "topics": [topic()],
    }
    fields.setdefault("municipality", None)
    fields["municipality"] = fields["municipality"] or make_municipality()
    return publish(GoodPracticePage, tree.knowledge, **{**defaults, **fields})


def make_material(tree: Tree, **fields: Any) -> MaterialPage:
    """Publish a material that lies elsewhere."""
    defaults = {
        "title": "Eine Checkliste",
        "teaser": "Zwölf Fragen.",
        "material_type": "checklist",
        "link_url": "https://example.org/checkliste",
        "steps": [step()],
        "topics": [topic()],
    }
    return publish(MaterialPage, tree.knowledge, **{**defaults, **fields})


def make_profile(tree: Tree, **fields: Any) -> MunicipalityPage:
    """Publish the profile of a member."""
    municipality = fields.pop("municipality", None) or make_municipality()
    return publish(
        MunicipalityPage, tree.municipalities, **{"title": municipality.name, "municipality": municipality, **fields}
    )


def make_centre(tree: Tree, **fields: Any) -> ServiceCentrePage:
    """Publish a service centre."""
    defaults = {
        "title": "Servicestelle Muster",
        "area": "Landkreis Muster",
        "phone": "030 23125 001",
        "city": "Musterstadt",
    }
    municipality = fields.pop("municipality", None) or make_municipality()
    return publish(ServiceCentrePage, tree.centres, **{**defaults, "municipality": municipality, **fields})


def make_step_page(tree: Tree, code: str = "allies", **fields: Any) -> StepPage:
    """Publish the page of a step."""
    return publish(
        StepPage, tree.way, **{"title": step(code).name_de, "step": step(code), "in_brief": "<p>Kurz.</p>", **fields}
    )


def make_training(tree: Tree, **fields: Any) -> TrainingPage:
    """Publish a training without runs."""
    defaults = {
        "title": "Werkstatt Antrag",
        "training_kind": "workshop",
        "aims": "<p>Anträge schreiben.</p>",
        "audience": ["staff"],
        "steps": [step("training")],
    }
    return publish(TrainingPage, tree.offers, **{**defaults, **fields})


def make_exchange(tree: Tree, **fields: Any) -> ExchangePage:
    """Publish an exchange without runs."""
    defaults = {
        "title": "Studienfahrt nach Lyon",
        "exchange_kind": "visit",
        "countries": ["FR"],
        "window": "Mai",
        "partner_organisation": "Maison des jeunes",
        "steps": [step("training")],
    }
    return publish(ExchangePage, tree.offers, **{**defaults, **fields})


def make_run(page: TrainingPage | ExchangePage, *, starts_in: int = 30, seats: int | None = 20, **fields: Any) -> Run:
    """Make a published run of one day with one pool."""
    offer = Offer.objects.get(translation_key=page.translation_key)
    run = Run.objects.create(
        **{
            "offer": offer,
            "number": f"2027-{next(_numbers):03}",
            "mode": "onsite",
            "admission": "fcfs",
            "city": "Musterstadt",
            "published_at": timezone.now() - dt.timedelta(days=1),
            **fields,
        }
    )
    start = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0) + dt.timedelta(days=starts_in)
    Session.objects.create(run=run, starts_at=start, ends_at=start + dt.timedelta(hours=7))
    Pool.objects.create(run=run, mode="onsite", capacity=seats)
    return Run.objects.get(pk=run.pk)


def make_news(tree: Tree, **fields: Any) -> NewsPage:
    """Publish a news item."""
    return publish(NewsPage, tree.news, **{"title": "Neues", "body": PARAGRAPH, **fields})


def make_issue(tree: Tree, **fields: Any) -> InfobriefPage:
    """Publish an issue of the Infobrief."""
    editorial = {
        "type": "editorial",
        "value": {"text": "<p>Drei Kommunen haben beschlossen.</p>", "signature": "Ihr Team"},
    }
    dates = {"type": "dates", "value": {"title": "Termine", "most": 3}}
    defaults = {
        "title": "Drei Beschlüsse",
        "teaser": "Was in dieser Ausgabe steht.",
        "subject": "Drei Pläne sind beschlossen",
        "body": [editorial, dates],
    }
    return publish(InfobriefPage, tree.infobrief, **{**defaults, **fields})


def make_standard(tree: Tree, **fields: Any) -> StandardPage:
    """Publish a plain page."""
    return publish(StandardPage, tree.home, **{"title": "Über uns", "body": PARAGRAPH, **fields})


def make_team(tree: Tree, *people: ContactPerson, **fields: Any) -> TeamPage:
    """Publish the team page."""
    stream = [{"type": "person", "value": person.pk} for person in people]
    return publish(TeamPage, tree.home, **{"title": "Team", "people": stream, **fields})


def make_imprint(tree: Tree, **fields: Any) -> LegalPage:
    """Publish the imprint."""
    return publish(
        LegalPage,
        tree.home,
        **{"title": "Impressum", "slug": "impressum", "legal_kind": "imprint", "body": PARAGRAPH, **fields},
    )


def make_declaration(tree: Tree, **fields: Any) -> AccessibilityPage:
    """Publish the declaration on accessibility."""
    gap = {"type": "gap", "value": {"what": "Alte PDF", "reason": "Zu viele", "alternative": "Fragen Sie uns"}}
    defaults = {
        "title": "Barrierefreiheit",
        "slug": "barrierefreiheit",
        "conformity": "partial",
        "gaps": [gap],
        "method": "<p>Selbst.</p>",
        "created_on": dt.date(2026, 1, 1),
        "checked_on": dt.date(2026, 6, 1),
        "feedback_email": "a11y@example.org",
        "arbitration": "<p>Schlichtungsstelle</p>",
    }
    return publish(AccessibilityPage, tree.home, **{**defaults, **fields})
