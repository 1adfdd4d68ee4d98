"""`manage.py check_invariants`: whether seats, waiting lists and mails add up; ends with 1 when something does not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from trainings.services.invariants import problems


class Command(BaseCommand):
    """Print what is wrong, one line each."""

    help = "Checks that seats, waiting lists, groups, log and mails of all runs add up."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print and end with 1 when something is wrong."""
        found = problems()
        for line in found:
            self.stdout.write(line)
        if found:
            sys.exit(1)
        self.stdout.write("Everything adds up.")
