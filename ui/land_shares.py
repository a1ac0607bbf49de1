"""How much land each class holds: the area in figures, its communes as bars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.land_degradation.people import LAYERS as PEOPLE
from gis.land_degradation.periods import NEWEST
from gis.land_degradation.tables import CLASSES, NO_DATA_CLASS, WATER_CLASS
from layers.colours import COLOURS
from layers.runs import run_id
from ui import cache
from ui.bars import Bar, BarPart, show_bars
from ui.land_state import PAGE, part, period, selected_code
from ui.text import as_html, example_chip, named, shown, t

DEGRADED: Mapping[str, int] = {"productivity": 2, "status": 3}
"""How many of the first classes of a part count as degraded; one where none is named."""


@dataclass(frozen=True)
class Shares:
    """Land by unit and class.

    Attributes
    ----------
    hectares
        One row a unit, one column a class (text key), the worst class first; no water.
    no_data, water
        Hectares of land of which nothing is known, and of water of the first year.
    degraded
        How many of the first columns count as degraded.
    """

    hectares: pd.DataFrame
    no_data: pd.Series
    water: pd.Series
    degraded: int

    @property
    def land(self) -> pd.Series:
        return self.hectares.sum(axis=1) + self.no_data

    @property
    def percent(self) -> pd.DataFrame:
        """Of the land of a unit, percent by class; 0 to 100, NaN where a unit has no land."""
        return self.hectares.div(self.land.where(self.land > 0), axis=0) * 100

    @property
    def percent_degraded(self) -> pd.Series:
        """Of the land, percent; NaN where nothing of a unit is known."""
        known = self.hectares.sum(axis=1) > 0
        return self.percent.iloc[:, : self.degraded].sum(axis=1).where(known)


def shares_of(result: Result, part: str, period: str, level: str) -> Shares:
    """The shares of a part in a period, by the units of a level."""
    name = ("land-shares", run_id(result.provenance), part, period, level)
    return cache.kept(name, lambda: _shares(result, part, period, level))


def _shares(result: Result, part: str, period: str, level: str) -> Shares:
    areas = result.outcome.tables["areas"]
    wanted = (areas["level"] == level) & (areas["period"] == period) & (areas["part"] == part)
    wide = areas[wanted].set_index("class", append=True)["hectares"].unstack(fill_value=0.0)
    classes = list(CLASSES[part].values())
    wide = wide.reindex(columns=[*classes, NO_DATA_CLASS, WATER_CLASS], fill_value=0.0)
    known = wide[classes].rename(columns=lambda name: f"degradation.{name}")
    return Shares(known, wide[NO_DATA_CLASS], wide[WATER_CLASS], DEGRADED.get(part, 1))


def figures(result: Result) -> None:
    """The answer first: the share of each class in the whole area, and what is not in it."""
    whole = shares_of(result, part(), period(), "area")
    percent = whole.percent.iloc[0]
    if len(percent) == 3:
        st.html(_three(percent))
    else:
        st.html(_rows(whole))
    land, water = float(whole.land.sum()), float(whole.water.sum())
    unknown = float(whole.no_data.sum()) / land * 100 if land else float("nan")
    said = t(
        "land.of_land",
        land=shown(land, t("map.hectares"), 0),
        unknown=shown(unknown, "%", 0 if unknown >= 1 else 1),
        water=shown(water, t("map.hectares"), 0),
    )
    chip = f" {example_chip()}" if result.provenance.example else ""
    if not selected_code():  # the answer to a click needs the room
        said = f"{said} {people(result)}".strip()
    st.html(f'<p class="sub">{as_html(said)}{chip}</p>')


def people(result: Result) -> str:
    """How many people live on degraded land, where the newest indicator is shown and known."""
    counts = result.outcome.summary["people"]
    if (part(), period()) != ("indicator", NEWEST) or counts.get("people_degraded") is None:
        return ""
    said = {name: shown(counts.get(f"{name}_degraded") or 0.0, digits=0) for name in PEOPLE}
    known = all(counts.get(f"{name}_degraded") is not None for name in PEOPLE)
    return t("land.people_by_sex", **said) if known else t("land.people", people=said["people"])


def _three(percent: pd.Series) -> str:
    boxes = "".join(
        f'<div style="border-color:{COLOURS[key]}"><b>{as_html(shown(float(value), "%", 0))}</b>'
        f"<span>{as_html(t(key))}</span></div>"
        for key, value in percent.items()
    )
    return f'<div class="shares">{boxes}</div>'


def _rows(whole: Shares) -> str:
    rows = "".join(
        f'<tr><td><i class="swatch" style="background:{COLOURS[str(key)]}"></i>'
        f"{as_html(t(str(key)))}</td>"
        f"<td>{as_html(shown(float(value), '%', 0))}</td></tr>"
        for key, value in whole.percent.iloc[0].items()
    )
    return f'<table class="readings numbers classes">{rows}</table>'


def strip(shares: Shares, code: str) -> str:
    """The classes of one unit as a strip, with percent under the widest; as HTML."""
    percent = shares.percent.loc[code]
    pieces = "".join(
        f'<span style="width:{value:.2f}%;background:{COLOURS[str(key)]}" '
        f'title="{as_html(t(str(key)))} {as_html(shown(value, "%", 0))}"></span>'
        for key, value in percent.items()
    )
    return f'<div class="strip">{pieces}</div>'


def communes_bars(result: Result) -> None:
    """The communes as stacked bars, the most degraded first; unknown ones apart, before them."""
    shares = shares_of(result, part(), period(), "commune")
    title = t("land.by_commune")
    st.html(f'<p class="label">{as_html(title)}</p>')
    show_bars(PAGE, bars_of(shares, selected_code()), title)


def bars_of(shares: Shares, chosen: str) -> list[Bar]:
    """One bar a commune."""
    communes = cache.places().communes
    degraded = shares.percent_degraded.sort_values(
        ascending=False, na_position="first", kind="stable"
    )
    percent = shares.percent.loc[degraded.index].fillna(0.0)
    bars = []
    for code, value in degraded.items():
        name = named(communes.name_en[code], communes.name_km[code])
        parts = [BarPart(float(percent.at[code, key]), COLOURS[str(key)]) for key in percent]
        rest = 100.0 - sum(piece.percent for piece in parts)
        parts.append(BarPart(max(rest, 0.0), ""))
        said = shown(float(value), "%", 0) if value == value else t("terms.unknown")
        title = " · ".join([name, *_said(percent.loc[code])])
        bars.append(Bar(str(code), name, said, title, tuple(parts), str(code) == chosen))
    return bars


def _said(percent: pd.Series) -> list[str]:
    return [f"{t(str(key))} {shown(float(value), '%', 0)}" for key, value in percent.items()]
