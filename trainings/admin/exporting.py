"""Lists to take away: a POST, because each one is noted in the log."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from cms.privacy import audit
from trainings.admin.access import SENSITIVE, run_of_organiser, run_of_reviewer
from trainings.export_lists import PURPOSES
from trainings.exports import FORMATS
from trainings.notifications import RUN


@require_POST
def export(request: HttpRequest, pk: int, purpose: str) -> HttpResponse:
    """Send one list. The name of the file holds the number of the run, never a person's."""
    found, kind = PURPOSES.get(purpose), request.POST.get("format", "xlsx")
    if found is None or kind not in FORMATS:
        raise Http404
    run = run_of_reviewer(request, pk) if found.for_reviewers else run_of_organiser(request, pk)
    if found.sensitive and not request.user.has_perm(SENSITIVE):
        raise PermissionDenied
    tables = found.build(run)
    rows = sum(len(table.rows) for table in tables)
    audit.note("exported", subject=(RUN, run.pk), actor=request.user, list=purpose, format=kind, rows=rows)
    _label, content_type, write = FORMATS[kind]
    headers = {
        "Content-Disposition": f'attachment; filename="{run.number}-{purpose}.{kind}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(write(tables), content_type=content_type, headers=headers)
