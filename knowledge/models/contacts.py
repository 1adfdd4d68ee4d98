"""People are records, not page text: chosen by pages, gone from every page the moment consent ends."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.snippets.blocks import SnippetChooserBlock

from cms.fields import ChoiceListField
from cms.i18n import in_language
from cms.vocabularies import State


class ConsentScope(models.TextChoices):
    """What a person agreed to."""

    PAGE = "page", _("Name and contact on this site")
    NETWORK = "network", _("This site, feeds and open data of the network")


class ContactPersonQuerySet(models.QuerySet["ContactPerson"]):
    """Who may be shown."""

    def published(self) -> ContactPersonQuerySet:
        """Keep people whose consent is given and not withdrawn."""
        return self.filter(consent_on__isnull=False, withdrawn_on__isnull=True)


class ContactPerson(models.Model):
    """A person with whom readers may get in touch; kept out of revisions, search and the reference index.

    Retention: as long as the consent holds; the withdrawal empties the record (`knowledge.services.people`).
    """

    name = models.CharField(_("name"), max_length=120)
    function_de = models.CharField(_("function, German"), max_length=160, blank=True)
    function_en = models.CharField(_("function, English"), max_length=160, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    hours_de = models.CharField(_("office hours, German"), max_length=160, blank=True)
    hours_en = models.CharField(_("office hours, English"), max_length=160, blank=True)
    topics = models.ManyToManyField(
        "knowledge.Topic", verbose_name=_("happy to answer on"), blank=True, related_name="+"
    )
    states = ChoiceListField(_("federal states"), options=State.choices, blank=True)
    consent_on = models.DateField(
        _("consent given on"), null=True, blank=True, help_text=_("Without this date nobody is shown.")
    )
    consent_scope = models.CharField(
        _("scope of consent"), max_length=10, choices=ConsentScope.choices, default=ConsentScope.PAGE
    )
    withdrawn_on = models.DateField(
        _("consent withdrawn on"),
        null=True,
        blank=True,
        help_text=_("From this day the person is gone from every page and draft, and the record is emptied."),
    )

    wagtail_reference_index_ignore = True
    objects = ContactPersonQuerySet.as_manager()

    panels: ClassVar = [
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldPanel("function_de"), FieldPanel("function_en"), FieldPanel("organisation")], heading=_("Function")
        ),
        MultiFieldPanel([FieldPanel(n) for n in ("phone", "email", "hours_de", "hours_en")], heading=_("Contact")),
        MultiFieldPanel([FieldPanel("topics"), FieldPanel("states")], heading=_("Responsible for")),
        MultiFieldPanel([FieldPanel(n) for n in ("consent_on", "consent_scope", "withdrawn_on")], heading=_("Consent")),
    ]

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("contact person")
        verbose_name_plural = _("contact people")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(name="", phone="", email=""),
                name="withdrawn_person_is_empty",
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("(consent withdrawn)"))

    @property
    def function(self) -> str:
        """Return the function in the active language."""
        return in_language(self, "function")

    @property
    def hours(self) -> str:
        """Return the office hours in the active language."""
        return in_language(self, "hours")

    @property
    def is_published(self) -> bool:
        """Return whether the person may be shown today."""
        return self.consent_on is not None and self.withdrawn_on is None

    def clean(self) -> None:
        """Empty the record when consent is withdrawn, so that no old revision can bring the person back."""
        if self.withdrawn_on is None and not self.name:
            from django.core.exceptions import ValidationError

            raise ValidationError({"name": _("Give the name.")})
        if self.withdrawn_on is not None:
            self.erase()

    def erase(self) -> None:
        """Empty everything that names the person; the row stays so that pages keep a valid reference."""
        for name in ("name", "function_de", "function_en", "organisation", "phone", "email", "hours_de", "hours_en"):
            setattr(self, name, "")
        self.withdrawn_on = self.withdrawn_on or timezone.localdate()


def person_field(label: Any, **kwargs: Any) -> models.ForeignKey:
    """Return a foreign key to a person that the reference index does not record."""
    field: models.ForeignKey = models.ForeignKey(
        ContactPerson, verbose_name=label, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", **kwargs
    )
    field.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # read by Wagtail
    return field


class PersonBlock(SnippetChooserBlock):
    """One person; empty as soon as the consent ends or the record is deleted."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(ContactPerson, **kwargs)

    def extract_references(self, value: Any) -> Any:
        """Keep people out of the reference index."""
        return ()

    class Meta:
        icon = "user"
        label = _("Person")
