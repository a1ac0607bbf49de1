"""Pages as PDF: letters stay text, and Khmer ones stand where they were shaped.

matplotlib 3.11 parts the signs of a font into maps of 256 (it asks ``ps.fonttype`` of a PDF), and
where a line goes from one map to another it moves by the kern of the next sign a second time. In
Khmer, whose signs are many and kerned, parts of words then lie over each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from matplotlib.backends._backend_pdf_ps import CharacterTracker, GlyphMap
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.font_manager import FontPath

_MAP = 1
"""The map of all signs; the first one is for codes that are letters themselves."""


class OneMap(CharacterTracker):
    """Every sign of a font in one map, so that no line goes from one to another."""

    def track_glyph(self, font: Any, chars: str | int, glyph: int) -> tuple[int, int]:
        """The map and the code in it of a sign that is drawn."""
        letters = chars if isinstance(chars, str) else chr(chars)
        path = FontPath(font.fname, font.face_index)
        known = self.glyph_maps.setdefault(path, GlyphMap())
        if found := known.get(letters, glyph):
            return found
        signs = self.used.setdefault(path, [{}, {}])[_MAP]
        code = len(signs)
        signs[code] = glyph
        known.add(letters, glyph, _MAP, code)
        return _MAP, code


@contextmanager
def pdf_pages(target: IO[bytes] | Path, title: str | None = None) -> Iterator[PdfPages]:
    """A PDF to which pages are added; its fonts are embedded once."""
    metadata = {"Title": title, "Creator": "deimap"} if title else None
    with PdfPages(target, metadata=metadata) as pages:
        pages._ensure_file()._character_tracker = OneMap()
        yield pages
