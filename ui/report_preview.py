"""How the order will look: its first pages, drawn beside the page that shows them."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from gis.analysis import Note
from gis.errors import BadParameter, DeimapError
from layers.runs import run_id
from locales import Language, error_text
from reports.anonymous import public
from reports.figure.compose import Atlas
from reports.order import DATA, Order
from reports.package import MAIN_TABLES
from reports.preview import preview
from ui import cache
from ui.report_state import is_map, key, lacking, order
from ui.results import show_table, worded
from ui.text import as_html, as_text, language, t

ROWS = 12
PATIENCE_S = 4.0
"""After so long without a look nobody waits for a drawing: the next one is wanted."""
_TURN = threading.Lock()
"""One drawing at a time: the settings of matplotlib are those of the process."""


@dataclass
class Drawing:
    """A preview on its way: its pages or what went wrong, once it is over.

    Attributes
    ----------
    looked
        When somebody last waited for it, on the clock of the process.
    dropped
        Whether its turn came when nobody waited any more.
    """

    pages: tuple[bytes, ...] = ()
    fault: Exception | None = None
    over: threading.Event = field(default_factory=threading.Event)
    looked: float = field(default_factory=time.monotonic)
    dropped: bool = False


def drawing_of(wanted: Order) -> Drawing:
    """The preview of an order, begun when it is first asked for."""
    found = cache.kept(("preview", repr(wanted), cache.edition()), lambda: _begun(wanted))
    return _begin(found, wanted) if found.dropped else found


def _begun(wanted: Order) -> Drawing:
    return _begin(Drawing(), wanted)


def _begin(made: Drawing, wanted: Order) -> Drawing:
    made.dropped, made.looked = False, time.monotonic()
    made.over.clear()
    known = cache.atlas()
    threading.Thread(target=_draw, args=(made, wanted, known), daemon=True).start()
    return made


def _draw(made: Drawing, wanted: Order, known: Atlas) -> None:
    with _TURN:
        if time.monotonic() - made.looked > PATIENCE_S:
            made.dropped = True
            return
        try:
            made.pages = preview(wanted, known)
        except Exception as error:  # said where the pages would stand
            made.fault = error
        finally:
            made.over.set()


def show(codes: tuple[str, ...]) -> None:
    """The first pages, a few words while they are drawn; of data the first rows."""
    wanted = order(codes)
    if lacking(codes):
        st.html(f'<p class="calm">{as_html(t("report_page.needs_result"))}</p>')
    elif wanted.what == DATA:
        rows(wanted.results[0].name, wanted.language)
    else:
        drawn = drawing_of(wanted)
        if drawn.over.is_set():
            with st.container(key="pages-map" if is_map(wanted.what) else "pages"):
                pages(drawn)
        else:
            st.fragment(_waiting, run_every=0.7)(drawn)


def _waiting(drawn: Drawing) -> None:
    """Asks again and again, alone, until the pages are there."""
    drawn.looked = time.monotonic()
    if drawn.over.is_set():
        st.rerun()
    st.html(
        f'<div class="sheet drawing"><i></i><p>{as_html(t("report_page.previewing"))}</p></div>'
    )


def pages(drawn: Drawing) -> None:
    if drawn.fault is not None:
        st.error(_complaint(drawn.fault))
        return
    for number, page in enumerate(drawn.pages, 1):
        st.image(page, width="stretch", alt=t("report_page.page_number", number=number))


def _complaint(fault: Exception) -> str:
    what = t("report_page.what_show")
    if isinstance(fault, BadParameter) and isinstance(fault.allowed, Note):
        # the name of the option is that of the terminal; what it may be holds here too
        return as_text(t("report_page.takes", allowed=fault.allowed))
    if isinstance(fault, DeimapError):
        return t("frame.failed", what=what, why=as_text(error_text(fault, language())))
    why = as_text(f"{type(fault).__name__}: {fault}"[:200])
    return t("frame.failed_inside", what=what, why=why)


def rows(identity: str, spoken: Language) -> None:
    """The first rows of the main table as it may leave the house, in the language ordered."""
    result = cache.result(identity)
    name = next((one for one in MAIN_TABLES if one in result.outcome.tables), None)
    if name is None:
        return
    made = ("public", run_id(result.provenance), name)
    table: pd.DataFrame = cache.kept(made, lambda: public(result).outcome.tables[name])
    st.html(f'<p class="calm">{as_html(t("report_page.first_rows", count=len(table)))}</p>')
    said = worded(table.reset_index().head(ROWS), result, name, spoken)
    show_table(said, key(f"rows-{language()}-{spoken}"))
