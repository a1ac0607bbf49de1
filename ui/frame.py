"""The frame around every page: bar, area picker, language switch; and what holds when one fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from gis.errors import DeimapError, FileMissing, MapAssetMissing
from layers.boundaries import COUNTRY, Gazetteer
from locales import error_text
from ui import cache, state
from ui.report_bar import announcement
from ui.text import as_text, complaint, language, named, t

_STYLE = Path(__file__).with_name("style.css")
_PAGES = Path(__file__).with_name("pages")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A page in the menu; its title is the text ``frame.page_<name>``."""

    name: str
    default: bool = False

    @property
    def path(self) -> Path:
        return _PAGES / f"{self.name}.py"


MENU = (
    Entry("explore", default=True),
    Entry("land"),
    Entry("coverage"),
    Entry("sites"),
    Entry("report"),
)


def open_page(menu: tuple[Entry, ...]) -> None:
    """Draw the frame and run the page that the address names."""
    pages = {
        entry.name: st.Page(
            entry.path,
            title=t(f"frame.page_{entry.name}"),
            url_path=entry.name,
            default=entry.default,
        )
        for entry in menu
    }
    chosen = st.navigation(list(pages.values()), position="hidden")
    here = next(name for name, page in pages.items() if page == chosen)
    with guarded("frame.what_open"):
        places = cache.places()
        state.read_url(here, places)
        _style()
        _bar(pages, here, places)
        state.write_url(here)
        chosen.run()


def _style() -> None:
    st.html(_STYLE)
    st.html(f'<span class="lang-{language()}" lang="{language()}"></span>')


def _bar(pages: dict[str, st.Page], here: str, places: Gazetteer) -> None:
    with st.container(key="bar", horizontal=True, vertical_alignment="center"):
        with st.container(key="brand", width="content"):
            st.html(
                f'<div class="brand"><img src="{cache.served().static}/signs/deimap.svg" alt="">'
                "Deimap</div>"
            )
        for name, page in pages.items():
            mark = "here" if name == here else "there"
            with st.container(key=f"{mark}-{name}", width="content"):
                st.page_link(page, label=t(f"frame.page_{name}"), query_params=state.shared())
        with st.container(
            key="pick", horizontal=True, vertical_alignment="center", width="content"
        ):
            announcement(pages["report"], here)
            _area_picker(places)
            other = "km" if language() == "en" else "en"
            st.button(
                t("frame.other_language"),
                key="language",
                on_click=state.remember("lang", other),
            )


def _area_picker(places: Gazetteer) -> None:
    names = {
        codes: area_name(codes, places) for codes in area_options(places, st.session_state["area"])
    }
    # One box a language: a box that stays keeps showing the name it was chosen by.
    box = f"area-{language()}"
    st.session_state[box] = st.session_state["area"]
    with st.container(key="area-box"):
        st.selectbox(
            t("frame.area"),
            list(names),
            key=box,
            format_func=names.__getitem__,
            label_visibility="collapsed",
            on_change=state.take_over,
            args=(box, "area"),
        )


def area_options(places: Gazetteer, chosen: str) -> list[str]:
    """What the picker offers: the four areas, provinces, their districts, and the present one."""
    options = [",".join(state.FOCUS)]
    if not places.embedded:
        options.append(COUNTRY)
    for province in places.provinces.index:
        options.append(province)
        options += [area.code for area in places.children(province)]
    return options if chosen in options else [*options, chosen]


def area_name(codes: str, places: Gazetteer) -> str:
    """How an area stands in the picker: its name and code."""
    if codes == ",".join(state.FOCUS):
        return t("frame.focus_areas")
    several = codes.split(",")
    if len(several) > 1:
        return t("frame.several_areas", count=len(several))
    area = places.area(codes)
    return f"{named(area.name_en, area.name_km)} {area.code}"


class guarded:  # noqa: N801
    """Turns errors into sentences: ours into how to mend it, others into one calm line."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(error, FileMissing | MapAssetMissing) and "static" in str(error):
            st.error(t("frame.assets_missing", why=complaint(error)))
        elif isinstance(error, DeimapError):
            st.error(t("frame.failed", what=t(self.what), why=complaint(error)))
        else:
            _LOG.exception("page failed", exc_info=error)
            why = as_text(f"{type(error).__name__}: {error}"[:200])
            st.error(t("frame.failed_inside", what=t(self.what), why=why))
        st.button(t("frame.try_again"), key=f"again-{self.what}")
        return True


class noted:  # noqa: N801
    """As :class:`guarded`, for a callback, which can draw nothing: the sentence is kept."""

    def __init__(self, what: str, place: str) -> None:
        """Keep the sentence in the session under the key ``place``; the page shows it there."""
        self.what = what
        self.place = place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(error, DeimapError):
            said = t("frame.failed", what=t(self.what), why=error_text(error, language()))
        else:
            _LOG.exception("callback failed", exc_info=error)
            why = f"{type(error).__name__}: {error}"[:200]
            said = t("frame.failed_inside", what=t(self.what), why=why)
        st.session_state[self.place] = said
        return True
