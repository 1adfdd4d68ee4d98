"""`manage.py privacy rules|purge|find|erase|replay`: retention and the rights of one person, from the command line."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.privacy import registry, services


class Command(BaseCommand):
    """One action."""

    help = (
        "Shows the retention rules, purges what is due, finds or erases one person, repeats erasures after a restore."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the action, an address where it needs one, and --dry-run."""
        parser.add_argument("action", choices=["rules", "purge", "find", "erase", "replay"])
        parser.add_argument("email", nargs="*", help="address; for replay all addresses of the restored backup")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be purged")

    def handle(self, *args: Any, action: str, email: list[str], dry_run: bool, **options: Any) -> None:
        """Do it and print what was done."""
        if action == "rules":
            for rule in registry.rules():
                self.stdout.write(f"{rule.key}: {rule.kept_for.days} days - {rule.label}")
        elif action == "purge":
            for key, count in services.purge_due(dry_run=dry_run).items():
                self.stdout.write(f"{key}: {count}")
        elif action == "replay":
            self.stdout.write(f"{services.replay_erasures(set(email))} people erased again.")
        elif len(email) != 1:
            raise CommandError("Give one e-mail address.")
        elif action == "find":
            self.stdout.write(json.dumps(services.export_person(email[0]), indent=2, ensure_ascii=False, default=str))
        else:
            self.stdout.write(json.dumps(services.erase_person(email[0])))
