"""Pages as PDF: words of many pages keep to one map of signs of each font, and stay text."""

from __future__ import annotations

import re
import zlib
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg

from layers.workspace import Workspace
from reports.figure.compose import Atlas
from reports.figure.file import SETTINGS
from reports.figure.page import Page
from reports.figure.paper import PAPERS
from reports.figure.vectors import pdf_pages

MOST_OF_A_MAP = 256
"""Signs of a map as matplotlib has it: with more of them words went from one to another."""


def streams(pdf: bytes) -> list[bytes]:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S)
    return [zlib.decompress(one) for one in found if one.startswith(b"x")]


def test_a_line_of_khmer_keeps_to_one_font(prepared_workspace: Workspace) -> None:
    """Names of all communes in both scripts, over two pages: no line selects a second font."""
    names = Atlas.of(prepared_workspace).places.communes[["name_km", "name_en"]]
    lines = [f"{km} · {en}" for km, en in names.itertuples(index=False)]
    made = BytesIO()
    with mpl.rc_context(SETTINGS), pdf_pages(made, "names") as pages:
        for half in (lines[::2], lines[1::2]):
            page = Page(PAPERS["A4"], 1.0)
            FigureCanvasAgg(page.figure)
            for number, line in enumerate(half):
                page.text(10.0, 290.0 - 3.0 * number, line, 8.0)
            pages.savefig(page.figure)  # type: ignore[no-untyped-call]
        tracker = pages._ensure_file()._character_tracker
        (used,) = tracker.used.values()
        assert [len(signs) > MOST_OF_A_MAP for signs in used] == [False, True]
        assert not used[0]
    pdf = made.getvalue()
    fonts = set(re.findall(rb"/BaseFont /\w{6}\+([\w-]+)", pdf))
    assert fonts == {b"DeimapKhmer-Regular"}
    drawn = [part for one in streams(pdf) for part in re.findall(rb"BT(.*?)ET", one, re.S)]
    assert len(drawn) == len(lines)
    assert all(part.count(b" Tf") == 1 for part in drawn)
    maps = b"".join(one for one in streams(pdf) if b"beginbfrange" in one)
    assert b"1780" in maps  # a reader copies letters, not codes
