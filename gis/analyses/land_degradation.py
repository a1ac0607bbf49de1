"""Land degradation: SDG indicator 15.3.1 of the baseline and two reporting periods, and its parts.

After the UNCCD reporting manual for the 2026 round (strategic objective 1) and the reference
implementation Trends.Earth; where both leave a choice, a parameter names it. Beside the indicator:
who is affected, where hot spots lie, what a missing part hides, gains against losses of land, and
soil carbon under conservation agriculture.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Role, silent
from gis.grid import NO_DATA, OUTSIDE, raster
from gis.land_degradation.balance import (
    carbon_tonnes,
    ldn_balance,
    reporting_tables,
    transitions_table,
)
from gis.land_degradation.carbon_account import carbon_account
from gis.land_degradation.codes import WATER
from gis.land_degradation.cropland import cropland_of
from gis.land_degradation.hotspots import hot_spots, squares_of
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.parts import Parts, matrix_of, parts_of
from gis.land_degradation.people import LAYERS as PEOPLE
from gis.land_degradation.people import people_table
from gis.land_degradation.periods import NEWEST, PERIODS
from gis.land_degradation.tables import CLASSES, long_areas
from gis.land_degradation.tally import lost, tally
from gis.land_degradation.units import screening_m, unit_tables
from gis.zonal import NO_ZONE, SQUARE_METRES, zone_of_cells

THREE_KEYS = {-1: "degraded", 0: "stable", 1: "improved", int(NO_DATA): "no_data"}
RASTERS = ("productivity", "land_cover", "soil_carbon", "indicator")


def roles(parameters: LandDegradationParameters) -> tuple[Role, ...]:
    """Series over all periods, and what makes the figures better where it is at hand.

    Raises
    ------
    UnknownParameter
        When a changed transition is between classes that do not exist.
    """
    matrix_of(parameters)
    periods = tuple(parameters.periods.values())
    first = min(min(one.first, one.cover_from) for one in periods)
    years = tuple(range(first, max(one.last for one in periods) + 1))
    return (
        Role("vegetation_index", "quantity", "1", years=years),
        Role("land_cover", "class", years=years),
        Role("soil_carbon", "quantity", "t/ha"),
        Role("soil_group", "class"),
        Role("climate_zone", "class"),
        *(Role(layer, "quantity", "people", accompanies=True) for layer in PEOPLE.values()),
        Role("management", "features", accompanies=True),
    )


def compute(
    inputs: Inputs, parameters: LandDegradationParameters, progress: Progress = silent
) -> Outcome:
    """Compute the indicator of every period, and what it says of each unit.

    Returns
    -------
    Outcome
        Rasters ``productivity`` (1 to 5), ``land_cover``, ``soil_carbon``, ``indicator`` (-1
        degraded, 0 stable, 1 improved), ``status`` (1 to 7) of the newest period, with suffix those
        of the others, and ``water`` (1: water in the first year that the newest period compares).
        Tables ``communes``, ``districts``, ``provinces`` (and ``country`` when it was asked for),
        ``areas``, ``transitions``, ``ldn_balance``, ``reporting``, ``carbon``. Features
        ``hotspots``.

    Raises
    ------
    NothingToAssess
        When none of the three layers covers the area.
    PeriodOutsideData, TooFewYears, YearsOutOfOrder
        When a series does not hold a period.
    GridMismatch, WrongUnit
        When a layer lies on another grid or states another unit than asked for.
    """
    inputs = replace(inputs, communes=inputs.communes.sort_index())
    zone = zone_of_cells(inputs.communes, inputs.grid)
    inside = zone != NO_ZONE
    parts = parts_of(inputs, parameters, inside, progress)
    progress("steps.summing", 3, 4)
    tallies = _tallies(inputs, parameters, parts)
    newest = parts.periods[NEWEST]
    people = people_table(inputs, newest.indicator)
    units = unit_tables(tallies[NEWEST], people, inputs)
    progress("steps.accounts", 4, 4)
    squares = squares_of(newest.indicator, inside, inputs.grid, parameters.hotspot_m)
    cell_ha = abs(inputs.grid.resolution.x * inputs.grid.resolution.y) / SQUARE_METRES
    cropland = cropland_of(inputs, parameters, parts, tallies[NEWEST], zone)
    tables = {
        **units,
        "areas": long_areas(tallies, inputs),
        "transitions": transitions_table(tallies),
        "ldn_balance": ldn_balance(tallies),
        "reporting": reporting_tables(tallies, carbon_tonnes(parts, inside, cell_ha), parts),
        "carbon": carbon_account(inputs, parameters, cropland),
    }
    return Outcome(
        rasters=_rasters(parts, inside, inputs),
        tables=tables,
        features={"hotspots": hot_spots(squares, inputs.communes)},
        summary=_summary(tallies, people, parameters, tables["ldn_balance"]),
        warnings=(*parts.notes, *_notes(tallies[NEWEST], inputs)),
    )


def _tallies(
    inputs: Inputs, parameters: LandDegradationParameters, parts: Parts
) -> dict[str, pd.DataFrame]:
    """Hectares of every combination of codes by commune, of each period."""
    baseline = parts.periods[PERIODS[0]].indicator
    return {
        name: tally(
            one,
            None if name == PERIODS[0] else baseline,
            parts.matrix,
            parameters.missing,
            inputs.communes,
            inputs.grid,
        )
        for name, one in parts.periods.items()
    }


def _rasters(parts: Parts, inside: NDArray[np.bool_], inputs: Inputs) -> Mapping[str, xr.DataArray]:
    """Codes of every period inside the area; the newest bears no suffix."""
    found: dict[str, NDArray[np.int16]] = {}
    for period in reversed(PERIODS):
        suffix = "" if period == NEWEST else f"_{period}"
        one = parts.periods[period]
        found |= {f"{part}{suffix}": getattr(one, part) for part in RASTERS}
        if period in parts.status:
            found[f"status{suffix}"] = parts.status[period]
        found[f"water{suffix}"] = np.where(one.initial == WATER, WATER, NO_DATA)
    return {
        name: raster(
            np.where(inside, codes, OUTSIDE),
            inputs.grid,
            name,
            "",
            classes={code: f"degradation.{key}" for code, key in _legend(name).items()},
        )
        for name, codes in found.items()
    }


def _legend(name: str) -> Mapping[int, str]:
    legends = {**CLASSES, "water": {int(WATER): "cover_7"}}
    return next(classes for part, classes in legends.items() if name.startswith(part))


def _summary(
    tallies: Mapping[str, pd.DataFrame],
    people: pd.DataFrame,
    parameters: LandDegradationParameters,
    balance: pd.DataFrame,
) -> dict[str, Any]:
    """Headline numbers over all communes."""
    periods = {}
    for name, rows in tallies.items():
        land = rows[~rows["water"]]
        total = float(land["hectares"].sum())
        by_class = land.groupby("indicator")["hectares"].sum()
        periods[name] = {
            "years": str(parameters.periods[name]),
            "land_ha": total,
            "water_ha": float(rows["hectares"].sum()) - total,
            **{f"{key}_ha": float(by_class.get(code, 0.0)) for code, key in THREE_KEYS.items()},
            "lost_ha": float(rows["hectares"][lost(rows)].sum()),
        }
    newest = balance[(balance["period"] == NEWEST) & (balance["land_type"] == "all")].iloc[0]
    return {
        "rules": parameters.rules,
        "significance": parameters.significance,
        "missing": parameters.missing,
        "newest": NEWEST,
        "periods": periods,
        "balance_ha": float(newest["balance_ha"]),
        "people": {str(name): float(value) for name, value in people.sum(min_count=1).items()},
    }


def _notes(newest: pd.DataFrame, inputs: Inputs) -> tuple[Note, ...]:
    screening = screening_m(inputs)
    notes = []
    if screening:
        notes.append(Note("degradation.screening_all", (("metres", round(screening)),)))
    hidden = float(newest["hectares"][lost(newest)].sum())
    if hidden >= 1:
        notes.append(Note("degradation.hidden_all", (("hectares", hidden),)))
    notes.append(Note("degradation.carbon_not_per_plot"))
    return tuple(notes)


ANALYSIS = Analysis("land-degradation", LandDegradationParameters, roles, compute, chunkable=True)
