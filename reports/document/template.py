"""The Word template of reports, made by script: an officer may change its looks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph

from locales import Language, text
from reports.document.picture import TEXT_WIDTH
from reports.document.word_styles import RED, TABLE_STYLE, TILES_STYLE, add, add_styles

_HEADINGS = (
    ("cover and section.opens", "Heading 1", True),
    ("cover", "Heading 1", False),
    ("section.opens", "Deimap brief heading", True),
    ("true", "Deimap brief heading", False),
)
"""When a heading stands, its style, and whether a page begins with it."""
_MARKED = "_Toc{{ section.number }}"
"""The bookmark of a heading, which the contents refer to."""


def template(language: Language) -> bytes:
    """A template for reports in a language, as a Word file with tags between braces."""
    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(22)
    add_styles(word, language)
    _head_and_foot(word)
    _cover(word, language)
    _head_of_brief(word)
    _body(word, language)
    made = BytesIO()
    word.save(made)
    return made.getvalue()


def _head_and_foot(word: WordDocument) -> None:
    page = word.sections[0]
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    for paragraph in (head, foot):
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    head.add_run("{{ head }}\t")
    looks = head.add_run("{{ stamp }}")._r.get_or_add_rPr()
    for tag, value in (("w:b", "1"), ("w:bCs", "1"), ("w:color", RED)):
        add(looks, tag, val=value)
    foot.add_run("{{ made }} · {{ code }}\t")
    _field(foot, "PAGE", "1")
    foot.add_run(" / ")
    _field(foot, "NUMPAGES", "1")
    # of a document without cover every page says it: each may be torn off
    page.footer.add_paragraph("{% if not cover %}{{ anonymous }}{% endif %}", "Footer")


def _field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field that Word counts anew; until then it shows what is written in it."""
    field = add(paragraph._p, "w:fldSimple", instr=code)
    run = add(field, "w:r")
    add(run, "w:t").text = shown


