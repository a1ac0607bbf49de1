"""Records as signs on the map, and the legend of the signs that are drawn."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from layers.boundaries import Gazetteer
from layers.drawing import LegendGroup, Sign
from layers.signs import provider_sign
from layers.signs import sign_legend as legend
from locales import day
from ui.text import language, named, shown, t

MOST_POINTS = 3000
"""More plots than this are drawn as numbers by commune."""


def adopter_signs(found: gpd.GeoDataFrame) -> tuple[Sign, ...]:
    return tuple(
        Sign("adopter", row.reference, row.geometry.x, row.geometry.y, f"adopter-{row.status}",
             row.reference)
        for row in found.itertuples()
    )  # fmt: skip


def adopters_together(found: gpd.GeoDataFrame, places: Gazetteer) -> tuple[Sign, ...]:
    """One number a commune, where single plots would be too many."""
    counts = found.groupby("commune").size()
    centres = places.communes.loc[counts.index].geometry.representative_point()
    return tuple(
        Sign("area", code, centre.x, centre.y, "plots-together",
             f"{_commune(code, places)}: {shown(count)}", number=str(count))
        for (code, count), centre in zip(counts.items(), centres, strict=True)
    )  # fmt: skip


def provider_signs(found: gpd.GeoDataFrame) -> tuple[Sign, ...]:
    return tuple(
        Sign("provider", row.reference, row.geometry.x, row.geometry.y,
             provider_sign(row.machines), row.reference)
        for row in found.itertuples()
    )  # fmt: skip


def event_signs(found: gpd.GeoDataFrame) -> tuple[Sign, ...]:
    return tuple(
        Sign("event", row.reference, row.geometry.x, row.geometry.y, "event",
             f"{t(f'map.event_{row.event}')}, {shown_day(row.date)}")
        for row in found.itertuples()
    )  # fmt: skip


def shown_day(date: object) -> str:
    return day(pd.Timestamp(str(date)).date(), language())


def village_signs(places: Gazetteer, codes: Iterable[str]) -> tuple[Sign, ...]:
    inside = places.villages[places.villages["commune"].isin(list(codes))]
    return tuple(
        Sign("village", str(row.Index), row.geometry.x, row.geometry.y, "village",
             named(row.name_en, row.name_km),
             language="km" if language() == "km" and row.name_km else "en")
        for row in inside.itertuples()
    )  # fmt: skip


def _commune(code: str, places: Gazetteer) -> str:
    area = places.area(code)
    return named(area.name_en, area.name_km)


def sign_legend(signs: Iterable[Sign], roads: bool) -> tuple[LegendGroup, ...]:
    """Legend groups of the signs that are drawn, and of nothing else."""
    return legend({sign.sign for sign in signs}, roads, language())
