"""The qualification catalogue as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingsConfig(AppConfig):
    """Keeps the rows behind offer pages."""

    name = "trainings"
    verbose_name = _("Training and exchange")

    def ready(self) -> None:
        """Make the row of an offer with its page, and keep the dates of a run with its sessions."""
        from cms import following
        from trainings import bulk_mail, clocks, mails, models, personal_data, receivers

        for model in (models.Run, models.Session, models.Pool):  # counting seats updates rows without a signal
            following.watch(model)
        receivers.connect()
        mails.register()
        bulk_mail.register()
        clocks.register()
        personal_data.connect()
