"""`manage.py worker`: run the registered jobs until SIGTERM."""

import logging
from typing import Any

from django.core.management.base import BaseCommand

from cms import serving, worker

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    """Run the jobs that the apps registered, each group in a thread of its own."""

    help = "Run the registered jobs (mail, index, clocks) until Ctrl-C or SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until asked to end, or until whoever started this is gone."""
        serving.loaded()
        stop = serving.stop_on_signals()
        serving.end_with_parent()
        logger.info("Worker runs %s", ", ".join(job.name for job in worker.registered()))
        worker.run(stop)
