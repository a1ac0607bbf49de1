"""A report as a Word file: the words of the content in the looks of a template."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from gis.unreadable import unreadable
from locales import text
from reports.document.content import (
    Block,
    Chart,
    Document,
    Figures,
    Map,
    Points,
    Table,
    Words,
    opening,
    tiles_wide,
)
from reports.document.picture import TEXT_WIDTH, chart_picture, map_picture, map_size
from reports.document.template import template
from reports.document.word_styles import TABLE_STYLE, TILES_STYLE, rule

_PICTURES = ".png"
_NO_FILE = (OSError, BadZipFile, PackageNotFoundError)
_NO_TAGS = (TemplateError, ArithmeticError, TypeError, ValueError)
"""What a template raises that is no Word file, and one whose tags make no sense."""


class Described(InlineImage):  # type: ignore[misc]
    """A picture with what it shows, for who cannot see it."""

    def __init__(self, word: DocxTemplate, content: bytes, alt: str, width: float) -> None:
        super().__init__(word, BytesIO(content), width=Mm(width))
        self.alt = alt

    def _insert_image(self) -> str:
        part = self.tpl.current_rendering_part
        inline = part.new_pic_inline(self.image_descriptor, self.width, self.height)
        inline.docPr.set("descr", self.alt)
        return (
            f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r>"
            '<w:r><w:t xml:space="preserve">'
        )


def report_docx(document: Document, looks: Path | None = None) -> bytes:
    """A report with real styles, tables and captions.

    Parameters
    ----------
    looks
        A template that an officer changed; by default the one of :mod:`reports.document.template`.

    Raises
    ------
    FileMissing, FileUnreadable
        When the template is not there, is no Word file, or its tags do not fit together.
    """
    source = BytesIO(template(document.language)) if looks is None else looks
    word = DocxTemplate(source)
    told = _told(document, word)
    try:
        # a template comes from an office: its tags reach nothing but the words of the document
        word.render(told, ImmutableSandboxedEnvironment(), autoescape=True)
    except (*_NO_FILE, *_NO_TAGS) as error:
        raise unreadable(looks or Path("template"), error) from error
    tables = [table for table in _tables(document) if table.rows]
    made = [table for table in word.docx.tables if table.style and table.style.name == TABLE_STYLE]
    for table, found in zip(tables, made, strict=False):
        _shape(found, table)
    for table in word.docx.tables:
        if table.style and table.style.name == TILES_STYLE:
            _widen(table)
    _close(word.docx)
    if document.cover:
        _count_on_opening(word.docx)
    word.docx.core_properties.title = document.title
    word.docx.core_properties.language = document.language
    content = BytesIO()
    word.save(content)
    return content.getvalue()


def _told(document: Document, word: DocxTemplate) -> dict[str, Any]:
    numbers = {"table": 0, "figure": 0}
    return {
        "office": text("figure.office", document.language),
        "anonymous": text("document.anonymous", document.language),
        "title": document.title,
        "head": document.head,
        "subtitle": document.subtitle,
        "made": document.made,
        "stamp": document.stamp,
        "code": document.code,
        "cover": document.cover,
        "sections": [
            {
                "title": section.title,
                "number": number,
                "opens": opens,
                "alone": section.alone,
                "blocks": [_block(block, word, numbers) for block in section.blocks],
            }
            for number, (section, opens) in enumerate(opening(document), start=1)
        ],
    }


def _tiles(items: tuple[tuple[str, str], ...]) -> Iterator[list[tuple[str, str]]]:
    """Key figures in rows; the last one is filled up, as a table has no ragged rows."""
    wide = tiles_wide(len(items))
    for start in range(0, len(items), wide):
        row = list(items[start : start + wide])
        yield row + [("", "")] * (wide - len(row))


def _tables(document: Document) -> Iterator[Table]:
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Table):
                yield block


def _block(block: Block, word: DocxTemplate, numbers: dict[str, int]) -> dict[str, Any]:
    match block:
        case Words(words, small):
            return {"kind": "words", "words": words, "small": small}
        case Figures(items):
            return {"kind": "figures", "rows": list(_tiles(items))}
        case Points(title, items):
            return {"kind": "points", "title": title, "points": items}
        case Table(caption, columns, rows, _):
            numbers["table"] += 1
            heads = [column.words for column in columns]
            told = {"kind": "table", "caption": caption, "columns": heads, "rows": rows}
            return told | {"number": numbers["table"]}
        case Chart():
            picture, kind = chart_picture(block, _PICTURES), "chart"
        case Map():
            picture = map_picture(block, _PICTURES)
            kind = "chart" if block.height else "across" if block.across else "map"
        case _:
            raise AssertionError(block)
    numbers["figure"] += 1
    shown = {"caption": block.caption, "number": numbers["figure"]}
    width = map_size(block)[0] if isinstance(block, Map) else TEXT_WIDTH
    return {"kind": kind, "picture": Described(word, picture, block.alt, width), **shown}


def _shape(table: Any, told: Table) -> None:
    """Widths of columns, numbers at the right; rules and room where a hand writes."""
    table.autofit = False
    whole = sum(column.width for column in told.columns)
    widths = [Mm(TEXT_WIDTH * column.width / whole) for column in told.columns]
    for column, width in zip(table.columns, widths, strict=False):
        column.width = width
    if told.height:
        rule(table)
        for row in table.rows[1:]:
            row.height, row.height_rule = Mm(told.height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for row in table.rows:
        for cell, column, width in zip(row.cells, told.columns, widths, strict=False):
            cell.width = width
            if column.number:
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _count_on_opening(word: Any) -> None:
    """Word counts the pages of the contents when the file is opened."""
    settings = word.settings.element
    if settings.find(qn("w:updateFields")) is None:
        before = settings.xpath("./w:hdrShapeDefaults | ./w:footnotePr | ./w:compat")
        asked = OxmlElement("w:updateFields")
        asked.set(qn("w:val"), "true")
        # the order of the schema: Word refuses another one
        before[0].addprevious(asked) if before else settings.append(asked)


def _close(word: Any) -> None:
    """A document that ends with a page across ends there, without an empty page after it."""
    body = word.element.body
    paragraphs = body.xpath("./w:p")
    ends = paragraphs[-1].xpath("./w:pPr/w:sectPr") if paragraphs else []
    whole = body.xpath("./w:sectPr")
    if ends and whole and paragraphs[-1].getnext() is whole[0]:
        body.replace(whole[0], ends[0])


def _widen(table: Any) -> None:
    """Tiles of one width over the whole line."""
    table.autofit = False
    width = Mm(TEXT_WIDTH / max(len(table.columns), 1))
    for column in table.columns:
        column.width = width
    for row in table.rows:
        for cell in row.cells:
            cell.width = width
