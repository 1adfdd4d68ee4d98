"""StreamField blocks every app may use; each has one template of the same name in templates/blocks/."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from cms.embeds import ConsentEmbedBlock
from cms.rich_text import PLAIN_TEXT, RICH_TEXT

AUDIO = ("mp3", "m4a", "ogg")  # all of them may be uploaded (WAGTAILDOCS_EXTENSIONS)
VIDEO = ("mp4", "webm")


class HeadingBlock(blocks.CharBlock):
    """A section heading (h2) that can be linked to."""

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "blocks/heading.html"
        description = _("Starts a section; appears in the table of contents.")
        preview_value = "Was wir anders machen würden"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add the anchor of the heading."""
        return {**super().get_context(value, parent_context), "anchor": slugify(value)}


class ParagraphBlock(blocks.RichTextBlock):
    """Running text."""

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        template = "blocks/paragraph.html"
        description = _("Running text with lists, links and small headings.")
        preview_value = "<p>Der Jugendhilfeausschuss hat den Plan <b>einstimmig</b> beschlossen.</p>"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": RICH_TEXT, **kwargs})


class PictureBlock(blocks.StructBlock):
    """A picture with alternative text and perhaps a caption; credit and licence come from the picture."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "blocks/image.html"
        description = _("A picture in the width of the text.")


class QuoteBlock(blocks.StructBlock):
    """What somebody said."""

    text = blocks.TextBlock(label=_("Quotation"))
    attribution = blocks.CharBlock(label=_("Who says so"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "blocks/quote.html"
        description = _("One strong sentence, with the person's function.")
        preview_value = {
            "text": "Erst als wir die Vereine fragten, kam Bewegung hinein.",
            "attribution": "Jugendpflegerin",
        }


class TitledTextBlock(blocks.StructBlock):
    """A title and a text: one of several steps, obstacles or questions."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN_TEXT)

    class Meta:
        icon = "list-ul"
        label = _("Point")


class StepsBlock(blocks.ListBlock):
    """Numbered points in an order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(TitledTextBlock(), **kwargs)

    class Meta:
        icon = "list-ol"
        label = _("Numbered points")
        template = "blocks/steps.html"
        description = _("What to do, one after the other.")
        preview_value = [{"title": "Fragen", "text": "<p>Wer ist schon unterwegs?</p>"}]


class AccordionBlock(blocks.ListBlock):
    """Questions that open to their answers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(TitledTextBlock(), **kwargs)

    class Meta:
        icon = "collapse-down"
        label = _("Questions and answers")
        template = "blocks/accordion.html"
        description = _("Each title opens its text.")
        preview_value = [{"title": "Brauchen wir einen Beschluss?", "text": "<p>Ja, er trägt über Wahlen hinweg.</p>"}]


class FactBlock(blocks.StructBlock):
    """One number or fact with its label."""

    label = blocks.CharBlock(label=_("Label"), max_length=80)
    value = blocks.CharBlock(label=_("Value"), max_length=200)


class FactsBlock(blocks.ListBlock):
    """A small box of facts."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(FactBlock(), **kwargs)

    class Meta:
        icon = "table"
        label = _("Facts")
        template = "blocks/facts.html"
        description = _("Numbers a reader takes along.")
        preview_value = [{"label": "Teilnehmende", "value": "24"}]


class CalloutBlock(blocks.StructBlock):
    """A remark that stands out: information, tip or warning."""

    kind = blocks.ChoiceBlock(
        label=_("Kind"),
        choices=[("info", _("Information")), ("tip", _("Tip")), ("warning", _("Warning"))],
        default="info",
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120)
    text = blocks.RichTextBlock(label=_("Text"), features=PLAIN_TEXT)

    class Meta:
        icon = "help"
        label = _("Remark")
        template = "blocks/callout.html"
        description = _("Use it sparingly: one on a page is read, five are not.")
        preview_value = {"kind": "tip", "title": "Früh fragen", "text": "<p>Der Kreis zahlt oft die Fahrt.</p>"}


class HeadedTableBlock(TableBlock):
    """A table whose first row or column is a header."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"table_options": {"contextMenu": True, "renderer": "text"}, **kwargs})

    def clean(self, value: Any) -> Any:
        """Refuse a table without header cells: screen readers need them."""
        cleaned = super().clean(value)
        if cleaned and not (cleaned.get("first_row_is_table_header") or cleaned.get("first_col_is_header")):
            raise ValidationError(_("Say which row or column is the header."))
        return cleaned

    class Meta:
        icon = "table"
        label = _("Table")
        template = "blocks/table.html"
        description = _("For real tables only, with a header row.")


