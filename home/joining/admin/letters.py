"""Letters to members: choose, write, look at it and at who gets it, test it, send it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.joining import letters
from home.joining.admin.access import WRITE, require
from home.joining.admin.forms import LetterForm
from home.joining.admin.pages import show


def letter(request: HttpRequest) -> HttpResponse:
    """Write to members. `step` says what to do with what was typed; sending needs the number that was shown."""
    require(request, WRITE)
    chosen = letters.Choice()
    initial = {"key": uuid.uuid4(), "audience": chosen.audience, "statuses": chosen.statuses}
    form = LetterForm(request.POST or None, initial=initial)
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        found = letters.recipients(form.choice)
        step = request.POST.get("step")
        if not getattr(request.user, "email", ""):
            form.add_error(None, _("Your account has no address for replies: enter one in your profile."))
        elif step == "send" and found and request.POST.get("count") == str(len(found)):
            return _send(request, found, form.letter)
        elif step == "test":
            letters.send_test(form.letter, actor=request.user)
            messages.success(request, _("The test mail goes to %(email)s.") % {"email": request.user.email})  # type: ignore[union-attr]  # signed in
        elif step == "send" and found:
            messages.warning(request, _("Meanwhile somebody else gets it. Please look at the number again."))
        preview = {"recipients": found, "mails": _previews(found, form.letter, request.user)}
    return show(request, "letter", title=_("Write to members"), form=form, preview=preview)


def _previews(found: list[letters.Recipient], written: letters.Letter, actor: Any) -> list[tuple[str, Any]]:
    """Return the mail as the first reader of each language gets it."""
    mails = []
    for language in ("de", "en"):
        recipient = next((one for one in found if one.locale == language), None)
        if recipient is not None:
            message = letters.message_for(recipient, written, actor=actor)
            with translation.override(language):
                mails.append((language, letters.render(message)))
    return mails


def _send(request: HttpRequest, found: list[letters.Recipient], written: letters.Letter) -> HttpResponse:
    count = letters.send(found, written, actor=request.user)
    text = ngettext("The letter goes to %(count)s address.", "The letter goes to %(count)s addresses.", count)
    messages.success(request, text % {"count": count})
    return redirect("letter")
