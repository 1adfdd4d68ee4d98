"""What changes a run."""

from __future__ import annotations

from django.db.models import Max, Min

from trainings.models import Run, Session


def refresh_dates(run_id: int) -> None:
    """Write the first beginning and the last end of the sessions to the run, which lists are sorted by."""
    span = Session.objects.filter(run_id=run_id, cancelled_at__isnull=True).aggregate(
        starts_at=Min("starts_at"), ends_at=Max("ends_at")
    )
    Run.objects.filter(pk=run_id).update(**span)
