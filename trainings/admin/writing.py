"""Mail to participants: write, look at it, send it to oneself, send it to everybody."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from trainings import bulk_mail
from trainings.admin.access import run_of_organiser
from trainings.admin.forms import LetterForm
from trainings.admin.pages import show, to_run
from trainings.models import Registration, Run
from trainings.services import mailing
from trainings.services.mailing import Letter


def _counts(run: Run) -> dict[str, int]:
    rows = Registration.objects.filter(run=run, anonymised_at__isnull=True).values_list("state", flat=True)
    return Counter(rows)


def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to participants. `step` says what to do with what was typed: look at it, test it, send it."""
    run = run_of_organiser(request, pk)
    initial = {"key": uuid.uuid4(), "states": request.GET.getlist("state") or ["confirmed"]}
    form = LetterForm(request.POST or None, run=run, counts=_counts(run), initial=initial)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        letter = _letter(form.cleaned_data)
        pool = form.cleaned_data.get("pool")
        rows = mailing.recipients(run, states=form.cleaned_data["states"], pool_id=int(pool) if pool else None)
        step = request.POST.get("step")
        if step == "send" and rows:
            return _send(request, run, rows, letter)
        if step == "test":
            _test(request, run, letter)
        preview = {"recipients": rows, "mails": _previews(run, rows, letter, request.user)}
    return show(request, "mail", title=_("Mail to participants"), icon="mail", run=run, form=form, preview=preview)


def _letter(data: dict[str, Any]) -> Letter:
    return Letter(**{name: data[name] for name in ("key", "subject", "text", "subject_en", "text_en")})


def _previews(run: Run, rows: list[Registration], letter: Letter, actor: Any) -> list[tuple[str, Any]]:
    """Return the mail as the first reader of each language gets it."""
    found = []
    for language in ("de", "en"):
        row = next((row for row in rows if row.booking.locale == language), None)
        if row is not None:
            message = mailing.message_for(run, row, letter, actor=actor)
            with translation.override(language):
                found.append((language, bulk_mail.render(message)))
    return found


def _send(request: HttpRequest, run: Run, rows: list[Registration], letter: Letter) -> HttpResponse:
    count = mailing.send(run, rows, letter, actor=request.user)
    text = ngettext("The mail goes to %(count)s person.", "The mail goes to %(count)s people.", count)
    messages.success(request, text % {"count": count})
    return redirect(to_run(run))


def _test(request: HttpRequest, run: Run, letter: Letter) -> None:
    address = getattr(request.user, "email", "")
    if not address:
        messages.error(request, _("Your account has no address: enter one in your profile."))
        return
    mailing.send_test(run, letter, actor=request.user)
    messages.success(request, _("The test mail goes to %(email)s.") % {"email": address})
