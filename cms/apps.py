"""The foundation as a Django app."""

from django.apps import AppConfig
from django.core.signals import request_started
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Connects what follows a publish."""

    name = "cms"
    verbose_name = _("Site")

    def ready(self) -> None:
        """Connect the receivers and register the system checks."""
        from cms import address_index, checks, following, mailbox, throttle, version, worker  # noqa: F401 - checks and mailbox register themselves
        from cms.pagecache import admin  # noqa: F401 - registers its hooks
        from cms.pictures import making

        post_migrate.connect(address_index.put_back, sender=self)
        following.connect()
        request_started.connect(version.begin_anew, dispatch_uid="version-begin")
        worker.register(making.make_missing, every=3, group="pictures")
        worker.register(worker.publish_scheduled, every=60)
        worker.register(following.repair, every=60)
        worker.register(throttle.purge, every=3600)
