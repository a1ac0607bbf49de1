"""Comparing by pairs: judgements in words, the weights they make, and whether they agree."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import streamlit as st

from gis.analysis import Note
from gis.errors import DeimapError
from gis.judges import notes_of_judges
from gis.tracks import AXES
from gis.weights import Weights, pairwise
from layers.scenarios import Judgements
from locales import error_text, text
from ui.sites_state import box, criteria, key, put, put_criterion_weights, setting
from ui.text import as_html, language, shown, t

AXES_GROUP = "axes"
"""The comparison of the four axes; any other group is the criteria of the axis it names."""
STRENGTHS = range(9, 1, -1)
"""Saaty's scale, from extremely more down to a little more."""
NONE, EQUAL = 0, 1
OPTIONS = (NONE, *STRENGTHS, EQUAL, *(-step for step in reversed(STRENGTHS)))
"""5: the first counts strongly more; -5: the second does; 0: not compared."""
MOST_JUDGES = 12
Sheet = dict[str, int]
"""Pair of keys -> option; a pair that is absent was not compared."""


def comparison() -> None:
    """The form of one comparison, and what it comes to."""
    group = _group()
    names = _compared(group)
    if len(names) < 2:
        st.html(f'<p class="calm">{as_html(t("choose.nothing_to_compare"))}</p>')
        return
    judge = _judges(group)
    titles = {name: title_of(group, name) for name in names}
    with st.container(key="pairs"):
        for first, second in combinations(names, 2):
            _pair(group, judge, (first, second), titles)
    _outcome(group, names, titles)


def _group() -> str:
    groups = {AXES_GROUP: t("choose.group_axes")} | {
        axis: t("choose.group_axis", axis=t(f"criteria.axis_{axis}")) for axis in AXES
    }
    held = st.session_state.get(key("pairs-group"), AXES_GROUP)
    made = box("pairs-group", held)

    def take() -> None:
        st.session_state[key("pairs-group")] = st.session_state[made]

    chosen: str = st.selectbox(
        t("choose.compared"), list(groups), key=made, format_func=groups.__getitem__,
        label_visibility="collapsed", on_change=take,
    )  # fmt: skip
    return chosen


def _compared(group: str) -> tuple[str, ...]:
    if group == AXES_GROUP:
        return tuple(AXES)
    return tuple(item.key for item in criteria() if item.axis == group)


def title_of(group: str, name: str) -> str:
    return t(f"criteria.axis_{name}" if group == AXES_GROUP else f"criteria.{name}")


def sheets(group: str) -> list[Sheet]:
    """What each judge said; criteria are those of the chosen system."""
    every: Mapping[str, list[Sheet]] = st.session_state.get(key("judgements"), {})
    return every.get(_kept(group), [{}])


def _kept(group: str) -> str:
    return group if group == AXES_GROUP else f"{setting('track')}:{group}"


def _put_sheets(group: str, found: list[Sheet]) -> None:
    every = st.session_state.get(key("judgements"), {})
    st.session_state[key("judgements")] = {**every, _kept(group): found}


def _judges(group: str) -> int:
    """Which judge is asked; one more, or this one no longer."""
    found = sheets(group)
    name = key(f"judge-{_kept(group)}")
    judge = min(int(st.session_state.get(name, 0)), len(found) - 1)

    def take() -> None:
        st.session_state[name] = st.session_state[made]

    def more() -> None:
        _put_sheets(group, [*found, {}])
        st.session_state[name] = len(found)

    def fewer() -> None:
        _put_sheets(group, [*found[:judge], *found[judge + 1 :]] or [{}])
        st.session_state[name] = max(0, judge - 1)

    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="judges"):
        titles = {place: t("choose.judge", number=place + 1) for place in range(len(found))}
        made = box("judge", judge)
        st.selectbox(
            t("choose.judges"), list(titles), key=made, format_func=titles.__getitem__,
            label_visibility="collapsed", on_change=take,
        )  # fmt: skip
        st.button(
            t("choose.judge_more"), key=key("judge-more"), on_click=more,
            disabled=len(found) >= MOST_JUDGES,
        )  # fmt: skip
        if len(found) > 1:
            st.button(t("choose.remove"), key=key("judge-off"), on_click=fewer)
    return judge


