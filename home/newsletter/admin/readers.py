"""Readers: the list and one of them with the proof of consent. Nobody is added by hand: there would be no proof."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.privacy import audit
from home.newsletter.admin.access import CHANGE_READERS, READERS, SEE, require, show
from home.newsletter.admin.forms import BounceForm, ReaderFilter
from home.newsletter.models import InfobriefPage, Mailing, MailingState, Subscriber, SubscriberState
from home.newsletter.personal_data import STEPS_OF_CONSENT, describe, proof
from home.newsletter.services import bounces
from home.newsletter.services.counting import counts_of
from home.newsletter.services.subscribing import SUBJECT

PER_PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """List the readers with search and filters. What was typed stays out of the log of requests only by POST."""
    require(request, READERS)
    form = ReaderFilter(request.POST if request.method == "POST" else request.GET)
    rows = form.narrow(Subscriber.objects.order_by("-pk"))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    numbers = dict(Subscriber.objects.order_by().values_list("state").annotate(count=Count("pk")))
    chips = [(code, label, numbers.get(code, 0)) for code, label in SubscriberState.choices]
    kept = {name: value for name, value in request.GET.items() if name in ("state", "language") and value}
    context: dict[str, Any] = {
        "page_obj": page,
        "form": form,
        "chips": chips,
        "total": sum(numbers.values()),
        "query": urlencode(kept),
    }
    return show(request, "readers", title=_("Readers"), **context)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one reader with every step of the consent, deliveries and bounces."""
    require(request, READERS)
    row = get_object_or_404(Subscriber, pk=pk)
    context = {
        "row": row,
        "events": [(event, STEPS_OF_CONSENT.get(event.event, event.event)) for event in proof(row)],
        "deliveries": row.deliveries.select_related("mailing", "message").order_by("-pk")[:50],
        "bounces": row.bounces.all()[:50],
        "form": BounceForm(),
    }
    crumbs = [(reverse("infobrief_readers"), _("Readers"))]
    return show(request, "reader", title=row.email, crumbs=crumbs, **context)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a bounce, or block an address."""
    require(request, CHANGE_READERS)
    row = get_object_or_404(Subscriber, pk=pk)
    if request.POST.get("action") == "block":
        bounces.block_by_hand(row, actor=request.user)
        messages.success(request, _("The address is blocked: nothing goes there any more."))
    elif request.POST.get("action") == "bounce":
        form = BounceForm(request.POST)
        if form.is_valid():
            is_over = bounces.note_bounce(row, kind=form.cleaned_data["kind"], source="admin")
            audit.note("bounce_entered", subject=(SUBJECT, row.pk), actor=request.user, kind=form.cleaned_data["kind"])
            messages.success(request, _("Noted. Nothing goes to this address any more.") if is_over else _("Noted."))
    return redirect("infobrief_reader", pk)


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the proof of one reader as JSON; that it was taken is noted."""
    require(request, READERS)
    row = get_object_or_404(Subscriber, pk=pk)
    audit.note("reader_exported", subject=(SUBJECT, row.pk), actor=request.user)
    response = JsonResponse(describe(row), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="reader.json"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def statistics(request: HttpRequest) -> HttpResponse:
    """Show what is known without tracking anybody: accepted, came back, unsubscribed by the link of an issue."""
    require(request, SEE)
    over = Mailing.objects.filter(state__in=(MailingState.SENDING, MailingState.DONE, MailingState.CANCELLED))
    rows = (
        over.filter(kind=Mailing.Kind.ISSUE)
        .defer("html", "text")
        .annotate(
            came_back=Count("deliveries__bounces", distinct=True),
            left=Count("deliveries", filter=Q(deliveries__unsubscribed_at__isnull=False), distinct=True),
        )
    )
    mailings = list(rows.order_by("-started_at"))
    numbers = counts_of(row.pk for row in mailings)
    readers = (
        Subscriber.objects.order_by()
        .values("language")
        .annotate(
            active=Count("pk", filter=Q(state=SubscriberState.ACTIVE)),
            alerts=Count("pk", filter=Q(state=SubscriberState.ACTIVE, wants_alerts=True)),
        )
    )
    listed = [(row, numbers[row.pk]) for row in mailings]
    languages: Any = {"de": _("German"), "en": _("English")}
    by_language = [(languages[row["language"]], row["active"], row["alerts"]) for row in readers.order_by("language")]
    issues = InfobriefPage.objects.live().select_related("views", "locale").order_by("-date", "locale")
    context = {"listed": listed, "by_language": by_language, "issues": issues}
    return show(request, "statistics", title=_("Statistics"), **context)
