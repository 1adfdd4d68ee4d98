"""Asking how it was, anonymously, and what everybody said together."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from trainings import evaluating
from trainings.admin.pages import show
from trainings.forms.evaluation import EvaluationForm
from trainings.managing import Manage
from trainings.models import EvaluationToken
from trainings.services import closing
from trainings.views.certificates import own_run
from trainings.views.managing import by_token


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Ask the questions of the run once; what is stored leads back to nobody."""
    seat = found.seat(pk)
    token = found.evaluation_tokens.get(seat.pk)
    if token is None:
        raise Http404
    if token.is_used:
        return redirect(found.url())
    form = EvaluationForm(request.POST or None, run=found.run, request=request)
    if request.method == "POST" and form.is_valid():
        closing.evaluate(token, form.answers)
        return redirect(f"{found.url()}?done=evaluated")
    return render(request, "trainings/manage/evaluation.html", {"found": found, "form": form})


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the answers say together, from three answers on."""
    run = own_run(request, pk)
    invited = EvaluationToken.objects.filter(registration__run=run).count()
    found = evaluating.results(run, invited=invited)
    return show(request, "evaluation", title=_("Evaluation"), icon="form", run=run, found=found)


def admin_urls() -> list[URLPattern]:
    """Return the address of the results."""
    return [path("runs/<int:pk>/evaluation/", results, name="run_evaluation")]
