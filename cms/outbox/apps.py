"""The outbox as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Has the worker send what waits, in a thread of its own: a hanging mail server holds up nobody else."""

    name = "cms.outbox"
    label = "outbox"
    verbose_name = _("Outbox")

    def ready(self) -> None:
        """Register the pump with the worker and the bodies of mails with the retention."""
        from cms import worker
        from cms.outbox import admin, personal_data, pump  # noqa: F401 - the admin pages register themselves

        worker.register(pump.tick, every=1, group="mail")
        personal_data.connect()
