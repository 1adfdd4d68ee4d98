"""The site's own user, image, document and settings: concrete before the first migration."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.documents.models import AbstractDocument, Document
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.images.models import AbstractImage, AbstractRendition, Image, get_upload_to

from cms.i18n import in_language, language_suffix
from cms.pictures.fields import PictureField
from cms.throttle import ThrottleBucket
from cms.version import Counter, FollowedPage
from cms.vocabularies import Licence, YesNoUnknown

__all__ = [
    "Counter",
    "CustomDocument",
    "CustomImage",
    "CustomRendition",
    "FollowedPage",
    "SiteSettings",
    "ThrottleBucket",
    "User",
]


class User(AbstractUser):
    """An editor's account; visitors never have one."""

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class CustomImage(AbstractImage):
    """A picture with its credit and licence; the alternative text is given where it is used, with a default here."""

    file = PictureField(_("file"), upload_to=get_upload_to, width_field="width", height_field="height")
    credit = models.CharField(_("credit"), max_length=200, help_text=_("Who made the picture, e.g. “Jo Beispiel”."))
    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices, default=Licence.ALL_RIGHTS)
    alt_de = models.CharField(_("usual alternative text, German"), max_length=250, blank=True)
    alt_en = models.CharField(_("usual alternative text, English"), max_length=250, blank=True)

    admin_form_fields = (*Image.admin_form_fields, "credit", "licence", "alt_de", "alt_en")

    class Meta(AbstractImage.Meta):
        verbose_name = _("image")
        verbose_name_plural = _("images")

    @property
    def default_alt_text(self) -> str:
        """Return the usual alternative text in the active language; empty when nobody has written one."""
        return in_language(self, "alt") or ""


class CustomRendition(AbstractRendition):
    """One size and format of a picture."""

    image = models.ForeignKey(CustomImage, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="unique_rendition")
        ]


class CustomDocument(AbstractDocument):
    """A file to download; what a reader must know of it (language, licence, accessible or not) is said here once."""

    title_en = models.CharField(_("title in English"), max_length=255, blank=True)
    language = models.CharField(
        _("language of the file"), max_length=10, default="de", choices=[("de", _("German")), ("en", _("English"))]
    )
    accessible = models.CharField(
        _("accessible"),
        max_length=7,
        choices=YesNoUnknown.choices,
        default=YesNoUnknown.UNKNOWN,
        help_text=_("“Yes” only after a check: headings, alternative texts, reading order, document language."),
    )
    licence = models.CharField(_("licence"), max_length=20, choices=Licence.choices, default=Licence.ALL_RIGHTS)

    admin_form_fields = (*Document.admin_form_fields, "title_en", "language", "accessible", "licence")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def clean(self) -> None:
        """Judge the ending of a file; one that its field has refused already is not judged twice."""
        if self.file:
            super().clean()

    @property
    def label(self) -> str:
        """Return the title in the active language, German where there is no English one."""
        return self.title_en if get_language() == "en" and self.title_en else self.title

    @property
    def format_name(self) -> str:
        """Return the file format as people say it, e.g. PDF."""
        return PurePosixPath(self.filename).suffix.lstrip(".").upper()

    @property
    def accessible_label(self) -> str:
        """Say whether the file is accessible; nothing is claimed before a check."""
        words = {YesNoUnknown.YES: _("accessible"), YesNoUnknown.NO: _("not accessible")}
        return str(words.get(YesNoUnknown(self.accessible), _("not checked for accessibility")))

    @property
    def short_facts(self) -> list[str]:
        """Return what a list says of the file: format, size, accessible or not."""
        size = [filesizeformat(self.file_size)] if self.file_size else []
        return [self.format_name, *size, self.accessible_label]


class PartnerValue(blocks.StructValue):
    """A partner's values, read like a bilingual row."""

    @property
    def name(self) -> str:
        """Return the name in the active language."""
        return str(self["name_en"] if language_suffix() == "en" else self["name_de"])


class PartnerBlock(blocks.StructBlock):
    """One partner of the network: its name in both languages, its address, perhaps a logo."""

    name_de = blocks.CharBlock(label=_("Name in German"))
    name_en = blocks.CharBlock(label=_("Name in English"))
    url = blocks.URLBlock(label=_("Address"), required=False)
    logo = ImageChooserBlock(label=_("Logo"), required=False)

    class Meta:
        icon = "group"
        label = _("Partner")
        value_class = PartnerValue


@register_setting(icon="home", order=10)
class SiteSettings(BaseGenericSetting):
    """Who runs and funds the site and what the footer says; names of ministries change, so they are data."""

    operator_name = models.CharField(_("operator"), max_length=200, blank=True)
    operator_address = models.TextField(_("address of the operator"), blank=True)
    contact_email = models.EmailField(_("general e-mail address"), blank=True)
    contact_phone = models.CharField(_("general phone number"), max_length=40, blank=True)
    funder_text_de = models.CharField(_("funding note, German"), max_length=300, blank=True)
    funder_text_en = models.CharField(_("funding note, English"), max_length=300, blank=True)
    funder_url = models.URLField(_("address of the funder"), blank=True)
    funder_logo = models.ForeignKey(
        CustomImage,
        verbose_name=_("logo of the funder"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    funder_checked_on = models.DateField(_("funding note checked on"), null=True, blank=True)
    partners = StreamField([("partner", PartnerBlock())], verbose_name=_("partners"), blank=True)
    footer_de = models.TextField(_("footer text, German"), blank=True)
    footer_en = models.TextField(_("footer text, English"), blank=True)
    notice_title_de = models.CharField(_("title of the notice, German"), max_length=120, blank=True)
    notice_title_en = models.CharField(_("title of the notice, English"), max_length=120, blank=True)
    notice_text_de = models.TextField(_("text of the notice, German"), blank=True)
    notice_text_en = models.TextField(_("text of the notice, English"), blank=True)
    accessibility_standard = models.CharField(
        _("accessibility standard cited"), max_length=120, default="EN 301 549 V3.2.1 (WCAG 2.1 AA)"
    )

    panels: ClassVar = [
        MultiFieldPanel(
            [FieldPanel(n) for n in ("operator_name", "operator_address", "contact_email", "contact_phone")],
            heading=_("Operator"),
        ),
        MultiFieldPanel(
            [
                FieldPanel(n)
                for n in ("funder_text_de", "funder_text_en", "funder_url", "funder_logo", "funder_checked_on")
            ],
            heading=_("Funding"),
        ),
        FieldPanel("partners"),
        MultiFieldPanel([FieldPanel("footer_de"), FieldPanel("footer_en")], heading=_("Footer")),
        MultiFieldPanel(
            [FieldPanel(n) for n in ("notice_title_de", "notice_title_en", "notice_text_de", "notice_text_en")],
            heading=_("Notice on every page"),
            help_text=_("Shown above every page while it has a title in both languages."),
        ),
        FieldPanel("accessibility_standard"),
    ]

    class Meta:
        verbose_name = _("site: operator, funding, footer, notice")
