"""`manage.py bootstrap`: everything a site needs before its first page of content; safe to call again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from cms import local_secrets
from home.services.bootstrap import bootstrap


class Command(BaseCommand):
    """Make languages, home pages, vocabularies, groups, workflow and the first administrator."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the first password from the settings, else from the secrets of this installation."""
        password = settings.FIRST_ADMIN_PASSWORD or local_secrets.load(settings.DATA_DIR)["admin_password"]
        bootstrap(admin_password=password, say=self.stdout.write)
