"""Querysets for templates, one question each."""

from __future__ import annotations

from typing import Any

from django import template
from django.apps import apps
from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from cms.vocabularies import MemberStatus
from home.models import LegalPage, NewsPage
from knowledge.models import GoodPracticePage, KnowledgeIndexPage, MunicipalityPage, ServiceCentrePage, StepPage
from search.places import SHELVES
from trainings.catalogue import first_day
from trainings.models import ExchangePage, Run, TrainingPage

register = template.Library()
FEW = 3


@register.simple_tag(takes_context=True)
def site_root(context: dict[str, Any]) -> Page:
    """Return the home page in the active language."""
    site = Site.find_for_request(context["request"])
    return site.root_page.localized


@register.simple_tag
def menu(root: Page) -> list[tuple[str, str]]:
    """Return title and address of each entry of the menu; the knowledge base shows its two shelves."""
    found = []
    for page in root.get_children().live().in_menu().specific():
        if isinstance(page, KnowledgeIndexPage):
            found += [(_("Practice"), page.shelf_url("practice")), (_("Materials"), page.shelf_url("material"))]
        else:
            found.append((page.title, page.url))
    return found


@register.simple_tag
def first_page(model: str, page: Page) -> Page | None:
    """Return the first live page of a type in the language of a page."""
    return apps.get_model(model).objects.live().filter(locale=page.locale).first()


@register.simple_tag
def legal_pages(page: Page) -> Any:
    """Return the legal pages of the footer."""
    return LegalPage.objects.live().filter(locale=page.locale).order_by("legal_kind", "path")


@register.simple_tag
def step_pages(page: Page) -> Any:
    """Return the six steps."""
    return StepPage.objects.live().filter(locale=page.locale).order_by("step__number")


@register.simple_tag
def newest_news(page: Page) -> Any:
    """Return the newest news whose deadline is not over."""
    news = NewsPage.objects.live().filter(locale=page.locale)
    return news.exclude(news_kind="call", deadline__lt=timezone.localdate()).order_by("-date", "-pk")[:FEW]


@register.simple_tag
def next_offers(page: Page) -> list[Any]:
    """Return the offers of the next runs, and exchanges that have dates of their own."""
    today, found = timezone.localdate(), {}
    for run in Run.objects.published().coming().for_display():
        for model in (TrainingPage, ExchangePage):
            offer = model.objects.live().filter(locale=page.locale, translation_key=run.offer.translation_key).first()
            if offer:
                found.setdefault(offer.pk, offer)
        if len(found) == FEW:
            break
    own = ExchangePage.objects.live().filter(locale=page.locale, starts_on__gte=today).order_by("starts_on")
    return sorted([*found.values(), *own[:FEW]], key=first_day)[:FEW]


@register.simple_tag
def network_sizes(page: Page) -> dict[str, int]:
    """Count members and service centres."""
    members = MunicipalityPage.objects.live().filter(locale=page.locale).exclude(member_status=MemberStatus.FORMER)
    centres = ServiceCentrePage.objects.live().filter(locale=page.locale)
    return {"members": members.count(), "centres": centres.count()}


@register.simple_tag
def leaf(request: HttpRequest, page: Page) -> Leaf[Page]:
    """Return one leaf of the practices below a page."""
    children = page.get_children().live().type(GoodPracticePage).order_by("-first_published_at").specific()
    return Paginator(children, SHELVES["practice"].page_size).get_page(request.GET.get("page"))
