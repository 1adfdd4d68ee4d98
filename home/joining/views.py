"""Pages of visitors: ask, join, confirm. Every sending ends on the same page, whoever is known here already."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import Page

from cms.models import CustomDocument
from cms.pages import private_paths
from cms.public_forms import keeps_input
from cms.vocabularies import YesNoUnknown
from home.joining import letters, links, services
from home.joining.answers import lines
from home.joining.forms import AskForm, BarrierForm, FileForm
from home.joining.models import Status
from home.joining.wizard import TITLES, Wizard
from trainings.models import RunMaterial

HIGHEST_KEY = 2**31


def _public_page(request: HttpRequest) -> Any:
    """Return the page that the visitor came from; nothing for one that not everybody may see."""
    key = request.GET.get("page", "")
    if not key.isdecimal() or int(key) >= HIGHEST_KEY:
        return None
    page = Page.objects.live().filter(pk=int(key)).first()
    return None if page is None or page.path.startswith(private_paths()) else page.specific


def _step_of(page: Any) -> str:
    if getattr(page, "step_id", None):
        return str(page.step.code)
    steps = list(page.steps.all()[:1]) if hasattr(page, "steps") else []
    return str(steps[0].code) if steps else ""


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Take a question about anything; the page one came from stands in the form."""
    page = _public_page(request)
    about = {"page_id": page.pk, "step": _step_of(page)} if page else {}
    return _take(request, AskForm, "ask", about, page=page)


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def ask_barrier(request: HttpRequest) -> HttpResponse:
    """Take the report of a barrier."""
    page = _public_page(request)
    return _take(request, BarrierForm, "barrier", {"page_id": page.pk} if page else {}, page=page)


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def ask_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the wish for an accessible version of a public file that is not accessible."""
    document = (
        CustomDocument.objects.filter(pk=pk).exclude(accessible=YesNoUnknown.YES).first() if pk < HIGHEST_KEY else None
    )
    if document is None or not _is_public(document):
        raise Http404
    return _take(request, FileForm, "file", {"document_id": document.pk}, document=document)


def _is_public(document: CustomDocument) -> bool:
    """Return whether the title may be shown: not of a restricted collection, not handed out to participants."""
    is_handed_out = RunMaterial.objects.filter(document=document).exists()
    return not is_handed_out and not document.collection.get_view_restrictions().exists()


def _take(
    request: HttpRequest, form_class: type[AskForm], name: str, about: dict[str, Any], **shown: Any
) -> HttpResponse:
    form = form_class(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        services.submit(form.submission(**about), channel=f"form {name}")
        return redirect("enquiry_sent")
    return render(request, f"joining/{name}.html", {"form": form, **shown, "about": shown.get("page")} | {"page": None})


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Lead through the guided form; what was typed goes along from page to page."""
    wizard = Wizard(request)
    step = "who"
    if request.method == "POST":
        step, is_ready = wizard.go()
        if is_ready:
            services.submit(wizard.submission(), channel="form join")
            return redirect("enquiry_sent")
    order = wizard.order
    context = {
        "form": wizard.form(step),
        "step": step,
        "title": TITLES[step],
        "number": order.index(step) + 1,
        "total": len(order),
        "sender": wizard.data.get("sender", ""),
        "hidden": wizard.hidden(step) if request.method == "POST" else [],
        "summary": wizard.summary() if step == "check" else [],
    }
    return render(request, "joining/join.html", context)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next: the same for everybody."""
    response = render(request, "joining/sent.html", {"sender": settings.DEFAULT_FROM_EMAIL})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show what was sent and two buttons; confirm or delete when one of them is pressed."""
    row = links.find(token)
    if row is None:
        return render(request, "joining/confirm.html", {"is_gone": True}, status=404)
    done = ""
    if request.method == "POST" and not getattr(request, "is_forged", False):
        done = "deleted" if "delete" in request.POST else "confirmed"
        services.forget(row) if done == "deleted" else services.confirm(row)
    is_new = row.status == Status.NEW
    context = {"row": row, "lines": [] if done == "deleted" else lines(row), "done": done, "is_new": is_new}
    return render(request, "joining/confirm.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def end_letters(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button; take an address off the list of mail to members when it is pressed.

    The signed token is all the proof there is to ask for, so that mail programs can press too (RFC 8058).
    """
    digest = links.find_digest(token)
    if digest is None:
        raise Http404
    if request.method == "POST":
        letters.refuse(digest)
    context = {"is_done": request.method == "POST", "language": get_language()}
    response = render(request, "joining/end_letters.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
