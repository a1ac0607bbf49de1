"""An order: what shall leave the house, of which areas and results. The one door to all of it.

The terminal makes an order at once, the page Report gives it to a job. What is made of it is the
same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, get_args

from gis.analysis import Note, Progress, Result, silent
from gis.errors import BadParameter, UnknownArea
from layers.gazetteer import Level
from layers.runs import read_result
from layers.workspace import Workspace
from locales import LANGUAGES, Language
from reports.figure.paper import Orientation, PaperName

if TYPE_CHECKING:
    from reports.atlas import Wish
    from reports.document.content import Document
    from reports.figure.compose import Atlas
    from reports.figure.content import MapContent

LEAST_DPI, DPI, MOST_DPI = 150, 200, 300
PAPERS: tuple[PaperName, ...] = get_args(PaperName)
ORIENTATIONS: tuple[Orientation, ...] = get_args(Orientation)
WEB = ".html"
"""Ending of a map that is opened in a browser: the whole of a result in one file."""
WORD = ".docx"
"""Ending of a document that takes the looks of a template."""
MAP, ATLAS, DATA = "map", "atlas", "data"
"""What is no document; the documents are the forms of ``reports.document.forms``."""


@dataclass(frozen=True)
class Order:
    """What shall be made.

    Attributes
    ----------
    what
        One of :func:`whats`.
    areas
        Codes or names; data are of the whole result.
    ending
        Format of the file, one of :func:`endings`.
    scripts
        Languages of the names on a map; by default the one of the page.
    results
        Folders of results: one at most for a map or an atlas, one for data, one of each analysis
        for a document.
    layers, variable
        What a map shows, as :func:`reports.figure.compose.compose` takes it.
    by
        Level of the areas that have a page each in an atlas; by default the one below.
    looks
        A Word template for ``.docx``; by default the one of the office, if it has one.
    """

    what: str
    areas: tuple[str, ...]
    ending: str
    language: Language
    scripts: tuple[Language, ...] = ()
    results: tuple[Path, ...] = ()
    layers: tuple[str, ...] = ()
    variable: str | None = None
    paper: PaperName = "A4"
    orientation: Orientation | None = None
    dpi: int = DPI
    by: Level | None = None
    looks: Path | None = None


@dataclass(frozen=True)
class Made:
    """The content of the file, and what to say of it: pages that failed, what a format loses."""

    content: bytes
    remarks: tuple[Note, ...] = ()


def whats() -> tuple[str, ...]:
    """What can be ordered, in the order of the page."""
    from reports.document.forms import FORMS

    return (MAP, ATLAS, *FORMS, DATA)


def endings(what: str) -> tuple[str, ...]:
    """Formats of what is ordered, the usual one first."""
    if what == MAP:
        from reports.figure.file import ENDINGS as OF_MAPS

        return (*OF_MAPS, WEB)
    if what == ATLAS:
        return (".pdf",)
    if what == DATA:
        from reports.package import FORMATS

        return tuple(FORMATS)
    from reports.document.file import ENDINGS

    return ENDINGS


def require_sound(order: Order) -> None:
    """Check an order before any work is done.

    Raises
    ------
    BadParameter, UnknownArea
        When a value of it is none that it may be.
    """
    if order.what not in _MAKERS and order.what not in whats():
        raise BadParameter("what", order.what, Note("allowed.one_of", (("choices", whats()),)))
    for name, value, choices in _choices(order):
        if value not in choices:
            note = Note("allowed.one_of", (("choices", choices),))
            raise BadParameter(name, str(value), note)
    if not LEAST_DPI <= order.dpi <= MOST_DPI:
        limits = (("low", str(LEAST_DPI)), ("high", str(MOST_DPI)))
        raise BadParameter("dpi", str(order.dpi), Note("allowed.between", limits))
    if order.looks is not None and order.ending != WORD:
        raise BadParameter("--template", order.looks.name, Note("allowed.looks_of_word"))
    if not order.areas and order.what != DATA:
        raise UnknownArea("")


def _choices(order: Order) -> Iterator[tuple[str, object, tuple[object, ...]]]:
    yield "ending", order.ending, endings(order.what)
    yield "lang", order.language, LANGUAGES
    for script in order.scripts:
        yield "lang", script, LANGUAGES
    yield "paper", order.paper, PAPERS
    yield "orientation", order.orientation, (None, *ORIENTATIONS)


def make(order: Order, workspace: Workspace, progress: Progress = silent) -> Made:
    """Make what was ordered; what ``progress`` raises stops it. Nothing is written here.

    Raises
    ------
    BadParameter
        When the order does not hold.
    DeimapError
        What reading the results and drawing may raise.
    """
    require_sound(order)
    return _MAKERS.get(order.what, _document)(order, workspace, progress)


def map_content(order: Order, known: Atlas) -> MapContent:
    """What the page of a map shows.

    Raises
    ------
    DeimapError
        As :func:`reports.figure.compose.compose` and reading the result raise it.
    """
    from reports.figure.compose import compose

    return compose(
        known,
        order.areas,
        order.language,
        layers=order.layers,
        result=_one(order),
        variable=order.variable,
        scripts=order.scripts or (order.language,),
    )


def document(order: Order, known: Atlas) -> Document:
    """What a document says.

    Raises
    ------
    DeimapError
        As the composer of its form and reading the results raise it.
    """
    from reports.document.forms import FORMS

    results = [read_result(folder) for folder in order.results]
    return FORMS[order.what](known, order.areas, results, order.language)


def wish_of(order: Order) -> Wish:
    """What all pages of an atlas share."""
    from reports.atlas import Wish

    return Wish(
        order.language,
        order.scripts,
        order.layers,
        _one(order),
        order.variable,
        order.paper,
        order.orientation,
        order.dpi,
        order.by,
    )


def _map(order: Order, workspace: Workspace, progress: Progress) -> Made:
    if order.ending == WEB:
        return _web_map(order, workspace, progress)
    from reports.figure.file import page_of, paper_for

    progress("steps.reading", 1, 2)
    content = map_content(order, _atlas_of(workspace))
    progress("steps.page", 2, 2)
    paper = paper_for(content, order.paper, order.orientation)
    return Made(page_of(content, paper, order.ending, order.dpi))


def _web_map(order: Order, workspace: Workspace, progress: Progress) -> Made:
    from reports.webmap.file import web_map

    result = _one(order)
    if result is None:
        raise BadParameter("ending", WEB, Note("allowed.with_result"))
    progress("steps.page", 1, 1)
    known = _atlas_of(workspace)
    return Made(web_map(result, order.language, order.areas, order.variable, order.layers, known))


def _pages(order: Order, workspace: Workspace, progress: Progress) -> Made:
    from reports.atlas import atlas

    progress("steps.reading", 1, 1)
    made = atlas(_atlas_of(workspace), order.areas, wish_of(order), progress)
    failed = (Note("figure.page_failed", (("name", c), ("reason", why))) for c, why in made.failed)
    return Made(made.content, tuple(failed))


def _document(order: Order, workspace: Workspace, progress: Progress) -> Made:
    from reports.document.file import report_of

    progress("steps.reading", 1, 3)
    known = _atlas_of(workspace)
    progress("steps.composing", 2, 3)
    content = document(order, known)
    progress("steps.page", 3, 3)
    return Made(report_of(content, order.ending, looks_of(order, workspace)))


def looks_of(order: Order, workspace: Workspace) -> Path | None:
    """The template that was given, else that of the office where it has one in the language."""
    own = workspace.templates / f"report_{order.language}{WORD}"
    return order.looks or (own if order.ending == WORD and own.is_file() else None)


def _data(order: Order, workspace: Workspace, progress: Progress) -> Made:
    from reports.package import WARNINGS, content

    if len(order.results) != 1:
        raise BadParameter("result", str(len(order.results)), Note("allowed.one_result"))
    progress("steps.writing", 1, 1)
    (folder,) = order.results
    found = content(folder, order.ending, order.language)
    lost = WARNINGS.get(order.ending)
    return Made(found, (Note(lost),) if lost else ())


def _one(order: Order) -> Result | None:
    """The result that a map shows, ``None`` where it shows layers alone."""
    if len(order.results) > 1:
        raise BadParameter("result", str(len(order.results)), Note("allowed.one_result"))
    return read_result(order.results[0]) if order.results else None


def _atlas_of(workspace: Workspace) -> Atlas:
    from reports.figure.compose import Atlas

    return Atlas.of(workspace)


_Maker: TypeAlias = Callable[[Order, Workspace, Progress], Made]
_MAKERS: Mapping[str, _Maker] = {MAP: _map, ATLAS: _pages, DATA: _data}
"""What is no document -> what makes it."""
