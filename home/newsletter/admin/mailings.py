"""Mailings: the list, one with its live numbers, and everything that can be done with it. Only POST changes anything."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.outbox.models import MailRoute
from home.newsletter.admin.access import PREPARE, SEE, SEND, require, show
from home.newsletter.admin.forms import ScheduleForm, SegmentForm, TestForm
from home.newsletter.errors import MailingError
from home.newsletter.models import InfobriefPage, Mailing, MailingState, Subscriber
from home.newsletter.services import sending
from home.newsletter.services.counting import counts, counts_of

PER_PAGE = 30
S = MailingState


def _crumbs() -> list[tuple[str, Any]]:
    return [(reverse("infobrief_mailings"), _("Mailings"))]


def index(request: HttpRequest) -> HttpResponse:
    """List the mailings, the newest first."""
    require(request, SEE)
    rows = Mailing.objects.select_related("page").defer("html", "text").order_by("-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("p"))
    numbers = counts_of(row.pk for row in page.object_list)
    listed = [(row, numbers[row.pk]) for row in page.object_list]
    issues = InfobriefPage.objects.filter(archive_only=False, locale__language_code="de").exclude(
        mailings__isnull=False
    )
    context = {"page_obj": page, "listed": listed, "waiting": issues.order_by("-date")[:10]}
    return show(request, "mailings", title=_("Mailings"), **context)


def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the mailings of an issue, one a language; GET only offers the button."""
    require(request, PREPARE)
    page = get_object_or_404(InfobriefPage.objects.select_related("locale"), pk=pk)
    if request.method == "POST":
        found = sending.create(page, actor=request.user)
        own = next((one for one in found if one.page_id == page.pk), found[0])
        return redirect("infobrief_mailing", own.pk)
    existing = Mailing.objects.filter(page__translation_key=page.translation_key).order_by("-pk")
    return show(request, "issue", title=page.title, crumbs=_crumbs(), issue=page, mailings=existing)


def detail(request: HttpRequest, pk: int, *, forms: dict[str, Any] | None = None, status: int = 200) -> HttpResponse:
    """Show one mailing: what keeps it back, where its mails stand, what can be done."""
    require(request, SEE)
    mailing = get_object_or_404(Mailing.objects.select_related("page", "created_by"), pk=pk)
    is_open = mailing.state in (S.DRAFT, S.SCHEDULED)
    readers = Subscriber.objects.readers(mailing.language).interested(mailing.steps.all(), mailing.topics.all())
    context = {
        "mailing": mailing,
        "is_open": is_open,
        "problems": sending.problems(mailing) if is_open else [],
        "readers": readers.count() if is_open else 0,
        "counts": counts(mailing),
        "schedule_form": ScheduleForm(initial={"at": mailing.scheduled_for}),
        "segment_form": SegmentForm(instance=mailing),
        "test_form": TestForm(initial={"addresses": getattr(request.user, "email", "")}),
        "test_key": uuid.uuid4().hex,
        "route": MailRoute.current_trouble(),
        **(forms or {}),
    }
    response = show(request, "mailing", title=_title(mailing), crumbs=_crumbs(), **context)
    response.status_code = status
    return response


def _title(mailing: Mailing) -> str:
    name = mailing.subject or (mailing.page.title if mailing.page else str(mailing.get_kind_display()))
    return f"{name} ({mailing.get_language_display()})"


def numbers(request: HttpRequest, pk: int) -> HttpResponse:
    """Return only the numbers, for the page that shows them live."""
    require(request, SEE)
    mailing = get_object_or_404(Mailing.objects.defer("html", "text"), pk=pk)
    response = render(request, "newsletter/admin/numbers.html", {"mailing": mailing, "counts": counts(mailing)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


def content(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the frozen mail of a mailing that has begun."""
    require(request, SEE)
    mailing = get_object_or_404(Mailing, pk=pk)
    if request.GET.get("form") == "text":
        return HttpResponse(mailing.text, content_type="text/plain; charset=utf-8")
    return HttpResponse(mailing.html)


@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go out; every problem is told."""
    require(request, SEND)
    mailing = get_object_or_404(Mailing, pk=pk)
    form = ScheduleForm(request.POST)
    if not form.is_valid():
        return detail(request, pk, forms={"schedule_form": form})
    try:
        sending.schedule(mailing, at=form.cleaned_data["at"], actor=request.user)
    except MailingError as error:
        for sentence in error.sentences:
            messages.error(request, sentence)
    else:
        messages.success(request, _("The mailing goes out at the moment you chose."))
    return redirect("infobrief_mailing", pk)


@require_POST
def segment(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose some of the readers."""
    require(request, PREPARE)
    mailing = get_object_or_404(Mailing, pk=pk, state=S.DRAFT)
    form = SegmentForm(request.POST, instance=mailing)
    if form.is_valid():
        form.save()
        messages.success(request, _("The choice of readers is saved."))
    return redirect("infobrief_mailing", pk)


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test to named addresses."""
    require(request, PREPARE)
    mailing = get_object_or_404(Mailing.objects.select_related("page"), pk=pk, page__isnull=False)
    form = TestForm(request.POST)
    if not form.is_valid():
        return detail(request, pk, forms={"test_form": form})
    key = request.POST.get("key", "")[:32]
    assert mailing.page is not None
    sending.send_test(mailing.page, form.cleaned_data["addresses"], key=key or uuid.uuid4().hex, actor=request.user)
    messages.success(
        request, _("The test goes to %(addresses)s.") % {"addresses": ", ".join(form.cleaned_data["addresses"])}
    )
    return redirect("infobrief_mailing", pk)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Unschedule, pause, go on, end, or decide about unclear mails."""
    require(request, SEND)
    mailing = get_object_or_404(Mailing, pk=pk)
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is not None:
        messages.success(request, action(mailing, request.user))
    return redirect("infobrief_mailing", pk)


def _unschedule(mailing: Mailing, actor: Any) -> str:
    sending.unschedule(mailing, actor=actor)
    return _("The mailing is a draft again.")


def _pause(mailing: Mailing, actor: Any) -> str:
    sending.pause(mailing, actor=actor)
    return _("Nothing more goes out until somebody resumes.")


def _resume(mailing: Mailing, actor: Any) -> str:
    sending.resume(mailing, actor=actor)
    return _("The mailing goes on.")


def _cancel(mailing: Mailing, actor: Any) -> str:
    sending.cancel(mailing, actor=actor)
    return _("The mailing is cancelled. What has left has left.")


def _again(mailing: Mailing, actor: Any) -> str:
    count = sending.decide_unclear(mailing, again=True, actor=actor)
    text = ngettext("%(count)s unclear mail is sent again.", "%(count)s unclear mails are sent again.", count)
    return text % {"count": count}


def _close(mailing: Mailing, actor: Any) -> str:
    count = sending.decide_unclear(mailing, again=False, actor=actor)
    text = ngettext("%(count)s unclear mail is closed.", "%(count)s unclear mails are closed.", count)
    return text % {"count": count}


ACTIONS: dict[str, Callable[[Mailing, Any], str]] = {
    "unschedule": _unschedule,
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "again": _again,
    "close": _close,
}
