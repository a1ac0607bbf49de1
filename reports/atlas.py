"""An atlas: an index page and one page a district or commune, in one PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gis.analysis import Note, Progress, Result, silent
from gis.errors import BadParameter, DeimapError
from layers.boundaries import Area
from layers.drawing import LegendGroup, LegendItem, Sign
from locales import Language, error_text, text
from reports.figure.compose import Atlas, compose
from reports.figure.content import MapContent
from reports.figure.draw import draw
from reports.figure.file import DPI, SETTINGS, paper_for
from reports.figure.layout import UNITS
from reports.figure.names import in_scripts
from reports.figure.page import Page
from reports.figure.paper import PAPERS, Orientation, Paper, PaperName


@dataclass(frozen=True)
class Wish:
    """What all pages share: what they show, in which language, on which paper."""

    language: Language
    scripts: tuple[Language, ...] = ()
    layers: tuple[str, ...] = ()
    result: Result | None = None
    variable: str | None = None
    paper: PaperName = "A4"
    orientation: Orientation | None = None
    dpi: int = DPI


@dataclass(frozen=True)
class Made:
    """The PDF, and the areas whose page could not be made with the reason in words."""

    content: bytes
    pages: int
    failed: tuple[tuple[str, str], ...]


def atlas(known: Atlas, area: str, wish: Wish, progress: Progress = silent) -> Made:
    """An atlas of a province by district, of a district by commune, of the country by province.

    A page that fails says so in its place, so that the numbers of the index hold. What
    ``progress`` raises stops the work; nothing is written here.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer
    BadParameter
        When the area has no parts, or the wish does not hold for all of it.
    """
    whole, parts = _parts(known, area)
    index = _index(known, whole, parts, wish)
    failed: list[tuple[str, str]] = []
    made = BytesIO()
    of = len(parts) + 1
    with mpl.rc_context(SETTINGS), PdfPages(made, metadata={"Title": index.title}) as pdf:
        progress("steps.page", 1, of)
        # a list of many pages has most room below the map
        _save(pdf, _drawn(index, replace(wish, orientation="portrait")), wish)
        for number, part in enumerate(parts, 2):
            progress("steps.page", number, of)
            try:
                figure = _drawn(_content(known, part, wish, number, of), wish)
            except Exception as error:  # the rest of the atlas must not be lost
                reason = _words(error, wish.language)
                failed.append((part.code, reason))
                figure = _said(part, reason, wish)
            _save(pdf, figure, wish)
    return Made(made.getvalue(), of, tuple(failed))


def opening_page(known: Atlas, area: str, wish: Wish) -> MapContent:
    """The index, which lies upright, without the pages behind it.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer, BadParameter
        As of :func:`atlas`.
    """
    return _index(known, *_parts(known, area), wish)


def _parts(known: Atlas, area: str) -> tuple[Area, Sequence[Area]]:
    """An area and the areas that get a page each."""
    whole = known.places.find(area)
    parts = known.places.children(whole.code)
    if not parts or whole.level == "commune":
        raise BadParameter("--area", area, Note("allowed.area_of_areas"))
    return whole, parts


def _save(pdf: PdfPages, figure: Figure, wish: Wish) -> None:
    pdf.savefig(figure, dpi=wish.dpi)  # type: ignore[no-untyped-call]


def _drawn(content: MapContent, wish: Wish) -> Figure:
    return draw(content, paper_for(content, wish.paper, wish.orientation)).figure


def _content(known: Atlas, part: Area, wish: Wish, number: int, of: int) -> MapContent:
    made = _composed(known, part.code, wish)
    return replace(made, code=f"{made.code} · {number}/{of}")


def _composed(known: Atlas, code: str, wish: Wish) -> MapContent:
    return compose(
        known,
        [code],
        wish.language,
        layers=wish.layers,
        result=wish.result,
        variable=wish.variable,
        scripts=wish.scripts,
    )


def _index(known: Atlas, whole: Area, parts: Sequence[Area], wish: Wish) -> MapContent:
    """The whole area with the number of each page on it, and their list in the legend."""
    content = _composed(known, whole.code, wish)
    pages = LegendGroup(text("figure.pages", wish.language), tuple(_entries(parts, wish)))
    return replace(
        content,
        title=text("figure.atlas", wish.language, title=content.title),
        points=tuple(_numbers(known, parts)),
        borderline=(),
        legend=(pages, *(group for group in content.legend if _colours(group))),
        code=f"{content.code} · 1/{len(parts) + 1}",
    )


def _colours(group: LegendGroup) -> bool:
    """Whether a group explains colours: signs and borders stand on the pages themselves."""
    return any(item.colour for item in group.items)


def _entries(parts: Sequence[Area], wish: Wish) -> Iterator[LegendItem]:
    for number, part in enumerate(parts, 2):
        name = in_scripts(part.name_en, part.name_km, wish.scripts[:1] or (wish.language,))
        yield LegendItem(f"{number}\u2003{name}", style="words")


def _numbers(known: Atlas, parts: Sequence[Area]) -> Iterator[Sign]:
    for number, part in enumerate(parts, 2):
        shape = known.places.communes_of([part.code]).union_all()
        middle = shape.representative_point()
        yield Sign("area", part.code, middle.x, middle.y, "plots-together", "", number=str(number))


def _words(error: Exception, language: Language) -> str:
    if isinstance(error, DeimapError):
        return error_text(error, language)
    return f"{type(error).__name__}: {error}"


def _said(part: Area, reason: str, wish: Wish) -> Figure:
    """A page that says why it is empty."""
    paper: Paper = PAPERS[wish.paper]
    page = Page(paper, UNITS[paper.name])
    name = in_scripts(part.name_en, part.name_km, (wish.language,))
    words = text("figure.page_failed", wish.language, name=name, reason=reason)
    page.text(paper.margin, paper.height / 2, words, 9.0, wrap=True)
    return page.figure
