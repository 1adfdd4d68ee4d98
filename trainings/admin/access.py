"""Who may do what with which run: asked by every view, at the row.

An organiser sees the own runs only (`Run.owner`), an administrator all. A reviewer sees applications and no way to
reach anybody. A run of nobody is seen by administrators only.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cms.vocabularies import Admission
from trainings.models import Run
from trainings.models.runs import RunQuerySet

ORGANISE = "trainings.change_run"
REVIEW = "trainings.add_review"
STATISTICS = "trainings.view_runstats"
SENSITIVE = "trainings.view_sensitiveanswer"


def is_organiser(user: Any) -> bool:
    """Return whether somebody organises runs at all."""
    return bool(user.has_perm(ORGANISE))


def is_reviewer(user: Any) -> bool:
    """Return whether somebody reviews applications at all."""
    return bool(user.has_perm(REVIEW))


def own_runs(user: Any) -> RunQuerySet:
    """Return the runs that somebody organises."""
    if user.is_superuser:
        return Run.objects.all()
    return Run.objects.filter(owner_id=user.pk) if is_organiser(user) else Run.objects.none()


def reviewed_runs(user: Any) -> RunQuerySet:
    """Return the runs whose applications somebody may judge."""
    runs = Run.objects.all() if is_reviewer(user) else own_runs(user)
    return runs.filter(admission=Admission.APPLICATION)


def run_of_organiser(request: HttpRequest, pk: int) -> Run:
    """Return a run that the user organises. Raises PermissionDenied, also for one that does not exist."""
    run = own_runs(request.user).filter(pk=pk).select_related("offer", "owner").prefetch_related("pools").first()
    if run is None:
        raise PermissionDenied
    return run


def run_of_reviewer(request: HttpRequest, pk: int) -> Run:
    """Return a run whose applications the user may judge. Raises PermissionDenied."""
    if not (is_reviewer(request.user) or is_organiser(request.user)):
        raise PermissionDenied
    run = reviewed_runs(request.user).filter(pk=pk).select_related("offer", "owner").prefetch_related("pools").first()
    if run is None:
        raise PermissionDenied
    return run


def require(request: HttpRequest, right: str) -> None:
    """Ask for a right that belongs to no row. Raises PermissionDenied."""
    if not request.user.has_perm(right):
        raise PermissionDenied


def of_run(run: Run, related: str, pk: int) -> Any:
    """Return a row of the run, never one of another run. Raises Http404."""
    return get_object_or_404(getattr(run, related), pk=pk)
