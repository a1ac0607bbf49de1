"""A report as PDF, set by typst; text stays text, pictures stay vectors."""

from __future__ import annotations

import json
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
import typst

from layers.assets import STATIC
from locales import text
from reports.document.content import (
    Block,
    Chart,
    Document,
    Figures,
    Map,
    Points,
    Section,
    Table,
    Words,
    opening,
    tiles_wide,
)
from reports.document.picture import TEXT_WIDTH, Album, map_size

LOOKS = Path(__file__).with_name("report.typ")
_PICTURES = "pictures.pdf"


def report_pdf(document: Document) -> bytes:
    """The pages of a report.

    No word of it is taken for code: typst reads them as data. No font of the system takes the
    place of the one of the house.
    """
    return _set(document)[0]


def report_pages(document: Document, dpi: float) -> list[bytes]:
    """The same pages as pictures (PNG)."""
    return _set(document, format="png", ppi=dpi)


def _set(document: Document, **how: Any) -> list[bytes]:
    pictures = BytesIO()
    with Album(pictures) as album:
        told = _told(document, album)
    # drawing takes long and is done: who is killed there leaves nothing behind
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        folder = Path(place)
        (folder / _PICTURES).write_bytes(pictures.getvalue())
        (folder / "content.json").write_text(json.dumps(told), encoding="utf-8")
        (folder / LOOKS.name).write_bytes(LOOKS.read_bytes())
        made = typst.compile(
            str(folder / LOOKS.name),
            root=str(folder),
            font_paths=[str(STATIC), str(Path(mpl.get_data_path()) / "fonts" / "ttf")],
            ignore_system_fonts=True,
            **how,
        )
    # one file, or one of each page where there are several
    return [made] if isinstance(made, bytes) else list(made or ())


def _told(document: Document, album: Album) -> dict[str, Any]:
    language = document.language
    words = {
        "office": text("figure.office", language),
        "contents": text("document.contents", language),
        "table": text("document.table", language),
        "figure": text("document.figure", language),
        "anonymous": text("document.anonymous", language),
    }
    return words | {
        "language": language,
        "title": document.title,
        "head": document.head,
        "subtitle": document.subtitle,
        "made": document.made,
        "stamp": document.stamp,
        "code": document.code,
        "cover": document.cover,
        "sections": [
            _section(section, album) | {"opens": opens} for section, opens in opening(document)
        ],
    }


def _section(section: Section, album: Album) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(block, album) for block in section.blocks]}


def _block(block: Block, album: Album) -> dict[str, Any]:
    match block:
        case Words(words, small):
            return {"kind": "words", "words": words, "small": small}
        case Points(title, items):
            return {"kind": "points", "title": title, "items": items}
        case Figures(items):
            return {"kind": "figures", "items": items, "wide": tiles_wide(len(items))}
        case Table(caption, columns, rows, height):
            heads = [vars(column) for column in columns]
            told = {"kind": "table", "caption": caption, "columns": heads, "rows": rows}
            return told | {"height": height}
        case Chart():
            kind = "chart"
        case Map():
            kind = "chart" if block.height else "across" if block.across else "map"
    width = map_size(block)[0] if isinstance(block, Map) else TEXT_WIDTH
    shown = {"caption": block.caption, "alt": block.alt, "width": width}
    return {"kind": kind, "file": _PICTURES, "page": album.add(block), **shown}
