"""Bases on the page Coverage: those of the records, as a result numbers them, and those tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from gis.analysis import Result
from gis.grid import GEOGRAPHIC
from layers.drawing import Sign
from layers.signs import provider_sign
from ui import cache
from ui.coverage_state import DEFAULTS, changes, key
from ui.text import named, t


@dataclass(frozen=True)
class Present:
    """A provider's base as it is recorded; ``number`` is the one results give it."""

    number: int
    reference: str
    commune: str
    lon: float
    lat: float
    machines: tuple[tuple[str, int], ...]
    """Kind and how many."""

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(kind for kind, _ in self.machines)


def present(codes: tuple[str, ...]) -> tuple[Present, ...]:
    """Bases in and around an area, in the order of their numbers."""
    margin = DEFAULTS.margin_m
    return cache.kept(("bases", codes, margin, cache.edition()), lambda: _present(codes, margin))


def _present(codes: tuple[str, ...], margin: float) -> tuple[Present, ...]:
    providers, machines = cache.service(codes, margin)
    places = providers.sort_values("reference").to_crs(GEOGRAPHIC)
    found = []
    for number, row in enumerate(places.itertuples(index=False), 1):
        own = machines[machines["provider"] == row.reference].groupby("machine")["count"].sum()
        owned = tuple((str(kind), int(count)) for kind, count in own.items())
        point = row.geometry
        found.append(Present(number, str(row.reference), str(row.commune), point.x, point.y, owned))
    return tuple(found)


def base_numbered(codes: tuple[str, ...], number: str) -> Present | None:
    """The base of a number, as a click names it."""
    return next((base for base in present(codes) if str(base.number) == number), None)


def base_named(codes: tuple[str, ...], reference: str) -> Present | None:
    return next((base for base in present(codes) if base.reference == reference), None)


def base_title(number: int, machines: Sequence[tuple[str, int]]) -> str:
    """A base in one line: its number and what it owns."""
    owned = ", ".join(machine_title(kind, count) for kind, count in machines)
    return t("coverage_page.base_owns", number=number, owned=owned or t("map.machine_none"))


def machine_title(kind: str, count: int) -> str:
    """A kind of machine, and how many where there are several."""
    return t(f"map.machine_{kind}") + (f" × {count}" if count > 1 else "")


def commune_title(code: str) -> str:
    """Name of a commune; nothing for a code that is none."""
    known = cache.places().communes
    return named(known.name_en[code], known.name_km[code]) if code in known.index else ""


def chosen_number() -> str:
    """Number of the base that is selected, or nothing."""
    kind, _, number = str(st.session_state.get(key("selected"), "")).partition(":")
    return number if kind == "base" else ""


def base_signs(result: Result) -> tuple[Sign, ...]:
    """Bases of a result at the cells that it used."""
    bases = result.outcome.features["bases"].to_crs(GEOGRAPHIC)
    recorded = {str(base.number): base for base in present(result.provenance.areas)}
    return tuple(
        Sign("base", str(row.code), row.geometry.x, row.geometry.y,
             *_sign_and_title(row, recorded.get(str(row.code))))
        for row in bases.itertuples(index=False)
    )  # fmt: skip


def _sign_and_title(row: Any, recorded: Present | None) -> tuple[str, str]:
    """The sign and name of a base by its machines; those of the result where the record left."""
    kind = row.kind if isinstance(row.kind, str) else ""
    owned = recorded.machines if recorded else ((kind, int(row.machines)),) if kind else ()
    return provider_sign([name for name, _ in owned]), base_title(int(row.code), owned)


def signs_with_changes(codes: tuple[str, ...]) -> tuple[Sign, ...]:
    """Bases as they are, and what is tried out: closed, moved, new ones."""
    tried = changes()
    moved = {item["provider"]: item for item in tried["moved"]}
    signs = []
    for base in present(codes):
        title, sign, at = base_title(base.number, base.machines), provider_sign(base.kinds), base
        if base.reference in tried["closed"]:
            title, sign = t("coverage_page.closed_one", base=title), "base-closed"
        signs.append(Sign("base", str(base.number), at.lon, at.lat, sign, title))
        if base.reference in moved:
            to = moved[base.reference]
            title = t("coverage_page.moved_one", base=title)
            signs.append(Sign("base", str(base.number), to["lon"], to["lat"], "base-moved", title))
    for place, new in enumerate(tried["bases"]):
        title = base_title(new_number(codes, place), [(new["machine"], new["count"])])
        signs.append(Sign("new", str(place), new["lon"], new["lat"], "base-new", title))
    return tuple(signs)


def new_number(codes: tuple[str, ...], place: int) -> int:
    """Number that a result will give to a base that is tried out."""
    return len(present(codes)) + place + 1


def new_base(lon: float, lat: float, machine: str, count: int) -> dict[str, Any]:
    """A base to try out, as plain as a result keeps it."""
    return {
        "lon": lon,
        "lat": lat,
        "machine": machine,
        "count": count,
        "hectares_a_day": None,
        "crops": [],
    }
