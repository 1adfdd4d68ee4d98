"""Municipalities are rows: from the official register, added by editors, or invented for the demo."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel

from cms.vocabularies import MunicipalityType, SizeClass, State
from knowledge.panels import MapPointPanel

LATITUDES = (47.0, 56.0)
LONGITUDES = (5.0, 16.0)
UMLAUTS_IN_TWO_LETTERS = re.compile("(?<=[aou])e")


def folded(text: str) -> str:
    """Return text as names are compared: `Göttingen`, `Goettingen` and `gottingen` are one, `Straße` is `strasse`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(UMLAUTS_IN_TWO_LETTERS.sub("", letters).split())


class FoldedField(models.CharField):
    """Holds the folded form of other fields of its row, brought up to date by every save."""

    def __init__(self, *args: Any, of: tuple[str, ...] = (), **kwargs: Any) -> None:
        kwargs |= {"editable": False, "default": ""}
        super().__init__(*args, **kwargs)
        self.of = of

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Fold the fields this one stands for."""
        text = folded(" ".join(getattr(model_instance, name) for name in self.of))[: self.max_length]
        setattr(model_instance, self.attname, text)
        return text


class MunicipalityQuerySet(models.QuerySet["Municipality"]):
    """Vocabulary of municipality queries."""

    def existing(self) -> MunicipalityQuerySet:
        """Leave out municipalities that have merged into others."""
        return self.filter(dissolved_on__isnull=True)

    def matching(self, text: str) -> MunicipalityQuerySet:
        """Find names for a chooser: the whole name, its beginning, counties, then the rest; each word must occur.

        Words may name the county too, so “Neuenkirchen Steinfurt” finds one of many; umlauts need not be typed.
        """
        wanted = folded(text)
        if not wanted:
            return self.none()
        every_word = Q()
        for word in wanted.split():
            every_word &= Q(search_name__contains=word)
        rank = Case(
            When(name__iexact=text.strip(), then=Value(0)),
            When(search_name__startswith=wanted, then=Value(1)),
            When(county="", then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return self.filter(every_word).order_by(rank, "name", "county", "pk")


class MunicipalityForm(WagtailAdminModelForm):
    """Keeps what the register says of its rows; what it lacks can be added."""

    register_says = ("name", "ars", "ags", "state", "county")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_registered:
            for name in self.register_says:
                self.fields[name].disabled = True


class Municipality(models.Model):
    """A town, county, union or other local authority; its keys are unique where the register gives one."""

    class Source(models.TextChoices):
        """Where a row comes from: imports change rows of the register only, the demo removes its own."""

        REGISTER = "register", _("Official register")
        OWN = "own", _("Added by editors")
        DEMO = "demo", _("Invented for the demo")

    class RegisterLevel(models.TextChoices):
        """Levels of the register; rows that are not in it have none."""

        MUNICIPALITY = "municipality", pgettext_lazy("level of the register", "Municipality")
        UNION = "union", pgettext_lazy("level of the register", "Municipal association")
        COUNTY = "county", pgettext_lazy("level of the register", "County")

    source = models.CharField(_("source"), max_length=8, choices=Source.choices, default=Source.OWN, editable=False)
    level = models.CharField(
        _("level"), max_length=12, choices=RegisterLevel.choices, blank=True, default="", editable=False
    )
    ars = models.CharField(
        _("regional key (ARS)"),
        max_length=12,
        blank=True,
        default="",
        validators=[RegexValidator(r"^(\d{5}|\d{9}|\d{12})$", _("5, 9 or 12 digits."))],
    )
    ags = models.CharField(
        _("municipality key (AGS)"),
        max_length=8,
        blank=True,
        default="",
        validators=[RegexValidator(r"^(\d{5}|\d{8})$", _("5 or 8 digits."))],
    )
    name = models.CharField(_("name"), max_length=120)
    type = models.CharField(_("type"), max_length=20, choices=MunicipalityType.choices)
    state = models.CharField(_("federal state"), max_length=2, choices=State.choices)
    county = models.CharField(_("name of the county"), max_length=120, blank=True, default="")
    county_ags = models.CharField(_("key of the county"), max_length=5, blank=True, default="", editable=False)
    latitude = models.FloatField(
        _("latitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LATITUDES[0]), MaxValueValidator(LATITUDES[1])],
    )
    longitude = models.FloatField(
        _("longitude"),
        null=True,
        blank=True,
        validators=[MinValueValidator(LONGITUDES[0]), MaxValueValidator(LONGITUDES[1])],
    )
    population = models.PositiveIntegerField(_("inhabitants"), null=True, blank=True)
    population_on = models.DateField(_("inhabitants as of"), null=True, blank=True)
    register_on = models.DateField(_("register as of"), null=True, blank=True, editable=False)
    dissolved_on = models.DateField(
        _("gone from the register"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Date of the first register without this municipality, which has merged into another one."),
    )
    search_name = FoldedField(max_length=250, of=("name", "county"))

    objects = MunicipalityQuerySet.as_manager()
    base_form_class = MunicipalityForm

    panels = [
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("type"), FieldPanel("state")]),
        FieldPanel("county"),
        MapPointPanel(),
        FieldRowPanel([FieldPanel("population"), FieldPanel("population_on")]),
        MultiFieldPanel([FieldRowPanel([FieldPanel("ags"), FieldPanel("ars")])], heading=_("Official keys")),
    ]

    class Meta:
        ordering = ["name", "county", "pk"]
        verbose_name = _("municipality")
        verbose_name_plural = pgettext_lazy("rows of the register", "municipalities")
        constraints = [
            models.UniqueConstraint(
                fields=["ars"],
                condition=~Q(ars=""),
                name="municipality_ars_once",
                violation_error_message=_("Another municipality has this regional key."),
            ),
            models.UniqueConstraint(
                fields=["ags"],
                condition=~Q(ags=""),
                name="municipality_ags_once",
                violation_error_message=_("Another municipality has this municipality key."),
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="municipality_state_exists"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,  # a comparison with NULL would pass
                    latitude__range=LATITUDES,
                    longitude__range=LONGITUDES,
                ),
                name="municipality_point_in_germany",
                violation_error_message=_("Give both coordinates of a point in Germany, or none."),
            ),
        ]

    def __str__(self) -> str:
        """Name the county too: 416 names occur more than once."""
        return f"{self.name} ({self.county})" if self.county else self.name

    @property
    def size_class(self) -> SizeClass | None:
        """Return the size class by inhabitants, nothing where their number is unknown."""
        return SizeClass.of(self.population)

    @property
    def point(self) -> tuple[float, float] | None:
        """Return (latitude, longitude) where known."""
        if self.latitude is None or self.longitude is None:
            return None
        return self.latitude, self.longitude

    @property
    def is_registered(self) -> bool:
        """Tell whether the official register keeps name and keys of this row."""
        return self.source == self.Source.REGISTER

    def clean(self) -> None:
        """Refuse half a point, with the message at the field that is missing."""
        super().clean()
        if (self.latitude is None) != (self.longitude is None):
            missing = "latitude" if self.latitude is None else "longitude"
            raise ValidationError({missing: _("Give both coordinates or none.")})
