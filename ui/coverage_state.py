"""What the page Coverage shows: the settings of a run, tab and surface; and how the URL names them.

Settings are plain values as a result's parameters hold them, so that both can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from gis.coverage.machinery import Machinery, Speed
from gis.coverage.parameters import CoverageParameters, WhatIf
from gis.parameters import SEASON_KEYS
from layers.machinery import machinery
from ui import state
from ui.text import language

PAGE = "coverage"
ANALYSIS = "coverage"
TABS = ("now", "what-if")
DEFAULTS = CoverageParameters()
SURFACES: Mapping[str, tuple[str, ...]] = {
    "now": ("travel_time", "unmet_ha", "supply_demand_ratio"),
    "what-if": ("travel_time_change", "served_ha_difference", "unmet_ha_difference"),
}
"""Present or comparison -> what can colour the map; the first one at first."""
OF_UNMET = ("unmet_ha", "unmet_ha_difference")
"""Not offered where the demand is mere crop area: nobody asked for it, so it is not unmet."""
PLAIN = (
    *("track", "season", "year", "demand", "scenario_share", "limit_minutes", "decay"),
    *("hectares_a_day", "rain_days", "cover_crop"),
)
"""Settings that are parameters by the same name."""
ENTERED = "Entered on the page Coverage"
"""Source of a speed that somebody changed."""


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def settle() -> None:
    """Take over what a URL named; anything that is not offered becomes the first choice."""
    named = st.session_state.get(key("layer"), "")
    if named and named != st.session_state.get(key("layer-seen")):
        for kind, offered in SURFACES.items():
            if named in offered:
                st.session_state[key(f"surface-{kind}")] = named
    if st.session_state.get(key("tab")) not in TABS:
        st.session_state[key("tab")] = TABS[0]
    for name, default in plain(DEFAULTS).items():
        st.session_state.setdefault(key(name), default)
    for kind in SURFACES:
        if st.session_state.get(key(f"surface-{kind}")) not in surfaces_offered(kind):
            st.session_state[key(f"surface-{kind}")] = SURFACES[kind][0]


def remember_layer(compared: bool) -> None:
    """Let the URL name what colours the map."""
    st.session_state[key("layer")] = st.session_state[key("layer-seen")] = surface(compared)


def box_of(name: str) -> str:
    """Key of a box that says what the setting says; one a language: it keeps the word chosen by."""
    box = key(f"box-{name}-{language()}")
    st.session_state[box] = st.session_state[key(name)]
    return box


def tab() -> str:
    return str(st.session_state[key("tab")])


def trying() -> bool:
    """Whether the planner tries out changes to the present."""
    return tab() == "what-if"


def surface(compared: bool) -> str:
    """What colours the map: of the present, or of what a change brings."""
    return str(st.session_state[key(f"surface-{kind_of(compared)}")])


def kind_of(compared: bool) -> str:
    return TABS[int(compared)]


def surfaces_offered(kind: str) -> tuple[str, ...]:
    """What can colour the map, under the demand chosen."""
    asked = st.session_state.get(key("demand"), DEFAULTS.demand) != "crop-area"
    return tuple(name for name in SURFACES[kind] if asked or name not in OF_UNMET)


def plain(of: CoverageParameters) -> dict[str, Any]:
    """Settings of a run, as plain as JSON gives them back."""
    return settings_of(jsoned(asdict(of)))


def jsoned(value: Any) -> Any:
    """A value as it comes back from a file."""
    return json.loads(json.dumps(value))


def settings_of(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with which a result was made, from its parameters."""
    found = {name: parameters[name] for name in PLAIN}
    found["speeds"] = _edits(parameters["machinery"]["speeds"])
    found["what_if"] = parameters["what_if"]
    return found


def of_this_table(parameters: Mapping[str, Any]) -> bool:
    """Whether a result was made with the house's table as it is now, but for what was entered."""
    now = edited(_edits(parameters["machinery"]["speeds"]))
    return bool(parameters["machinery"] == jsoned(asdict(now)))


def _edits(rows: list[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Speeds that somebody entered: key -> season -> km/h."""
    house = {item.key: item for item in machinery().speeds}
    edits: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["key"] not in house or row["source"] != ENTERED:
            continue
        for season in SEASON_KEYS:
            given = float(row[season.replace("-", "_")])
            if given != house[row["key"]].in_season(season):
                edits.setdefault(row["key"], {})[season] = given
    return edits


def settings(changed: bool) -> dict[str, Any]:
    """The settings chosen: with what is tried out, or of the present."""
    found = {name: st.session_state[key(name)] for name in (*PLAIN, "speeds")}
    found["what_if"] = changes() if changed else jsoned(asdict(WhatIf()))
    return found


def stamp(codes: tuple[str, ...]) -> str:
    """Names an area and settings of the present."""
    return json.dumps([codes, settings(changed=False)], sort_keys=True)


def parameters(changed: bool) -> dict[str, Any]:
    """The settings as parameters of the analysis."""
    found = settings(changed)
    speeds = found.pop("speeds")
    return {**found, "machinery": edited(speeds)}


def fits(made: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether a result was made with these settings; one of another edition was not."""
    try:
        return bool(settings_of(made) == wanted) and of_this_table(made)
    except (KeyError, TypeError, AttributeError):
        return False


def is_present(made: Mapping[str, Any]) -> bool:
    """Whether a result is of the present, with no change to it."""
    return bool(made.get("what_if") == jsoned(asdict(WhatIf())))


def edited(edits: Mapping[str, Mapping[str, float]]) -> Machinery:
    """The house's table with the speeds that somebody changed."""
    table = machinery()
    return replace(table, speeds=tuple(_with(row, edits.get(row.key, {})) for row in table.speeds))


def _with(row: Speed, edits: Mapping[str, float]) -> Speed:
    if not edits:
        return row
    changed: dict[str, Any] = {season.replace("-", "_"): kmh for season, kmh in edits.items()}
    return replace(row, source=ENTERED, working_value=True, **changed)


def take_over(made: Mapping[str, Any]) -> None:
    """Set the page to the parameters of a result, so that both say the same."""
    found = settings_of(made)
    if found["what_if"] == plain(DEFAULTS)["what_if"]:
        del found["what_if"]  # what somebody is trying out stays while the present is looked at
    for name, value in found.items():
        st.session_state[key(name)] = value
    forget_boxes()


def forget_boxes() -> None:
    """Let the boxes of forms take their values from the settings again."""
    for name in [name for name in st.session_state if str(name).startswith(key("form-"))]:
        del st.session_state[name]


def clicked_at() -> bool:
    """Whether a bare place on the map is selected."""
    return str(st.session_state.get(key("selected"), "")).startswith("at:")


def changes() -> dict[str, Any]:
    """What is tried out against the present, as a plain :class:`WhatIf`."""
    found: dict[str, Any] = st.session_state[key("what_if")]
    return found


def change(**values: Any) -> None:
    """Set a part of what is tried out."""
    st.session_state[key("what_if")] = {**changes(), **values}


def nothing_changed() -> bool:
    """Whether what is tried out is the present."""
    return bool(changes() == plain(DEFAULTS)["what_if"])
