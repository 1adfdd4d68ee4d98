"""The list of enquiries, one enquiry with all that is done about it, the answer, the step to a member."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cms.privacy.models import AuditEntry
from home.joining import mails, membership, services
from home.joining.admin import forms
from home.joining.admin.access import ANSWER, enquiry_of, require
from home.joining.admin.pages import show
from home.joining.answers import lines
from home.joining.models import AnswerTemplate, Enquiry

PER_PAGE = 50


def index(request: HttpRequest) -> HttpResponse:
    """List enquiries, those that are due first; without a filter only what waits."""
    require(request, ANSWER)
    data = request.GET.copy()
    data.setdefault("status", forms.WAITING)
    form = forms.FilterForm(data)
    rows = Enquiry.objects.select_related("municipality", "assignee")
    page = Paginator(form.narrow(rows, request.user), PER_PAGE).get_page(request.GET.get("p"))
    kept = {name: value for name, value in request.GET.items() if name != "p"}
    counts = {"waiting": Enquiry.objects.waiting().count(), "overdue": Enquiry.objects.overdue().count()}
    return show(request, "list", title=_("Enquiries"), form=form, page_obj=page, query=urlencode(kept), counts=counts)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one enquiry; plan it, note something, delete it."""
    row = enquiry_of(request, pk)
    action = request.POST.get("action", "")
    plan = forms.PlanForm(request.POST if action == "plan" else None, instance=Enquiry.objects.get(pk=pk))
    note = forms.NoteForm(request.POST if action == "note" else None)
    if action and _act(request, row, action, plan, note):
        return redirect("enquiries" if action == "delete" else request.path)
    log = AuditEntry.objects.filter(subject_kind=services.SUBJECT, subject_id=str(row.pk)).select_related("actor")
    return show(
        request,
        "detail",
        title=str(row),
        row=row,
        lines=lines(row),
        plan=plan,
        note=note,
        notes=row.notes.select_related("author"),
        templates=_templates(row),
        can_join=row.may_become_member and not row.profile_id and membership.index_for(request.user) is not None,
        log=[(in_words(entry.action), entry) for entry in log.order_by("pk")],
    )


def _act(request: HttpRequest, row: Enquiry, action: str, plan: forms.PlanForm, note: forms.NoteForm) -> bool:
    """Do what a button of the page asks for; return whether it was done."""
    if action == "plan" and plan.is_valid():
        services.plan(row, actor=request.user, **plan.cleaned_data)
        messages.success(request, _("The change is saved."))
    elif action == "note" and note.is_valid():
        services.write_note(row, note.cleaned_data["text"], actor=request.user)
        messages.success(request, _("The note is saved."))
    elif action == "delete" and "sure" in request.POST:
        services.forget(row, actor=request.user)
        messages.success(request, _("The enquiry is deleted."))
    else:
        return False
    return True


def _templates(row: Enquiry) -> Any:
    return AnswerTemplate.objects.filter(Q(kind="") | Q(kind=row.kind))


def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an answer, beginning from a template; look at it, then send it."""
    row = enquiry_of(request, pk)
    form = forms.AnswerForm(request.POST or None, initial={"key": uuid.uuid4(), **_begin(request, row)})
    preview = None
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if request.POST.get("step") == "send":
            services.answer(row, **data, actor=request.user)
            messages.success(request, _("The answer goes to %(email)s.") % {"email": row.email})
            return redirect("enquiry", row.pk)
        with translation.override(row.locale):
            preview = mails.answer_mail(data["subject"], data["text"], reply_to="")
    return show(
        request, "answer", title=_("Answer"), row=row, form=form, preview=preview, lines=lines(row),
        templates=_templates(row),
    )  # fmt: skip


def _begin(request: HttpRequest, row: Enquiry) -> dict[str, str]:
    key = request.GET.get("template", "")
    template = _templates(row).filter(pk=key).first() if key.isdecimal() else None
    if template is None:
        return {}
    subject, text = template.filled(row)
    return {"subject": subject, "text": text}


def member(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the row and the draft profile of a municipality that joins."""
    row = enquiry_of(request, pk)
    if membership.index_for(request.user) is None:
        raise PermissionDenied
    if not row.may_become_member:
        messages.error(request, _("No municipality stands behind this enquiry."))
        return redirect("enquiry", row.pk)
    form = None
    if row.municipality is None:
        form = forms.PlaceForm(request.POST or None, initial={"name": row.municipality_text})
    if request.method == "POST" and (form is None or form.is_valid()):
        page = membership.become_member(row, place=form.place if form else None, actor=request.user)
        messages.success(request, _("The draft of the profile is there. Complete it and publish it."))
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    return show(request, "member", title=_("Becomes a member"), row=row, form=form)


def in_words(action: str) -> str:
    """Return what a line of the log says."""
    words = {
        "enquiry_sent": _("Sent"),
        "enquiry_confirmed": _("Address confirmed"),
        "enquiry_planned": _("Planned"),
        "enquiry_note": _("Note written"),
        "enquiry_answered": _("Answered"),
        "enquiry_member": _("Draft of the profile made"),
    }
    return words.get(action, action)
