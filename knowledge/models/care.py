"""Who looks after a profile and how long ago somebody said that it is right; a row, so that no old draft undoes it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.version import kept


class ProfileKind(models.TextChoices):
    """Profiles that somebody outside the editorial office looks after."""

    MEMBER = "municipality", _("Municipality")
    CENTRE = "service_centre", _("Service centre")


class ProfileCare(models.Model):
    """The care for one profile in all its languages, found by what its pages share.

    Personal data: the owner's address, as long as the profile exists or until it is erased; staff are accounts.
    """

    profile_key = models.UUIDField(_("profile"), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=ProfileKind.choices, editable=False)
    title = models.CharField(_("title"), max_length=255, editable=False)
    owner_email = models.EmailField(
        _("e-mail of the owner"),
        blank=True,
        help_text=_("Who is asked once a year whether everything is right. It is shown to editors only."),
    )
    owner_language = models.CharField(
        _("language of the mails"), max_length=2, choices=[("de", "Deutsch"), ("en", "English")], default="de"
    )
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("may edit this page"),
        blank=True,
        related_name="+",
        help_text=_("They may edit this page and its translation, and nothing else; each change waits for approval."),
    )
    group = models.OneToOneField(
        "auth.Group", verbose_name=_("group"), null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    since = models.DateField(_("known since"), default=timezone.localdate, editable=False)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True, editable=False)
    letters = models.PositiveSmallIntegerField(_("letters on their way or sent"), default=0, editable=False)
    letter_on = models.DateField(_("last letter accepted on"), null=True, editable=False)
    has_mail_problem = models.BooleanField(_("a letter could not be delivered"), default=False, editable=False)
    change_wanted_on = models.DateField(_("change wanted on"), null=True, editable=False)
    left_on = models.DateField(_("off the map since"), null=True, editable=False)
    token_version = models.PositiveSmallIntegerField(default=1, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering: ClassVar = ["title", "pk"]
        verbose_name = _("care for a profile")
        verbose_name_plural = _("care for profiles")

    def __str__(self) -> str:
        return self.title

    @property
    def counted_from(self) -> dt.date:
        """Return the day from which a year counts: the last confirmation, without one the day we learned of it."""
        return self.confirmed_on or self.since


def confirmations() -> dict[uuid.UUID, tuple[dt.date | None, dt.date | None]]:
    """Return (last confirmed on, off the map since) by profile, from this process's memory."""
    return kept("confirmations", _confirmations)


def _confirmations() -> dict[uuid.UUID, tuple[dt.date | None, dt.date | None]]:
    rows = ProfileCare.objects.values_list("profile_key", "confirmed_on", "left_on")
    return {key: (confirmed_on, left_on) for key, confirmed_on, left_on in rows}


def off_the_map() -> set[uuid.UUID]:
    """Return the keys of profiles that nobody has confirmed for too long."""
    return {key for key, (_confirmed, left_on) in confirmations().items() if left_on is not None}


class Cared(models.Model):
    """Mixin of profiles: when they were confirmed, and whether they are still on the map."""

    translation_key: uuid.UUID  # of the page beside it

    class Meta:
        abstract = True

    @property
    def confirmed_on(self) -> dt.date | None:
        """Return the day of the last confirmation."""
        return confirmations().get(self.translation_key, (None, None))[0]

    @property
    def is_off_the_map(self) -> bool:
        """Return whether the profile has left map and directory."""
        return confirmations().get(self.translation_key, (None, None))[1] is not None
