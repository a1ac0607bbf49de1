"""What a change brings, in one plain sentence; where it brings nothing, why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gis.analysis import Result
from ui.coverage_answer import HALF, amount, difference
from ui.coverage_bases import machine_title
from ui.coverage_changes import base_name, base_place, more_machines, place_name
from ui.text import as_html, shown, t


def effect(result: Result) -> None:
    """The sentence that the tab What if begins with, after a comparison."""
    st.html(f'<p class="reason">{as_html(effect_of(result))}</p>')


def effect_of(result: Result) -> str:
    """How many hectares more or fewer are served, else reached, else why nothing changes."""
    then = result.outcome.summary
    what = _what(result.provenance.areas, result.provenance.parameters["what_if"])
    for name in ("served", "reachable"):
        change = difference(amount(then, f"{name}_ha"), amount(then["now"], f"{name}_ha"))
        if abs(change) >= HALF:
            way = "more" if change > 0 else "less"
            hectares = shown(abs(change), t("map.hectares"), 0)
            return t(f"coverage_page.effect_{name}_{way}", what=what, hectares=hectares)
    why = t(f"coverage_page.why_{why_nothing(result)}")
    return t("coverage_page.effect_none", what=what, why=why)


def why_nothing(result: Result) -> str:
    """Why a change serves no hectare more or less; the name of its text.

    An allocation serves as much as it can: what a base could still serve lies out of its reach.
    """
    tried = result.provenance.parameters["what_if"]
    if not (tried["bases"] or tried["more_machines"] or _faster(tried)):
        return "others"
    providers = result.outcome.tables["providers"]
    new = providers[providers["state"] == "new"]
    if tried["bases"] and not tried["more_machines"] and not (new["supply_ha"] > 0).any():
        return "no_work"
    summary = result.outcome.summary
    if difference(amount(summary, "reachable_ha"), amount(summary, "served_ha")) < HALF:
        return "all_served"
    asked = result.provenance.parameters["demand"] == "requested"
    return "no_requests" if asked else "no_hectares"


def _faster(tried: Mapping[str, Any]) -> bool:
    """Whether speeds or field capacities are tried out too."""
    return bool(tried["speeds"]) or (tried["speed_factor"], tried["capacity_factor"]) != (1, 1)


def _what(codes: tuple[str, ...], tried: Mapping[str, Any]) -> str:
    """The change in words, where it is one; else how many there are."""
    parts = [
        *(_new(item) for item in tried["bases"]),
        *(t("coverage_page.with_closed", base=base_place(codes, one)) for one in tried["closed"]),
        *(
            t(
                "coverage_page.with_moved",
                base=base_name(codes, item["provider"]),
                place=place_name(item),
            )
            for item in tried["moved"]
        ),
        *(
            t(
                "coverage_page.with_more",
                machines=more_machines(item),
                base=base_place(codes, item["provider"]),
            )
            for item in tried["more_machines"]
        ),
        *([t("coverage_page.with_speeds")] if _faster(tried) else []),
    ]
    return parts[0] if len(parts) == 1 else t("coverage_page.with_many", count=len(parts))


def _new(item: Mapping[str, Any]) -> str:
    machines = machine_title(item["machine"], item["count"])
    return t("coverage_page.with_new", place=place_name(item), machines=machines)
