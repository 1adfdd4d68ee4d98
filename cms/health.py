"""Whether this installation is alive: the database answers, when the worker was last seen, and whether mail leaves."""

import logging
import time

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from cms import worker
from cms.outbox.models import MailRoute

logger = logging.getLogger(__name__)


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database is reachable, 503 otherwise; a silent worker and mail trouble are told, not punished."""
    database_ok = _database_answers()
    body = {"database": "ok" if database_ok else "unreachable", "worker": worker_state()}
    if database_ok:
        body["mail"] = MailRoute.current_trouble() or "ok"
    response = JsonResponse(body, status=200 if database_ok else 503)
    response["Cache-Control"] = "no-store"
    return response


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        logger.exception("The database does not answer")
        return False


def worker_state() -> str:
    """Return `ok`, `silent` or `never seen`."""
    seen = worker.last_seen()
    if seen is None:
        return "never seen"
    return "ok" if time.time() - seen < worker.SILENT_AFTER else "silent"
