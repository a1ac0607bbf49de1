"""The Word template of reports, made by script: an officer may change its looks and give it back.

Word keeps Khmer apart: its font, size and weight are the complex-script ones of a style
(``w:cs``, ``w:szCs``, ``w:bCs``), which python-docx does not set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from locales import Language, text
from reports.sheets import FONTS

TABLE_STYLE = "Deimap table"
"""Tables of this style get the widths of their columns; others stay as the template has them."""
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
    "Title": _Look(25, True, GREEN, 60, 6),
    "Subtitle": _Look(17, False, INK, 0, 12),
    "Heading 1": _Look(16, True, GREEN, 18, 8, True),
    "Heading 2": _Look(11.5, True, INK, 8, 3, True),
    "Caption": _Look(9.5, True, INK, 4, 6, True),
    "List Bullet": _Look(9.5, False, INK, 0, 2),
    "Header": _Look(8.5),
    "Footer": _Look(8),
    "Deimap small": _Look(9, False, INK, 0, 4),
    "Deimap cell": _Look(9, False, INK, 1, 1),
    "Deimap head": _Look(9, True, INK, 1, 1, True),
    "Deimap stamp": _Look(13, True, RED, 6, 6),
    "Deimap picture": _Look(9, False, INK, 6, 2, True),
    "Deimap map": _Look(9, False, INK, 0, 2, True, True),
}
"""Style -> its looks; those that Word has not are added."""


def template(language: Language) -> bytes:
    """A template for reports in a language, as a Word file with tags between braces."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(22)
    for name, look in STYLES.items():
        _style(word, name, look, language)
    _table_style(word)
    _head_and_foot(word)
    _cover(word)
    _body(word, language)
    made = BytesIO()
    word.save(made)
    return made.getvalue()


def _style(word: WordDocument, name: str, look: _Look, language: Language) -> None:
    known = {style.name for style in word.styles}
    style: Any = (
        word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    )
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.keep_with_next, shape.page_break_before = look.with_next, look.opens_page
    properties = style.element.get_or_add_rPr()
    for child in list(properties):
        properties.remove(child)
    weight = "1" if look.bold else "0"
    half_points = str(round(2 * look.points))
    # the order of the schema: Word refuses another one
    _add(properties, "w:rFonts", ascii=FONTS["en"], hAnsi=FONTS["en"], cs=FONTS["km"])
    _add(properties, "w:b", val=weight)
    _add(properties, "w:bCs", val=weight)
    _add(properties, "w:color", val=look.colour)
    _add(properties, "w:sz", val=half_points)
    _add(properties, "w:szCs", val=half_points)
    _add(properties, "w:lang", val=_LOCALES[language], bidi=_LOCALES["km"])


def _add(parent: Any, tag: str, **attributes: str) -> Any:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
    return made


def _table_style(word: WordDocument) -> None:
    """Lines between rows, a pale head."""
    style: Any = word.styles.add_style(TABLE_STYLE, WD_STYLE_TYPE.TABLE)
    properties = _add(style.element, "w:tblPr")
    borders = _add(properties, "w:tblBorders")
    for side in ("top", "bottom"):
        _add(borders, f"w:{side}", val="single", sz="8", color=GREEN)
    _add(borders, "w:insideH", val="single", sz="4", color=GREY)
    head = _add(style.element, "w:tblStylePr", type="firstRow")
    _add(_add(head, "w:tcPr"), "w:shd", val="clear", fill=PALE)


def rule(table: Any) -> None:
    """Lines around every cell of a table."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _add(borders, f"w:{side}", val="single", sz="4", color=RULE)
    properties = table._tbl.tblPr
    # the order of the schema: widths and borders before what Word may add
    found = properties.find(qn("w:tblLayout"))
    if found is None:
        properties.append(borders)
    else:
        found.addprevious(borders)


def _head_and_foot(word: WordDocument) -> None:
    page = word.sections[0]
    page.header.paragraphs[0].text = "{{ title }} · {{ subtitle }}   {{ stamp }}"
    foot = page.footer.paragraphs[0]
    foot.text = "{{ made }} · {{ code }} · "
    _field(foot, "PAGE", "1")


def _field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field that Word counts anew; until then it shows what is written in it."""
    field = _add(paragraph._p, "w:fldSimple", instr=code)
    run = _add(field, "w:r")
    _add(run, "w:t").text = shown


def _cover(word: WordDocument) -> None:
    word.add_paragraph("{{ office }}")
    word.add_paragraph("{{ title }}", "Title")
    word.add_paragraph("{{ subtitle }}", "Subtitle")
    word.add_paragraph("{{ made }}")
    word.add_paragraph("{%p if stamp %}")
    word.add_paragraph("{{ stamp }}", "Deimap stamp")
    word.add_paragraph("{%p endif %}")
    word.add_paragraph("{{ anonymous }}", "Deimap small")


def _body(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{%p for section in sections %}")
    word.add_paragraph("{%p if section.title %}")
    word.add_paragraph("{%p if section.opens %}")
    word.add_paragraph("{{ section.title }}", "Heading 1").paragraph_format.page_break_before = True
    word.add_paragraph("{%p else %}")
    word.add_paragraph("{{ section.title }}", "Heading 1")
    word.add_paragraph("{%p endif %}")
    word.add_paragraph("{%p endif %}")
    word.add_paragraph("{%p for block in section.blocks %}")
    for kind, written in _BLOCKS.items():
        word.add_paragraph(f"{{%p if block.kind == '{kind}' %}}")
        written(word, language)
        word.add_paragraph("{%p endif %}")
    word.add_paragraph("{%p endfor %}")
    word.add_paragraph("{%p endfor %}")


def _words(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{{ block.words }}")


def _points(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{{ block.title }}", "Heading 2")
    word.add_paragraph("{%p for item in block.points %}")
    word.add_paragraph("{{ item }}", "List Bullet")
    word.add_paragraph("{%p endfor %}")


def _table(word: WordDocument, language: Language) -> None:
    _caption(word, "document.table", "Table", language)
    table: Any = word.add_table(4, 3, TABLE_STYLE)
    rows = (
        ("{%tc for one in block.columns %}", "{{ one }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    for place, cells in enumerate(rows):
        look = _add(table.rows[place]._tr.get_or_add_trPr(), "w:cantSplit")
        if place == 0:
            look.addnext(OxmlElement("w:tblHeader"))
        for cell, words in zip(table.rows[place].cells, cells, strict=True):
            cell.paragraphs[0].style = word.styles["Deimap head" if place == 0 else "Deimap cell"]
            cell.paragraphs[0].add_run(words)
    word.add_paragraph("", "Deimap small")


def _caption(word: WordDocument, key: str, sequence: str, language: Language) -> Paragraph:
    caption = word.add_paragraph(f"{text(key, language)} ", "Caption")
    _field(caption, f"SEQ {sequence} \\* ARABIC", "{{ block.number }}")
    caption.add_run(": {{ block.caption }}")
    return caption


def _picture(style: str) -> Callable[[WordDocument, Language], None]:
    def written(word: WordDocument, language: Language) -> None:
        word.add_paragraph("{{ block.picture }}", style)
        caption = _caption(word, "document.figure", "Figure", language)
        caption.paragraph_format.keep_with_next = False  # it stands under its picture

    return written


_BLOCKS: Mapping[str, Callable[[WordDocument, Language], None]] = {
    "words": _words,
    "points": _points,
    "table": _table,
    "chart": _picture("Deimap picture"),
    "map": _picture("Deimap map"),
}
"""Kind of a block -> what the template writes for it."""
