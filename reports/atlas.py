"""An atlas: an index and one page a province, district or commune, in one PDF."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO

import matplotlib as mpl
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from gis.analysis import Note, Progress, Result, silent
from gis.errors import BadParameter, DeimapError
from layers.boundaries import Area, Gazetteer, Level
from locales import Language, error_text, text
from reports.figure.compose import Atlas, compose
from reports.figure.content import MapContent
from reports.figure.draw import draw
from reports.figure.file import DPI, SETTINGS, paper_for, titled
from reports.figure.index import index_of, list_pages, lists_of
from reports.figure.layout import UNITS
from reports.figure.names import in_scripts
from reports.figure.page import Page
from reports.figure.paper import PAPERS, Orientation, Paper, PaperName
from reports.figure.vectors import pdf_pages


@dataclass(frozen=True)
class Wish:
    """What all pages share: what they show, in which language, on which paper.

    Attributes
    ----------
    by
        Level of the areas that have a page each; by default the one below the areas asked for.
    """

    language: Language
    scripts: tuple[Language, ...] = ()
    layers: tuple[str, ...] = ()
    result: Result | None = None
    variable: str | None = None
    paper: PaperName = "A4"
    orientation: Orientation | None = None
    dpi: int = DPI
    by: Level | None = None


@dataclass(frozen=True)
class Made:
    """The PDF, and the areas whose page could not be made with the reason in words."""

    content: bytes
    pages: int
    failed: tuple[tuple[str, str], ...]


def atlas(known: Atlas, areas: Iterable[str], wish: Wish, progress: Progress = silent) -> Made:
    """An atlas of provinces by district, of districts by commune, of the country by province.

    A page that fails says so in its place, so that the numbers of the index hold. What
    ``progress`` raises stops the work; nothing is written here.

    Parameters
    ----------
    areas
        Codes or names.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer
    BadParameter
        When the areas have no such parts, or the wish does not hold for all of them.
    """
    plan = _plan(known, areas, wish)
    failed: list[tuple[str, str]] = []
    made = BytesIO()
    with mpl.rc_context(SETTINGS), pdf_pages(made, titled(plan.index)) as pdf:
        progress("steps.page", 1, plan.of)
        _save(pdf, draw(plan.index, plan.paper).figure, wish)
        lists = list_pages(plan.index, plan.parts, known.places, plan.paper, plan.first)
        for number, figure in enumerate(lists, 2):
            progress("steps.page", number, plan.of)
            _save(pdf, figure, wish)
        for number, part in enumerate(plan.parts, plan.first):
            progress("steps.page", number, plan.of)
            _save(pdf, _page(known, plan, wish, number, part, failed), wish)
    return Made(made.getvalue(), plan.of, tuple(failed))


def opening_page(known: Atlas, areas: Iterable[str], wish: Wish) -> tuple[MapContent, Paper]:
    """The map of the index with its paper; raises as :func:`atlas` does."""
    plan = _plan(known, areas, wish)
    return plan.index, plan.paper


@dataclass(frozen=True, eq=False)
class _Plan:
    """The pages of an atlas: index on ``paper``, lists, from page ``first`` on one of each part."""

    codes: tuple[str, ...]
    parts: tuple[Area, ...]
    index: MapContent
    paper: Paper
    first: int

    @property
    def of(self) -> int:
        """How many pages there are."""
        return self.first - 1 + len(self.parts)


def _plan(known: Atlas, areas: Iterable[str], wish: Wish) -> _Plan:
    codes = tuple(dict.fromkeys(known.places.find(area).code for area in areas))
    parts = parts_of(known.places, codes, wish.by)
    if not parts:
        raise BadParameter("--area", ", ".join(codes), Note("allowed.area_of_areas"))
    whole = _composed(known, codes, wish, codes)
    # a list of many pages has most room below the map
    paper = paper_for(whole, wish.paper, "portrait")
    first = lists_of(parts, paper) + 2
    numbered = _numbered(whole, 1, first - 1 + len(parts))
    return _Plan(codes, parts, index_of(numbered, parts, known.places, first), paper, first)


def _page(
    known: Atlas,
    plan: _Plan,
    wish: Wish,
    number: int,
    part: Area,
    failed: list[tuple[str, str]],
) -> Figure:
    """The page of a part; one that cannot be drawn says so and is added to ``failed``."""
    try:
        content = _numbered(_composed(known, (part.code,), wish, plan.codes), number, plan.of)
        return draw(content, paper_for(content, wish.paper, wish.orientation)).figure
    except Exception as error:  # the rest of the atlas must not be lost
        reason = _words(error, wish.language)
        failed.append((part.code, reason))
        return _said(part, reason, wish)


def parts_of(places: Gazetteer, codes: Iterable[str], by: Level | None = None) -> tuple[Area, ...]:
    """The areas that have a page each: one level below, or all of a level, in the order asked for.

    A village has no page.
    """
    found: dict[str, Area] = {}
    for code in codes:
        below = list(places.children(code))
        while by is not None and below and below[0].level != by:
            below = [area for above in below for area in places.children(above.code)]
        found |= {area.code: area for area in below if area.level != "village"}
    return tuple(found.values())


def _save(pdf: PdfPages, figure: Figure, wish: Wish) -> None:
    pdf.savefig(figure, dpi=wish.dpi)  # type: ignore[no-untyped-call]


def _numbered(content: MapContent, number: int, of: int) -> MapContent:
    return replace(content, code=f"{content.code} · {number}/{of}")


def _composed(
    known: Atlas, codes: tuple[str, ...], wish: Wish, alike: tuple[str, ...]
) -> MapContent:
    return compose(
        known,
        codes,
        wish.language,
        layers=wish.layers,
        result=wish.result,
        variable=wish.variable,
        scripts=wish.scripts,
        alike=alike,
    )


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
