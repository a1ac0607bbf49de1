"""What an order will look like: its first pages as small pictures, made quickly."""

from __future__ import annotations

from dataclasses import replace

from reports.atlas import opening_page
from reports.document.content import Document, Map
from reports.document.pdf import report_pages
from reports.figure.compose import Atlas
from reports.figure.content import MapContent
from reports.figure.file import page_of, paper_for
from reports.figure.paper import Paper
from reports.order import ATLAS, MAP, Order, document, map_content, wish_of

LONGER_PX = 1150
"""Longer side of a page."""
MOST_PAGES = 3
_DPI = 98
"""Of a page of a document, A4 upright."""
_INCH_MM = 25.4


def preview(order: Order, known: Atlas) -> tuple[bytes, ...]:
    """The first pages as PNG; data have none.

    Raises
    ------
    DeimapError
        As making the order itself would.
    """
    if order.what == MAP:
        content = map_content(order, known)
        return (_page(content, paper_for(content, order.paper, order.orientation)),)
    if order.what == ATLAS:
        return (_page(*opening_page(known, order.areas, wish_of(order))),)
    return tuple(report_pages(_beginning(document(order, known)), _DPI)[:MOST_PAGES])


def _page(content: MapContent, paper: Paper) -> bytes:
    dpi = round(LONGER_PX * _INCH_MM / max(paper.width, paper.height))
    return page_of(content, paper, ".png", dpi)


def _beginning(whole: Document) -> Document:
    """A document as far as its first map: the others take their time and are not looked at."""
    for number, section in enumerate(whole.sections, 1):
        if any(isinstance(block, Map) for block in section.blocks):
            return replace(whole, sections=whole.sections[:number])
    return whole