def _pair(group: str, judge: int, pair: tuple[str, str], titles: Mapping[str, str]) -> None:
    name = "/".join(pair)
    first, second = (titles[part] for part in pair)
    made = box(f"pair-{_kept(group)}-{name}", sheets(group)[judge].get(name, NONE))

    def take() -> None:
        found = [dict(sheet) for sheet in sheets(group)]
        found[judge][name] = st.session_state[made]
        if found[judge][name] == NONE:
            del found[judge][name]
        _put_sheets(group, found)

    def said(option: int) -> str:
        if option in (NONE, EQUAL):
            return t("choose.not_compared" if option == NONE else "choose.counts_equally")
        words = t(f"choose.more_{abs(option)}", title=first if option > 0 else second)
        return f"{words} ({abs(option)})"

    st.selectbox(
        t("choose.pair", first=first, second=second), OPTIONS, key=made, format_func=said,
        on_change=take,
    )  # fmt: skip


def judgements(group: str) -> Judgements | None:
    """What the judges said of a group as matrices; None when they said nothing."""
    names = _compared(group)
    if len(names) < 2 or not any(sheets(group)):
        return None
    matrix = np.full((len(sheets(group)), len(names), len(names)), np.nan)
    for judge, sheet in enumerate(sheets(group)):
        for (i, first), (j, second) in combinations(enumerate(names), 2):
            option = sheet.get(f"{first}/{second}", NONE)
            if option:
                matrix[judge, i, j] = option if option > 0 else 1 / -option
    return Judgements.of(names, matrix)


def take_judgements(group: str, found: Judgements) -> None:
    """Set the comparison to judgements that were kept."""
    _put_sheets(group, sheets_of(found))


def sheets_of(found: Judgements) -> list[Sheet]:
    """Judgements in the words of the form, one sheet a judge."""
    made: list[Sheet] = []
    for matrix in found.matrix:
        sheet: Sheet = {}
        for (i, first), (j, second) in combinations(enumerate(found.names), 2):
            stated = matrix[i, j] if not np.isnan(matrix[i, j]) else 1 / matrix[j, i]
            if not np.isnan(stated):
                sheet[f"{first}/{second}"] = _option(float(stated))
        made.append(sheet)
    return made


def _option(stated: float) -> int:
    """The nearest word of the scale."""
    return round(stated) if stated >= 1 else -round(1 / stated) if round(1 / stated) > 1 else EQUAL


def _outcome(group: str, names: tuple[str, ...], titles: Mapping[str, str]) -> None:
    """The weights so far as bars, whether the judgements agree, and the button that takes them."""
    given = judgements(group)
    if given is None:
        st.html(f'<p class="calm">{as_html(t("choose.pairs_hint", count=len(names) - 1))}</p>')
        return
    try:
        # by title, for the sentences of errors name them
        found = pairwise(given.matrix, [titles[name] for name in names])
    except DeimapError as error:
        st.html(f'<p class="calm">{as_html(error_text(error, language()))}</p>')
        return
    percents = dict(zip(names, whole_percents(list(found.weights.values())), strict=True))
    st.html(_bars({titles[name]: percent for name, percent in percents.items()}))
    _agreement(group, found, given)
    st.button(
        t("choose.use_weights"), key=key("use-weights"), width="stretch", on_click=_use,
        args=(group, percents),
    )  # fmt: skip


def _agreement(group: str, found: Weights, given: Judgements) -> None:
    stem = "criteria.axis_" if group == AXES_GROUP else "criteria."
    notes = notes_of_judges(given.matrix, [Note(stem + name) for name in given.names])
    for place, note in enumerate(notes):
        style = "stale" if place or found.contradictory else "calm"
        words = text(note.key, language(), **dict(note.values))
        st.html(f'<p class="{style}">{as_html(words)}</p>')


def _bars(percents: Mapping[str, int]) -> str:
    cells = "".join(
        f'<span>{as_html(title)}</span><i><span style="width:{percent}%"></span></i>'
        f"<b>{as_html(shown(percent, '%', digits=0))}</b>"
        for title, percent in percents.items()
    )
    return f'<div class="bars">{cells}</div>'


def _use(group: str, percents: Mapping[str, int]) -> None:
    weights = {name: percent / 100 for name, percent in percents.items()}
    if group == AXES_GROUP:
        put("weights", weights)
    else:
        put_criterion_weights(weights)


def whole_percents(shares: list[float]) -> list[int]:
    """Shares as whole percents that add to 100: those cut most are the first to be raised.

    >>> whole_percents([1 / 3, 1 / 3, 1 / 3])
    [34, 33, 33]
    """
    exact: list[Any] = [100 * share / sum(shares) for share in shares]
    found = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda place: found[place] - exact[place])
    for place in order[: 100 - sum(found)]:
        found[place] += 1
    return found
