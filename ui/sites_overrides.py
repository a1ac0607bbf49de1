"""What people decide about one place: whether it must or cannot be a site, and officers' changes.

"Must be there" and "not here" are conditions of the next search. An officer's change leaves the
search alone: it adds a site to its answer or takes one out, with a reason, and both ranks stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.tracks import AXES
from ui import cache
from ui.results import worded
from ui.sites_bases import of_bases
from ui.sites_decided import decided, key
from ui.sites_result import communes_of, sites_of
from ui.text import as_html, as_text, language, named, shown, t

CONDITIONS = ("computed", "required", "forbidden")


def decide(result: Result, code: str) -> None:
    """The controls for one commune: a condition, an officer's change, an estimate."""
    table = communes_of(result)
    if code not in table.index:
        return
    if of_bases(result):
        _condition(code)
        return
    if table.loc[code, "group"] != "firm":
        _estimate(code, _unknown_axes(table.loc[code]))
    _condition(code)
    _override(result, code)


def _condition(code: str) -> None:
    held = decided()
    now = next((name for name in CONDITIONS[1:] if code in held[name]), "computed")
    box = key(f"condition-{code}")
    st.session_state[box] = now
    titles = {name: t(f"sites_result.condition_{name}") for name in CONDITIONS}

    def take() -> None:
        chosen = st.session_state[box] or "computed"
        for name in CONDITIONS[1:]:
            others = [other for other in decided()[name] if other != code]
            st.session_state[key(name)] = [*others, code] if name == chosen else others

    st.segmented_control(
        t("sites_result.condition"),
        list(titles),
        key=box,
        format_func=titles.__getitem__,
        on_change=take,
        required=True,
        width="stretch",
    )


def _override(result: Result, code: str) -> None:
    """An officer's change of the answer: add this commune, or take it out, and why."""
    sites = sites_of(result)
    action = "remove" if code in sites.index else "add"
    with st.expander(t(f"sites_result.officer_{action}"), key=key(f"officer-{code}")):
        held = next((item for item in decided()["overrides"] if item["code"][:6] == code), None)
        if held:
            st.html(f'<p class="calm">{as_html(t("sites_result.changed_already"))}</p>')
            return
        with st.form(key(f"override-{code}"), border=False):
            place = _place_box(result, code) if action == "add" else code
            reason = st.text_area(
                t("sites_result.officer_reason"), max_chars=500, height=74,
                placeholder=t("sites_result.officer_example"),
            )  # fmt: skip
            if st.form_submit_button(t(f"sites_result.do_{action}"), width="stretch"):
                _keep_override(place, action, reason.strip())


def _keep_override(place: str, action: str, reason: str) -> None:
    if not reason:
        st.html(f'<p class="stale">{as_html(t("sites_result.reason_missing"))}</p>')
        return
    new = {"code": place, "action": action, "reason": reason}
    st.session_state[key("overrides")] = [*decided()["overrides"], new]
    st.rerun()


def _place_box(result: Result, code: str) -> str:
    """The commune, in which the search takes the best village, or one of its villages."""
    villages = cache.places().villages
    own = villages[villages["commune"] == code]
    titles = {code: t("sites_result.best_village")} | {
        str(village): named(str(row["name_en"]), row["name_km"] or "")
        for village, row in own.iterrows()
    }
    if result.provenance.parameters["candidates"] != "villages":
        titles = {code: titles[code]}
    return str(
        st.selectbox(t("sites_result.which_village"), list(titles), format_func=titles.__getitem__)
    )


def _unknown_axes(row: pd.Series) -> str:
    """Titles of the axes of a commune that are unknown, beside its hectares."""
    return ", ".join(t(f"criteria.axis_{axis}") for axis in AXES if pd.isna(row.get(axis)))