def _cover(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{%p if cover %}")
    word.add_paragraph("{{ office }}", "Deimap office")
    word.add_paragraph("{{ title }}", "Title")
    word.add_paragraph("{{ subtitle }}", "Subtitle")
    word.add_paragraph("{{ made }}")
    word.add_paragraph("{%p if stamp %}")
    word.add_paragraph("{{ stamp }}", "Deimap stamp")
    word.add_paragraph("{%p endif %}")
    word.add_paragraph(text("document.contents", language), "Deimap contents")
    _contents(word)
    word.add_paragraph("{{ anonymous }}", "Deimap small")
    word.add_paragraph("{%p endif %}")


def _contents(word: WordDocument) -> None:
    """A real table of contents: each heading with a field that finds its page."""
    opens = word.add_paragraph("", "Deimap gap")
    _mark(opens, "begin", dirty="1")
    add(add(opens._p, "w:r"), "w:instrText").text = ' TOC \\o "1-1" \\h '
    _mark(opens, "separate")
    word.add_paragraph("{%p for section in sections %}")
    word.add_paragraph("{%p if section.title %}")
    entry = word.add_paragraph("{{ section.title }}\t", "TOC 1")
    stops = entry.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    _field(entry, f"PAGEREF {_MARKED} \\h", "")
    word.add_paragraph("{%p endif %}")
    word.add_paragraph("{%p endfor %}")
    _mark(word.add_paragraph("", "Deimap gap"), "end")


def _mark(paragraph: Paragraph, kind: str, **more: str) -> None:
    add(add(paragraph._p, "w:r"), "w:fldChar", fldCharType=kind, **more)


def _head_of_brief(word: WordDocument) -> None:
    """A document without cover: its head stands above its first section."""
    word.add_paragraph("{%p if not cover %}")
    word.add_paragraph("{{ office }}", "Deimap small")
    word.add_paragraph("{{ title }}", "Deimap brief title")
    word.add_paragraph("{{ subtitle }}", "Deimap brief area")
    word.add_paragraph("{%p endif %}")


def _body(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{%p for section in sections %}")
    word.add_paragraph("{%p if section.title %}")
    for place, (asked, style, opens) in enumerate(_HEADINGS):
        word.add_paragraph(f"{{%p {'elif' if place else 'if'} {asked} %}}")
        heading = word.add_paragraph("", style)
        add(heading._p, "w:bookmarkStart", id="{{ section.number }}", name=_MARKED)
        heading.add_run("{{ section.title }}")
        add(heading._p, "w:bookmarkEnd", id="{{ section.number }}")
        heading.paragraph_format.page_break_before = opens
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
    word.add_paragraph("{%p if block.small %}")
    word.add_paragraph("{{ block.words }}", "Deimap small")
    word.add_paragraph("{%p else %}")
    word.add_paragraph("{{ block.words }}")
    word.add_paragraph("{%p endif %}")


def _points(word: WordDocument, language: Language) -> None:
    word.add_paragraph("{{ block.title }}", "Heading 2")
    word.add_paragraph("{%p for item in block.points %}")
    word.add_paragraph("{{ item }}", "List Bullet")
    word.add_paragraph("{%p endfor %}")


def _figures(word: WordDocument, language: Language) -> None:
    """Tiles: what a number counts, and under it the number."""
    table: Any = word.add_table(3, 3, TILES_STYLE)
    rows = (
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for one in row %}", "{{ one[0] }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    _write(table, rows, lambda _: "Deimap tile")
    table.cell(1, 1).add_paragraph("{{ one[1] }}", "Deimap figure")
    word.add_paragraph("", "Deimap gap")


def _table(word: WordDocument, language: Language) -> None:
    _caption(word, "document.table", "Table", language)
    table: Any = word.add_table(4, 3, TABLE_STYLE)
    rows = (
        ("{%tc for one in block.columns %}", "{{ one }}", "{%tc endfor %}"),
        ("{%tr for row in block.rows %}", "", ""),
        ("{%tc for cell in row %}", "{{ cell }}", "{%tc endfor %}"),
        ("{%tr endfor %}", "", ""),
    )
    _write(table, rows, lambda place: "Deimap cell" if place else "Deimap head")
    add(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
    word.add_paragraph("", "Deimap gap")


def _write(table: Any, rows: Sequence[tuple[str, ...]], style: Callable[[int], str]) -> None:
    """Words into cells; no row is cut in two."""
    for place, cells in enumerate(rows):
        add(table.rows[place]._tr.get_or_add_trPr(), "w:cantSplit")
        for cell, words in zip(table.rows[place].cells, cells, strict=True):
            cell.paragraphs[0].style = style(place)
            cell.paragraphs[0].add_run(words)


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


def _across(word: WordDocument, language: Language) -> None:
    """A picture on a page that lies across, between two that do not; head and foot go on."""
    upright: Any = word.sections[0]._sectPr
    lying = deepcopy(upright)
    size = lying.find(qn("w:pgSz"))
    size.set(qn("w:w"), str(Mm(297).twips))
    size.set(qn("w:h"), str(Mm(210).twips))
    size.set(qn("w:orient"), "landscape")
    ends = word.add_paragraph("", "Deimap gap")
    ends._p.get_or_add_pPr().append(deepcopy(upright))
    word.add_paragraph("{{ block.picture }}", "Deimap picture")
    caption = _caption(word, "document.figure", "Figure", language)
    caption.paragraph_format.keep_with_next = False
    caption._p.get_or_add_pPr().append(lying)


_BLOCKS: Mapping[str, Callable[[WordDocument, Language], None]] = {
    "words": _words,
    "points": _points,
    "figures": _figures,
    "table": _table,
    "chart": _picture("Deimap picture"),
    "map": _picture("Deimap map"),
    "across": _across,
}
"""Kind of a block -> what the template writes for it."""
