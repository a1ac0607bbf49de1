"""What the planner wants of sites: the settings of the form, as plain as a result holds them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import streamlit as st

from gis.sites.parameters import SitesParameters
from gis.tracks import Criterion
from layers.tracks import tracks
from ui import state
from ui.results import same
from ui.sites_decided import decided, take_over_decided
from ui.text import language

PAGE = "sites"
DEFAULTS = SitesParameters()
SURFACE = ("track", "weights", "criterion_weights", "cutoffs", "service_season")
"""Settings that colour the map."""
GROUND = ("track", "service_season")
"""Settings without which no layer can be read and scored."""
SEARCH = (
    *("goal", "bases"),
    *("objective", "count", "budget_usd", "min_per_district", "min_share_per_district"),
    *("model", "candidates", "hexagon_m", "points", "site_capacity", "min_reach"),
    "one_per_commune",
    *("reach_m", "diffusion_m", "spacing_m", "fit_threshold"),
    *("samples", "seed", "time_limit_s"),
    *("groups_per_site", "commune_cost_usd", "group_cost_usd"),
)
"""Settings by which sites are chosen on it."""


CLASSES = ("s1", "s2", "s3", "n1")
"""Classes that have a lowest score."""


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def settle() -> None:
    """Every setting has a value from the first run on."""
    st.session_state.setdefault(key("settings"), plain(asdict(DEFAULTS)))


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of the form among parameters, as JSON gives them back."""
    found: dict[str, Any] = json.loads(
        json.dumps({name: parameters[name] for name in (*SURFACE, *SEARCH) if name in parameters})
    )
    return found


def setting(name: str) -> Any:
    """A setting; ``weights.need`` is one inside another."""
    found: Any = st.session_state[key("settings")]
    for part in name.split("."):
        found = found[part]
    return found


def put(name: str, value: Any) -> None:
    """Set it."""
    name, _, inner = name.partition(".")
    if inner:
        value = {**setting(name), inner: value}
    st.session_state[key("settings")] = {**st.session_state[key("settings")], name: value}


def wanted() -> dict[str, Any]:
    """The settings, and what people decided, as parameters of the analysis."""
    return _meant({**st.session_state[key("settings")], **decided()})


def still_wanted(parameters: Mapping[str, Any]) -> bool:
    """Whether a result was made with what is wanted now; what it did not use does not count."""
    return same(wanted(), _meant(parameters))


def _meant(parameters: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(parameters)
    if made.get("candidates") != "points":
        made["points"] = []  # drawn, and kept in the form, for another search
    return made | FOR_BASES if made.get("goal") == "bases" else made


FOR_BASES: Mapping[str, Any] = {
    "objective": "hectares",
    "model": "capacitated",
    "overrides": [],
    "estimates": [],
}
"""What a search for bases of machines takes, whatever the form says of other sites."""


def take_over(parameters: Mapping[str, Any]) -> None:
    """Set the form to the parameters of a result, so that both say the same."""
    st.session_state[key("settings")] = {**plain(asdict(DEFAULTS)), **plain(parameters)}
    take_over_decided(parameters)


def fault() -> str:
    """Text of what makes the settings impossible as they are; empty when nothing does."""
    cutoffs = setting("cutoffs")
    if for_bases() and setting("budget_usd") is not None:
        return "" if setting("bases.cost_usd") else "machine_bases.budget_needs_cost"
    if not any(setting("weights").values()):
        return "choose.one_weight"
    if any(cutoffs[high] <= cutoffs[low] for high, low in pairwise(CLASSES)):
        return "choose.cutoffs_fall"
    if setting("candidates") == "points" and not setting("points"):
        return "choose.no_points"
    return ""


def colours_as(parameters: Mapping[str, Any]) -> bool:
    """Whether a result was coloured by the present settings."""
    made, now = plain(parameters), plain(wanted())
    return all(made.get(name) == now[name] for name in (*SURFACE, "goal"))


def criteria() -> tuple[Criterion, ...]:
    """Criteria of the chosen system, with the weights of the house."""
    return next(track.criteria for track in tracks() if track.key == setting("track"))


def criterion_weight(criterion: Criterion) -> float:
    """Weight of a criterion within its axis, as set."""
    return float(setting("criterion_weights").get(criterion.key, criterion.weight))


def for_bases() -> bool:
    """Whether machines are to be placed, not sites where the practice is shown."""
    return bool(setting("goal") == "bases")


def put_track(track: str) -> None:
    """Choose a system; each keeps the weights that were set for its criteria."""
    kept: dict[str, Any] = st.session_state.setdefault(key("criterion-weights"), {})
    kept[setting("track")] = setting("criterion_weights")
    put("track", track)
    put("criterion_weights", kept.get(track, {}))


def put_criterion_weights(weights: Mapping[str, float]) -> None:
    """Set the weights of some criteria; those of the house are no setting."""
    house = {item.key: item.weight for item in criteria()}
    every = {**setting("criterion_weights"), **weights}
    kept = {name: value for name, value in every.items() if house.get(name) != value}
    put("criterion_weights", kept)


def box(name: str, value: Any) -> str:
    """Key of a control that says ``value``; one a language, for it keeps the word chosen by."""
    made = key(f"box-{name}-{language()}")
    # set only what differs: a slider that is being dragged must not jump back
    if made not in st.session_state or st.session_state[made] != value:
        st.session_state[made] = value
    return made


def takes(
    made: str, name: str, to: Callable[[Any], Any] = lambda value: value
) -> Callable[[], None]:
    """A callback that makes what a control says a setting."""

    def take() -> None:
        put(name, to(st.session_state[made]))

    return take
