"""Blocks of an issue: the same few for the web page, the HTML mail and the plain text."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.blocks import PictureBlock
from cms.rich_text import PLAIN_TEXT

MOST_DATES = 10


class EditorialBlock(blocks.StructBlock):
    """The opening: who speaks to the readers, and about what."""

    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN_TEXT)
    signature = blocks.CharBlock(label=_("Signed by"), required=False, max_length=160)

    class Meta:
        icon = "pilcrow"
        label = _("Editorial")
        description = _("A few sentences that say why this issue is worth reading.")
        preview_value = {"text": "<p>Drei Kommunen haben ihren Plan beschlossen.</p>", "signature": "Ihr KGI-Team"}


class IssueTextBlock(blocks.StructBlock):
    """A section of its own."""

    title = blocks.CharBlock(label=_("Title"), max_length=140)
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN_TEXT)

    class Meta:
        icon = "doc-full"
        label = _("Text")
        description = _("A short text with a title. Longer ones are better as a news page with a teaser here.")
        preview_value = {"title": "Frist vorgezogen", "text": "<p>Anträge bis zum 1. Oktober.</p>"}


class TeasersBlock(blocks.StructBlock):
    """Pages of this site: title, short text and link come from the page, in the reader's language."""

    title = blocks.CharBlock(label=_("Title"), max_length=140)
    pages = blocks.ListBlock(blocks.PageChooserBlock(label=_("Page")), label=_("Pages"), min_num=1, max_num=8)

    class Meta:
        icon = "link"
        label = _("Pages of this site")
        description = _("Practices, materials, offers, news: chosen here, told by their own short text.")


class DatesBlock(blocks.StructBlock):
    """Coming offers, filled in by itself and frozen when the issue is sent."""

    title = blocks.CharBlock(label=_("Title"), max_length=140)
    most = blocks.IntegerBlock(label=_("How many at most"), min_value=1, max_value=MOST_DATES, default=5)

    class Meta:
        icon = "date"
        label = _("Coming dates")
        description = _("The next trainings and exchanges. They are filled in by themselves when the issue is sent.")
        preview_value = {"title": "Termine", "most": 3}


class IssueBlock(blocks.StreamBlock):
    """What an issue is made of."""

    editorial = EditorialBlock()
    text = IssueTextBlock()
    teasers = TeasersBlock()
    dates = DatesBlock()
    picture = PictureBlock()

    class Meta:
        block_counts: Any = {"editorial": {"max_num": 1}}
