"""`manage.py compile_catalogues`: see cms.catalogues."""

from typing import Any

from django.core.management.base import BaseCommand

from cms.catalogues import compile_changed


class Command(BaseCommand):
    """Compile the translation catalogues that changed."""

    help = "Compile the translation catalogues that changed (needs no gettext)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile and say which."""
        for source in compile_changed():
            self.stdout.write(f"Compiled {source.parent.parent.name}/{source.name}")
