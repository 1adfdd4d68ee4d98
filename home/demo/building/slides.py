"""YAML to an accessible PPTX: every slide with a title, tables with a header row, speaker's notes, alt texts."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Cm, Pt

from home.demo.building.texts import FONT, LANGUAGES
from home.demo.motifs import MOTIFS
from home.demo.pictures import draw

WIDTH, HEIGHT = Cm(33.867), Cm(19.05)
BRAND, INK, PAPER, SAND, RULE = (
    RGBColor.from_string(colour) for colour in ("003D51", "0F222B", "FDFAF4", "F7EFE3", "D9D3C9")
)
STATIONS = ("9A4541", "8F5300", "3C732F", "007677", "3164A3", "874882")
TITLE = (Cm(2), Cm(1.2), Cm(29.8), Cm(2.8))
BODY = (Cm(2), Cm(4.4), Cm(29.8), Cm(11.6))
HALF = (Cm(2), Cm(4.4), Cm(14.6), Cm(11.6))
PICTURE = (Cm(17.6), Cm(4.4), Cm(14.2), Cm(9.47))
COVER_TITLE, COVER_TEXT = (Cm(2), Cm(3.6), Cm(14.6), Cm(6.4)), (Cm(2), Cm(10.2), Cm(14.6), Cm(4))
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
BULLET_NONE = f"{DRAWING}buNone"
KEPT_LAYOUTS = ("Title Slide", "Title and Content", "Title Only")


def slides(data: dict[str, Any], target: Path) -> None:
    """Write a set of slides; the first one is the cover."""
    show = Presentation()
    show.slide_width, show.slide_height = WIDTH, HEIGHT
    language = data.get("language", "de")
    show.core_properties.title = data["title"]
    show.core_properties.author = "Kommune goes International"
    show.core_properties.language = LANGUAGES[language]
    _master(show)
    for number, facts in enumerate(data["slides"]):
        _slide(show, facts, language, is_cover=number == 0)
    _set_language(show, LANGUAGES[language])
    show.save(str(target))


def _master(show: Any) -> None:
    """Give all slides the paper and, at the foot, the line with six stations: decoration that is not read out."""
    for layout in list(show.slide_layouts):
        if layout.name not in KEPT_LAYOUTS:
            show.slide_layouts.remove(layout)
    master = show.slide_master
    master.background.fill.solid()
    master.background.fill.fore_color.rgb = PAPER
    for holder in (master, *show.slide_layouts):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.idx in (0, 1):
                shape.left, shape.top, shape.width, shape.height = BODY if shape.placeholder_format.idx else TITLE
            else:
                shape._element.getparent().remove(shape._element)
    scratch = show.slides.add_slide(show.slide_layouts.get_by_name("Title Only"))
    for shape in _line(scratch.shapes):
        master.shapes._spTree.append(shape._element)
    first = show.slides._sldIdLst[0]
    show.part.drop_rel(first.rId)
    show.slides._sldIdLst.remove(first)


def _line(shapes: Any) -> list[Any]:
    height = Cm(17.7)
    made = [shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, height - Cm(0.06), WIDTH, Cm(0.12))]
    _fill(made[0], RULE)
    for number, colour in enumerate(STATIONS):
        dot = shapes.add_shape(MSO_SHAPE.OVAL, Cm(2 + number * 5.8), height - Cm(0.3), Cm(0.6), Cm(0.6))
        _fill(dot, RGBColor.from_string(colour))
        made.append(dot)
    return made


def _fill(shape: Any, colour: RGBColor) -> None:
    shape.fill.solid()
    shape.fill.fore_color.rgb = colour
    shape.line.fill.background()
    shape.shadow.inherit = False


def _slide(show: Any, facts: dict[str, Any], language: str, *, is_cover: bool) -> None:
    layout = "Title Slide" if is_cover else "Title Only" if "table" in facts else "Title and Content"
    slide = show.slides.add_slide(show.slide_layouts.get_by_name(layout))
    _place(slide.shapes.title, COVER_TITLE if is_cover else TITLE)
    _words(slide.shapes.title.text_frame, [facts["title"]], Pt(36 if is_cover else 30), BRAND, bold=True)
    slide.shapes.title.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM if is_cover else MSO_ANCHOR.MIDDLE
    if "table" in facts:
        _table(slide, facts["table"])
    else:
        place = COVER_TEXT if is_cover else HALF if "picture" in facts else BODY
        _place(slide.placeholders[1], place)
        _words(slide.placeholders[1].text_frame, facts["lines"], Pt(20 if is_cover else 22), INK)
    if motif := facts.get("picture"):
        _picture(slide, motif, language)
    slide.notes_slide.notes_text_frame.text = facts["notes"]


def _place(shape: Any, place: tuple[int, int, int, int]) -> None:
    shape.left, shape.top, shape.width, shape.height = place


def _words(frame: Any, lines: list[str], size: int, colour: RGBColor, *, bold: bool = False) -> None:
    frame.word_wrap = True
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(8)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.name, run.font.color.rgb = size, bold, FONT, colour
        if line[0].isdigit():  # numbered by hand: no bullet before it
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            properties.append(properties.makeelement(BULLET_NONE, {}))


def _table(slide: Any, rows: list[list[str]]) -> None:
    left, top, width, _height = BODY
    table = slide.shapes.add_table(len(rows), len(rows[0]), left, top, width, Cm(1.4) * len(rows)).table
    table.first_row, table.horz_banding = True, False
    for number, row in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, row, strict=True):
            cell.fill.solid()
            cell.fill.fore_color.rgb = BRAND if number == 0 else SAND
            _words(cell.text_frame, [text], Pt(17), PAPER if number == 0 else INK, bold=number == 0)


def _picture(slide: Any, motif: dict[str, Any], language: str) -> None:
    out = BytesIO()
    Image.open(BytesIO(draw(motif["motif"], motif["step"], motif["seed"]))).convert("RGB").save(out, "JPEG", quality=82)
    picture = slide.shapes.add_picture(out, *PICTURE)
    shown = MOTIFS[motif["motif"]]
    words = shown.alt_de if language == "de" else shown.alt_en
    picture._element.nvPicPr.cNvPr.set("descr", words)


def _set_language(show: Any, language: str) -> None:
    """Name the language at each run of text, in slides and notes: PowerPoint has no language of the whole file."""
    for slide in show.slides:
        for tree in (slide.shapes._spTree, slide.notes_slide.shapes._spTree):
            for run in tree.iter(f"{DRAWING}r"):
                run.get_or_add_rPr().set("lang", language)
