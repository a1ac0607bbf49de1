"""What people decided about places before sites are searched again; it is sent with the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from gis.sites.parameters import SitesParameters
from layers.boundaries import COUNTRY
from ui import state

PAGE = "sites"
DECIDED = ("required", "forbidden", "overrides", "estimates")
"""Parameters that are set place by place, in the tab Result."""
DEFAULTS = SitesParameters()


def key(name: str) -> str:
    return state.page_key(PAGE, name)


def decided() -> dict[str, Any]:
    """As parameters of the analysis; of other areas nothing."""
    return {
        name: [item for item in st.session_state.get(key(name), ()) if _here(item)]
        for name in DECIDED
    }


def _here(item: str | Mapping[str, Any]) -> bool:
    code = item if isinstance(item, str) else str(item["code"])
    areas = tuple(area for area in state.area() if area != COUNTRY)
    return not code.isdigit() or code.startswith(areas) or len(areas) < len(state.area())


def take_over_decided(parameters: Mapping[str, Any]) -> None:
    """Set them to what a result was made with."""
    for name in DECIDED:
        st.session_state[key(name)] = list(parameters.get(name, getattr(DEFAULTS, name)))
