"""`manage.py serve`: prepare the installation, then run web server and worker until Ctrl-C."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import mailbox, prepare, serving


class Command(BaseCommand):
    """Bring everything up to date, start site and worker, end them together."""

    help = "Bring database, content and static files up to date, then run site and worker until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Add what containers need: one part only, another address to listen on."""
        parser.add_argument("--only", choices=["web", "prepare"], help="run one part only (for containers)")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")

    def handle(self, *args: Any, only: str | None, host: str, **options: Any) -> None:
        """Run the wanted part, or everything."""
        if only in (None, "web") and not serving.is_port_free(host, settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is in use by another program. "
                f"End that one, or choose another port: PORT={settings.PORT + 1} make run"
            )
        if only == "web":
            serving.end_with_parent()
            serving.web(host, settings.PORT)
            return
        serving.loaded()
        if only == "prepare":
            prepare.everything(self._say, demo=bool(settings.DEMO_CONTENT))
        else:
            self.check()
            prepare.everything(self._say, demo=bool(settings.DEMO_CONTENT))
            self._run(host)

    def _run(self, host: str) -> None:
        stop = serving.stop_on_signals()
        children = [
            serving.start("The web server", ["serve", "--only", "web", "--host", host]),
            serving.start("The worker", ["worker"]),
        ]
        serving.when_ready(host, settings.PORT, self._welcome, stop)
        ended = serving.run_together(children, stop)
        if ended:
            raise CommandError(f"{ended.name} ended by itself (code {ended.process.returncode}); everything has ended.")
        self._say("Everything has ended.")

    def _welcome(self) -> None:
        for line in [
            "",
            f"The site is at  {settings.SITE_URL}/",
            *login_lines(),
            *mail_lines(),
            "Ctrl-C ends everything.",
            "",
        ]:
            self._say(line)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def login_lines() -> list[str]:
    """Return address and login of the first editor; on a public server the password is nobody's to print."""
    lines = [f"Editors log in at  {settings.SITE_URL}/admin/"]
    if not settings.SHOW_LOGIN:
        return lines
    admin = get_user_model().objects.filter(username="admin").first()
    password = settings.FIRST_ADMIN_PASSWORD
    is_first = admin is not None and admin.check_password(password)
    return [*lines, f"   user: admin   password: {password if is_first else '(the one you set yourself)'}"]


def mail_lines() -> list[str]:
    """Return where mail lands."""
    if mailbox.is_local():
        return [f"Mail lands in  {mailbox.mail_folder()}  and is listed in the admin under Reports."]
    return [f"Mail goes out through  {settings.EMAIL_HOST}."]
