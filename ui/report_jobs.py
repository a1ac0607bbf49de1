"""The last results on the page Report: what is being made, what is ready, what went wrong."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from gis.analysis import Note
from gis.errors import DeimapError
from layers.boundaries import Gazetteer
from locales import day, text
from reports.jobs.job import Job
from reports.jobs.line import jobs, remove, stop
from ui import cache
from ui.frame import area_name, noted
from ui.report_bar import seen, title_of
from ui.report_state import key
from ui.routes import MADE
from ui.text import as_html, language, own_name, t

EVERY_S = 1.0
SAID = key("said")


def last_ones() -> None:
    """The list; while anything is made it looks by itself."""
    busy = any(not job.ended for job in jobs(cache.ready()))
    st.fragment(_list, run_every=EVERY_S if busy else None)(busy)


def _list(busy: bool) -> None:
    every = jobs(cache.ready())
    if busy and all(job.ended for job in every):
        st.rerun()
    st.html(f'<p class="label">{as_html(t("report_page.last"))}</p>')
    if said := st.session_state.pop(SAID, ""):
        st.error(said)
    if not every:
        st.html(f'<p class="calm">{as_html(t("report_page.none_yet"))}</p>')
    seen(job.identity for job in every if job.ended)
    for job in every:
        with st.container(key=f"job-{job.identity}"):
            _one(job)


def _one(job: Job) -> None:
    st.html(
        f'<p class="job"><b>{as_html(title_of(job))}</b> {as_html(areas_of(job, cache.places()))}'
        f"<br><span>{as_html(_about(job))}</span></p>"
    )
    if job.state == "working":
        _going(job)
    for words in _said(job):
        st.html(f'<p class="stale">{as_html(words)}</p>')
    with st.container(horizontal=True, gap="small", key=f"buttons-{job.identity}"):
        if not job.ended:
            st.button(
                t("frame.stop"), key=f"stop-{job.identity}", on_click=_do, args=(stop, job.identity)
            )
            return
        if job.file is not None:
            # a plain link: what Streamlit keeps for a button is gone as soon as the list is redrawn
            st.html(
                f'<a class="take" href="{MADE}/{job.identity}" download="{as_html(job.file_name)}">'
                f"{as_html(t('report_page.download'))}</a>",
                width="content",
            )
        st.button(
            t("report_page.remove"),
            key=f"remove-{job.identity}",
            on_click=_do,
            args=(remove, job.identity),
        )


def _going(job: Job) -> None:
    """What is done now; how far it is, where its steps can be told apart."""
    step, number, of = job.step or ("steps.reading", 1, 1)
    if of <= 1:
        st.html(f'<p class="going"><i></i>{as_html(t("report_page.busy", step=t(step)))}</p>')
        return
    words = t("report_page.working", step=t(step), n=number, m=of)
    # what is done: the step that is told of is not
    st.progress(min(max((number - 1) / of, 0.0), 1.0), words)


def _do(what: object, identity: str) -> None:
    with noted("report_page.what_make", SAID):
        what(identity, cache.ready())  # type: ignore[operator]


def _said(job: Job) -> list[str]:
    """Remarks of what was made, or why it was not."""
    notes: list[Note] = [*job.remarks, *([job.failure] if job.failure else [])]
    return [text(note.key, language(), **dict(note.values)) for note in notes]


def areas_of(job: Job, places: Gazetteer) -> str:
    """Names of the areas, or how many they are."""
    codes = ",".join(job.order.areas)
    try:
        return area_name(codes, places)
    except (DeimapError, KeyError):
        return codes  # of boundaries that were exchanged meanwhile


def _about(job: Job) -> str:
    """Language, format, when; that it waits or was stopped."""
    order = job.order
    spoken = " + ".join(map(own_name, order.scripts or (order.language,)))
    parts = [spoken, order.ending[1:].upper(), _when(job.asked.astimezone())]
    if job.file is not None:
        parts.append(f"{max(round(job.file.stat().st_size / 1024), 1):,} kB")
    if job.state in ("waiting", "stopped"):
        parts.append(t(f"report_page.{job.state}"))
    return " · ".join(parts)


def _when(asked: datetime) -> str:
    today = datetime.now().astimezone().date()
    clock = asked.strftime("%H:%M")
    return clock if asked.date() == today else f"{day(asked.date(), language())} {clock}"
