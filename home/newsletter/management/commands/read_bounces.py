"""`manage.py read_bounces [SOURCE]`: take in reports of mail that came back, from a folder, Maildir, mbox file or IMAP."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from home.newsletter import mailboxes
from home.newsletter.services import returning


class Command(BaseCommand):
    """Read the bounce mailbox."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where the mails lie."""
        parser.add_argument(
            "source", nargs="?", default="", help="folder, Maildir or mbox file; default: BOUNCE_MAILBOX"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and say what was found."""
        source = options["source"] or settings.BOUNCE_MAILBOX
        if not source:
            raise CommandError("Name a folder or file, or set BOUNCE_MAILBOX=imaps://user:password@host/INBOX")
        try:
            counted = returning.take_in(mailboxes.read(source))
        except mailboxes.MailboxError as error:
            raise CommandError(str(error)) from error
        for name, count in sorted(counted.items()):
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"{sum(counted.values())} mails read.")