class DownloadsBlock(blocks.ListBlock):
    """Files to download."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(DocumentChooserBlock(label=_("File")), **kwargs)

    class Meta:
        icon = "download"
        label = _("Files")
        template = "blocks/download.html"
        description = _("Files with format, size, language and whether they are accessible.")


class MediaBlock(blocks.StructBlock):
    """An own audio or video file; without captions (video) and transcript it cannot be published."""

    extensions: tuple[str, ...] = ()
    title = blocks.CharBlock(label=_("Title"), max_length=200)
    file = DocumentChooserBlock(label=_("File"))
    transcript = blocks.RichTextBlock(label=_("Transcript"), features=PLAIN_TEXT)

    def clean(self, value: Any) -> Any:
        """Refuse a file that browsers cannot play."""
        cleaned = super().clean(value)
        document = cleaned.get("file")
        if document and document.file_extension.lower() not in self.extensions:
            message = _("Choose a file that ends with: %(endings)s") % {"endings": ", ".join(self.extensions)}
            raise StructBlockValidationError({"file": ValidationError(message)})
        return cleaned


class AudioBlock(MediaBlock):
    """An own audio file with its transcript."""

    extensions = AUDIO

    class Meta:
        icon = "media"
        label = _("Audio")
        template = "blocks/audio.html"
        description = _("An own recording with its transcript.")


class VideoBlock(MediaBlock):
    """An own video with captions and transcript."""

    extensions = VIDEO
    captions = DocumentChooserBlock(label=_("Captions (WebVTT)"))
    poster = ImageBlock(label=_("Still picture"), required=False)

    def clean(self, value: Any) -> Any:
        """Refuse captions that are not WebVTT."""
        cleaned = super().clean(value)
        captions = cleaned.get("captions")
        if captions and captions.file_extension.lower() != "vtt":
            raise StructBlockValidationError({"captions": ValidationError(_("Choose a file that ends with: vtt"))})
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"
        description = _("An own video with captions and transcript.")


class LinkCardsBlock(blocks.ListBlock):
    """Cards of other pages; shown in the language of the reader."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(blocks.PageChooserBlock(label=_("Page")), **kwargs)

    class Meta:
        icon = "link"
        label = _("Cards of pages")
        template = "blocks/link_cards.html"
        description = _("Leads on to other pages of this site.")


class BodyBlock(blocks.StreamBlock):
    """The shared set for the running text of a page."""

    heading = HeadingBlock()
    paragraph = ParagraphBlock()
    image = PictureBlock()
    quote = QuoteBlock()
    steps = StepsBlock()
    facts = FactsBlock()
    callout = CalloutBlock()
    accordion = AccordionBlock()
    table = HeadedTableBlock()
    download = DownloadsBlock()
    video = VideoBlock()
    audio = AudioBlock()
    embed = ConsentEmbedBlock()
    link_cards = LinkCardsBlock()

    class Meta:
        template = "blocks/body.html"


class PointsBlock(blocks.StreamBlock):
    """Titled points only, for the ordered parts of a step page."""

    point = TitledTextBlock()


class LinesBlock(blocks.StreamBlock):
    """Short lines only, for actions and checklists."""

    line = blocks.CharBlock(label=_("Line"), max_length=300)


class WebLinkBlock(blocks.StructBlock):
    """A link to another site."""

    title = blocks.CharBlock(label=_("Title"), max_length=200)
    url = blocks.URLBlock(label=_("Address"))

    class Meta:
        icon = "link"
        label = _("Link")
