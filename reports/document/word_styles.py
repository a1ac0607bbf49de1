"""Styles of a report in Word: every one knows Khmer, and an officer may change them.

Word keeps Khmer apart: its font, size and weight are the complex-script ones of a style
(``w:cs``, ``w:szCs``, ``w:bCs``), which python-docx does not set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from locales import Language
from reports.sheets import FONTS

TABLE_STYLE = "Deimap table"
"""Tables of this style get the widths of their columns; others stay as the template has them."""
TILES_STYLE = "Deimap tiles"
"""Key figures side by side."""
GREEN, INK, RED, PALE, GREY = "0F5C4C", "1E2A2B", "8A2B0E", "F4F5F1", "D5DAD3"
RULE = "7C8683"
"""Lines between which a hand writes."""
_LOCALES: Mapping[Language, str] = {"en": "en-GB", "km": "km-KH"}


@dataclass(frozen=True)
class _Look:
    """Looks of a style: points, weight, colour, points before and after."""

    points: float
    bold: bool = False
    colour: str = INK
    before: float = 0.0
    after: float = 6.0
    with_next: bool = False
    opens_page: bool = False


STYLES: Mapping[str, _Look] = {
    "Normal": _Look(10.5),
    "Title": _Look(25, True, GREEN, 40, 6),
    "Subtitle": _Look(17, False, INK, 0, 12),
    "Heading 1": _Look(16, True, GREEN, 18, 8, True),
    "Heading 2": _Look(11.5, True, INK, 8, 3, True),
    "Caption": _Look(9.5, True, INK, 4, 6, True),
    "List Bullet": _Look(9.5, False, INK, 0, 2),
    "Header": _Look(8.5),
    "Footer": _Look(8),
    "Deimap office": _Look(11, False, INK, 60, 0),
    "Deimap brief title": _Look(18, True, GREEN, 2, 0),
    "Deimap brief area": _Look(12.5, False, INK, 0, 2),
    "Deimap brief heading": _Look(12, True, GREEN, 5, 1, True),
    "Deimap contents": _Look(14, True, GREEN, 40, 6, True),
    "TOC 1": _Look(10.5, False, INK, 0, 2),
    "Deimap small": _Look(9, False, INK, 0, 4),
    "Deimap gap": _Look(3, False, INK, 0, 0),
    "Deimap cell": _Look(9, False, INK, 1, 1),
    "Deimap head": _Look(8.5, True, INK, 1, 1, True),
    "Deimap tile": _Look(8.5, False, INK, 3, 0, True),
    "Deimap figure": _Look(15, True, GREEN, 0, 3),
    "Deimap stamp": _Look(13, True, RED, 6, 6),
    "Deimap picture": _Look(9, False, INK, 6, 2, True),
    "Deimap map": _Look(9, False, INK, 0, 2, True, True),
}
"""Style -> its looks; those that Word has not are added."""


def add_styles(word: WordDocument, language: Language) -> None:
    """The styles of a report in a Word file."""
    for name, look in STYLES.items():
        _style(word, name, look, language)
    _table_style(word)
    _tiles_style(word)


def _style(word: WordDocument, name: str, look: _Look, language: Language) -> None:
    known = {style.name for style in word.styles}
    style: Any = (
        word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing = 1.0
    shape.keep_with_next, shape.page_break_before = look.with_next, look.opens_page
    for line in style.element.xpath(
        "./w:pPr/w:pBdr | ./w:pPr/w:tabs | ./w:pPr/w:contextualSpacing"
    ):
        line.getparent().remove(line)
    if "heading" in name and name not in known:
        # found by whoever goes from heading to heading
        add(style.element.get_or_add_pPr(), "w:outlineLvl", val="0")
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    weight = "1" if look.bold else "0"
    half_points = str(round(2 * look.points))
    # the order of the schema: Word refuses another one
    add(properties, "w:rFonts", ascii=FONTS["en"], hAnsi=FONTS["en"], cs=FONTS["km"])
    add(properties, "w:b", val=weight)
    add(properties, "w:bCs", val=weight)
    add(properties, "w:color", val=look.colour)
    add(properties, "w:sz", val=half_points)
    add(properties, "w:szCs", val=half_points)
    add(properties, "w:lang", val=_LOCALES[language], bidi=_LOCALES["km"])


def add(parent: Any, tag: str, **attributes: str) -> Any:
    """An element of WordprocessingML at the end of another."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def _table_style(word: WordDocument) -> None:
    """Lines between rows, a pale head."""
    style: Any = word.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    properties = add(style.element, "w:tblPr")
    borders = add(properties, "w:tblBorders")
    for side in ("top", "bottom"):
        add(borders, f"w:{side}", val="single", sz="8", color=GREEN)
    add(borders, "w:insideH", val="single", sz="4", color=GREY)
    margins = add(properties, "w:tblCellMar")
    for side in ("left", "right"):
        add(margins, f"w:{side}", w="60", type="dxa")
    head = add(style.element, "w:tblStylePr", type="firstRow")
    add(add(head, "w:tcPr"), "w:shd", val="clear", fill=PALE)


def _tiles_style(word: WordDocument) -> None:
    """Pale cells with white lines between them."""
    style: Any = word.styles.add_style(TILES_STYLE, WD_STYLE_TYPE.TABLE)
    properties = add(style.element, "w:tblPr")
    borders = add(properties, "w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        add(borders, f"w:{side}", val="single", sz="24", color="FFFFFF")
    add(add(style.element, "w:tcPr"), "w:shd", val="clear", fill=PALE)


def rule(table: Any) -> None:
    """Lines around every cell of a table."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        add(borders, f"w:{side}", val="single", sz="4", color=RULE)
    properties = table._tbl.tblPr
    # the order of the schema: widths and borders before what Word may add
    found = properties.find(qn("w:tblLayout"))
    if found is None:
        properties.append(borders)
    else:
        found.addprevious(borders)