def _estimate(code: str, unknown: str) -> None:
    """Hectares that an officer states for a commune whose own figures are not firm."""
    with st.expander(t("sites_result.estimate"), key=key(f"estimate-{code}")):
        if unknown:  # said before it is entered: hectares alone do not rank the commune
            words = t("sites_result.estimate_alone", axes=unknown)
            st.html(f'<p class="stale">{as_html(words)}</p>')
        held = next((item for item in decided()["estimates"] if item["code"] == code), None)
        with st.form(key(f"estimates-{code}"), border=False):
            hectares = st.number_input(
                t("sites_result.estimate_hectares"), 0.0, 1e6, step=10.0, format="%.0f",
                value=float(held["hectares"]) if held else None,
            )  # fmt: skip
            source = st.text_input(
                t("sites_result.estimate_source"), held["source"] if held else "", max_chars=200
            )
            year = st.number_input(
                t("results.year"), 1990, 2100, value=int(held["year"]) if held else None
            )
            if st.form_submit_button(t("sites_result.estimate_keep"), width="stretch"):
                _keep_estimate(code, hectares, source.strip(), year)


def _keep_estimate(code: str, hectares: float | None, source: str, year: int | None) -> None:
    if not hectares or not source or year is None:
        st.html(f'<p class="stale">{as_html(t("sites_result.estimate_missing"))}</p>')
        return
    new = {"code": code, "hectares": hectares, "source": source, "year": int(year)}
    others = [item for item in decided()["estimates"] if item["code"] != code]
    st.session_state[key("estimates")] = [*others, new]
    st.rerun()


def decided_list() -> None:
    """What has been decided place by place, each with its way back."""
    held = decided()
    rows = [(name, item) for name, items in held.items() for item in items]
    if not rows:
        return
    st.html(f'<p class="label">{as_html(t("sites_result.decided"))}</p>')
    with st.container(key="changes"):
        for name, item in rows:
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.markdown(as_text(_row(name, item)), width="stretch")
                st.button(
                    "✕",
                    key=key(f"undo-{name}-{_code(item)}"),
                    help=t("coverage_page.take_back"),
                    on_click=_taken_back(name, item),
                )


def _code(item: str | Mapping[str, Any]) -> str:
    return item if isinstance(item, str) else str(item["code"])


def _row(name: str, item: str | Mapping[str, Any]) -> str:
    place = place_title(_code(item))
    if isinstance(item, str):
        return t(f"sites_result.row_{name}", place=place)
    if name == "estimates":
        amount = shown(float(item["hectares"]), digits=0)
        year = str(item["year"])  # a number of hectares has thousands, a year has none
        return t("sites_result.row_estimates", place=place, amount=amount, year=year)
    return t(f"sites_result.row_{item['action']}", place=place, reason=item["reason"])


def _taken_back(name: str, item: str | Mapping[str, Any]) -> Callable[[], None]:
    def take() -> None:
        st.session_state[key(name)] = [other for other in decided()[name] if other != item]

    return take


def place_title(code: str) -> str:
    """A commune or a village with its commune; a hexagon or drawn point by its code."""
    places = cache.places()
    if code in places.communes.index:
        return named(places.communes.name_en[code], places.communes.name_km[code])
    if code in places.villages.index:
        village = places.villages.loc[code]
        name = named(str(village["name_en"]), village["name_km"] or "")
        return f"{name} ({place_title(str(village['commune']))})"
    return code


RANKS = ("rank_proposed", "rank_decided", "override", "override_reason")


def both_rankings(result: Result) -> None:
    """Sites as proposed and as officers decided, with their reasons, under the map."""
    table = result.outcome.tables.get("overrides")
    if table is None or table.empty:
        return
    st.subheader(t("sites_result.both_rankings"))
    st.html(f'<p class="calm">{as_html(t("sites_result.both_why"))}</p>')
    said = rankings(table, result)
    numbers = said.select_dtypes("number").columns
    st.dataframe(
        said.style.format(dict.fromkeys(numbers, lambda rank: shown(rank, digits=0))),
        hide_index=True,
        row_height=33 if language() == "km" else 28,
        placeholder=t("sites_result.no_site"),
        key="sites-rankings",
    )


def rankings(table: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Best first as decided, then what is no site any more."""
    ordered = table.sort_values(["rank_decided", "rank_proposed"], na_position="last")
    names = [place_title(str(code)) for code in ordered.index]
    words = {name: ordered[name].fillna("") for name in ("override", "override_reason")}
    said = worded(ordered.assign(**words)[list(RANKS)], result, "overrides")
    said.insert(0, t("results.commune"), names)
    return said
