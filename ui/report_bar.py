"""What the bar of every page says of work in the background: being made, ready, not made."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from reports.jobs.job import Job
from reports.jobs.line import jobs
from ui import cache, state
from ui.text import t

MINE, SEEN = "jobs-mine", "jobs-seen"
LONG_S = 10.0
"""Work that takes longer is told of on every page."""
EVERY_S = 3.0


def mine(identity: str) -> None:
    """Tell of a job from now on: it was asked for here."""
    st.session_state[MINE] = {*st.session_state.get(MINE, ()), identity}


def seen(identities: Iterable[str]) -> None:
    """What ended and was looked at is told of no more."""
    st.session_state[SEEN] = {*st.session_state.get(SEEN, ()), *identities}


def announcement(page: st.Page, here: str) -> None:
    """A link to the page Report while there is something to say; on that page its list says it."""
    if MINE not in st.session_state:
        # a page that is loaded anew, or another tab, tells of what is in line
        st.session_state[MINE] = {job.identity for job in jobs(cache.ready()) if not job.ended}
    asked = set(st.session_state.get(MINE, ())) - set(st.session_state.get(SEEN, ()))
    if not asked:
        return
    with st.container(key="announced", width="content"):
        st.fragment(_announced, run_every=EVERY_S)(page, here, frozenset(asked))


def _announced(page: st.Page, here: str, asked: frozenset[str]) -> None:
    every = [job for job in jobs(cache.ready()) if job.identity in asked]
    told = [job for job in every if is_told(job, here)]
    if told:
        st.page_link(page, label=words_of(told[0]), query_params=state.shared())


def is_told(job: Job, here: str) -> bool:
    """Whether the bar of a page tells of a job."""
    if job.ended:
        return here != "report"
    return job.seconds > LONG_S


def words_of(job: Job) -> str:
    key = "working" if not job.ended else "made" if job.state == "made" else "failed"
    return t(f"report_page.bar_{key}", what=title_of(job))


def title_of(job: Job) -> str:
    """What was ordered, in a word or two."""
    return t(f"report_page.short_{job.order.what}")
