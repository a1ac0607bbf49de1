"""The answer to a click on the page Land: the commune, the cell, the vegetation year by year."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from gis.analysis import Result
from gis.errors import DeimapError
from gis.grid import GEOGRAPHIC
from gis.land_degradation.trend import PointTrend, point_trend
from gis.terrain import cells_at
from layers.catalogue import Layer
from layers.sources import series_at
from locales import error_text
from ui import cache
from ui.land_shares import shares_of, strip
from ui.land_state import PARTS, part, period, period_years, raster_name, selected, selected_code
from ui.text import as_html, example_chip, language, t

SIGNIFICANT = 0.05
"""Of the p-value: below it the line of a trend is drawn through, above it dashed."""


@dataclass(frozen=True)
class Vegetation:
    """The vegetation index at a place: all years known, and the trend of a period."""

    layer: Layer
    values: pd.Series
    first: int
    last: int
    trend: PointTrend


def place_answer(result: Result) -> None:
    """What is known where the map was clicked; nothing before the first click."""
    code = selected_code()
    shares = shares_of(result, part(), period(), "commune")
    if code not in cache.places().communes.index:
        st.html(f'<p class="calm">{as_html(t("land.click_hint"))}</p>')
        return
    area = cache.places().area(code)
    names = " · ".join(name for name in (area.name_km, area.name_en) if name)
    if code not in shares.hectares.index:
        st.html(f'<p class="calm">{as_html(t("land.outside", place=names))}</p>')
        return
    st.html(
        f'<p class="heading">{as_html(names)} <span class="sub">{as_html(code)}</span></p>'
        f"{strip(shares, code)}"
    )
    chosen = selected()
    if chosen is not None and chosen.kind == "at":
        st.html(_facts(result, chosen.lon, chosen.lat))
        vegetation_chart(result, chosen.lon, chosen.lat)


def _facts(result: Result, lon: float, lat: float) -> str:
    """The class of every part at a place, in the period chosen."""
    rows = []
    for name in ("indicator", *PARTS["parts"]):
        key = class_at(result, raster_name(name, period()), lon, lat)
        said = t(key) if key else t("degradation.no_data")
        rows.append(f"<dt>{as_html(t(f'land.part_{name}'))}</dt><dd>{as_html(said)}</dd>")
    return f'<dl class="facts">{"".join(rows)}</dl>'


def class_at(result: Result, raster: str, lon: float, lat: float) -> str:
    """Text key of the class of a cell; nothing where there is none."""
    array = result.outcome.rasters[raster]
    point = gpd.GeoSeries.from_xy([lon], [lat], crs=GEOGRAPHIC).to_crs(result.provenance.crs)
    (row,), (column,) = cells_at(np.column_stack([point.x, point.y]), result.grid)
    if row < 0:
        return ""
    classes: dict[int, str] = array.attrs["classes"]
    return classes.get(int(array.to_numpy()[row, column]), "")


def vegetation_at(result: Result, lon: float, lat: float) -> Vegetation | None:
    """The vegetation series of a result at a place; nothing where its layer is gone.

    Raises
    ------
    DataError
        When the file cannot be read, or fewer than four years are known.
    """
    used = next(
        (use for use in result.provenance.layers if use.variable == "vegetation_index"), None
    )
    if used is None or used.id not in cache.known_layers().layers:
        return None
    layer = cache.known_layers().layer(used.id)
    key = ("vegetation", layer.id, layer.sha256, lon, lat, cache.edition())
    values = cache.kept(key, lambda: series_at(layer, lon, lat, cache.places()))
    years = period_years(result, period())
    inside = values[(values.index >= years["first"]) & (values.index <= years["last"])]
    trend = point_trend(inside.tolist(), [int(year) for year in inside.index])
    return Vegetation(layer, values, int(years["first"]), int(years["last"]), trend)


def vegetation_chart(result: Result, lon: float, lat: float) -> None:
    """Vegetation year by year with the trend of the period, its p-value in words."""
    try:
        found = vegetation_at(result, lon, lat)
    except DeimapError as error:
        st.html(
            f'<p class="calm">{as_html(t("land.no_series", why=error_text(error, language())))}</p>'
        )
        return
    if found is None:
        return
    trend = found.trend
    said = t(
        "land.trend",
        first=str(found.first),
        last=str(found.last),
        slope=f"{trend.slope:+.4f}",
        p="< 0.001" if trend.p < 0.001 else f"= {trend.p:.3f}",
        years=str(trend.n),
    )
    chip = f" {example_chip()}" if found.layer.example else ""
    st.html(
        f'<p class="label">{as_html(t("land.vegetation"))}{chip}</p>'
        f'<p class="calm">{as_html(said)}</p>'
    )
    st.vega_lite_chart(spec_of(found), width="stretch")


def spec_of(found: Vegetation) -> dict[str, object]:
    """The chart: numbers only, so that no letter depends on a font."""
    ends = [{"year": year, "index": found.trend.intercept + found.trend.slope * year}
            for year in (found.first, found.last)]  # fmt: skip
    known = [
        {
            "year": int(year),
            "index": round(float(value), 4),
            "inside": found.first <= year <= found.last,
        }
        for year, value in found.values.items()
        if value == value
    ]
    x = {
        "field": "year",
        "type": "quantitative",
        "axis": {"format": "d", "title": None, "tickCount": 6, "grid": False},
        "scale": {"nice": False, "padding": 6},
    }
    y = {
        "field": "index",
        "type": "quantitative",
        "axis": {"title": None, "tickCount": 4, "format": ".2f"},
        "scale": {"zero": False},
    }
    dash = [1, 0] if found.trend.p < SIGNIFICANT else [4, 3]
    return {
        "height": 118,
        "padding": {"left": 0, "right": 4, "top": 4, "bottom": 0},
        "layer": [
            {
                "data": {"values": known},
                "mark": {"type": "line", "color": "#9AA5A0", "strokeWidth": 1.5},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": known},
                "mark": {"type": "circle", "size": 26, "opacity": 1},
                "encoding": {
                    "x": x,
                    "y": y,
                    "color": {
                        "condition": {"test": "datum.inside", "value": "#0B6E4F"},
                        "value": "#C4CBC6",
                    },
                    "tooltip": [
                        {"field": "year", "format": "d"},
                        {"field": "index", "format": ".3f"},
                    ],
                },
            },
            {
                "data": {"values": ends},
                "mark": {"type": "line", "color": "#8A2B0E", "strokeWidth": 2, "strokeDash": dash},
                "encoding": {"x": x, "y": y},
            },
        ],
    }
