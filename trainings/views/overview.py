"""Everything that one address takes part in, behind a link of its own that holds for a day."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from cms.public_forms import keeps_input
from trainings import links
from trainings.overview import Overview


@keeps_input
@require_safe
@sensitive_variables("token")
def show(request: HttpRequest, token: str) -> HttpResponseBase:
    """List the bookings of an address; a forged or old link gets the same neutral page as everywhere."""
    email = links.find_all(token)
    if email is None:
        response = render(request, "trainings/manage/unknown.html", status=404)
    else:
        response = render(request, "trainings/manage/all.html", {"overview": Overview(email)})
    response.headers["Referrer-Policy"] = "same-origin"
    return response
