"""The three parts of the indicator, the indicator and its status, cell by cell, of each period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Inputs, Note, Progress
from gis.errors import GridMismatch, NothingToAssess
from gis.grid import NO_DATA, require_units
from gis.land_degradation.blocks import computed
from gis.land_degradation.codes import LAND_COVER, WATER
from gis.land_degradation.indicator import one_out_all_out, status
from gis.land_degradation.land_cover import (
    UNCCD_MATRIX,
    TransitionMatrix,
    transition_degradation,
)
from gis.land_degradation.parameters import LandDegradationParameters
from gis.land_degradation.performance import beyond_edge
from gis.land_degradation.periods import PERIODS
from gis.land_degradation.productivity import (
    land_units,
    performance,
    performance_reference,
    productivity_degradation,
    productivity_dynamics,
)
from gis.land_degradation.reduction import Cover, Vegetation
from gis.land_degradation.soil_carbon import stock_degradation

Codes = NDArray[np.int16]
PARTS: Mapping[str, str] = {
    "productivity": "vegetation_index",
    "land_cover": "land_cover",
    "soil_carbon": "soil_carbon",
}
"""Part of the indicator -> the layer without which it is unknown."""
UNITS = {"vegetation_index": "1", "soil_carbon": "t/ha"}


@dataclass(frozen=True)
class PeriodParts:
    """One period, every cell of the grid; int16 codes with ``NO_DATA``.

    Attributes
    ----------
    productivity
        Dynamics 1 to 5.
    land_cover, soil_carbon, indicator
        -1 degraded, 0 stable, 1 improved. The indicator of water of the initial year is no data.
    initial, final
        Land cover 1 to 7 of the first and the last year that are compared.
    """

    productivity: Codes
    land_cover: Codes
    soil_carbon: Codes
    indicator: Codes
    initial: Codes
    final: Codes


@dataclass(frozen=True)
class Parts:
    """All periods, and what several of them share.

    Attributes
    ----------
    periods
        Name -> its parts.
    status
        Name of a reporting period -> 1 to 7 against the baseline.
    stocks
        Year -> soil organic carbon, t/ha, NaN = unknown.
    years
        Name -> years of the land cover that stand for the first and the last year.
    """

    periods: Mapping[str, PeriodParts]
    status: Mapping[str, Codes]
    stocks: Mapping[int, NDArray[np.float32]]
    years: Mapping[str, tuple[int, int]]
    matrix: TransitionMatrix
    notes: tuple[Note, ...]


def parts_of(
    inputs: Inputs,
    parameters: LandDegradationParameters,
    inside: NDArray[np.bool_],
    progress: Progress,
    names: Sequence[str] = PERIODS,
) -> Parts:
    """Compute every period, or some of them.

    Parameters
    ----------
    inside
        Cells of the area: they alone make the best that performance is compared with.
    names
        Periods wanted; each is the same whatever others are. ``status`` needs the baseline.

    Raises
    ------
    NothingToAssess
        When none of the three layers covers the area.
    PeriodOutsideData, TooFewYears, YearsOutOfOrder
        When a series does not hold a period.
    GridMismatch, WrongUnit
        When a layer lies on another grid or states another unit than asked for.
    """
    _require(inputs)
    vegetation, cover = Vegetation.of(inputs, parameters, names), Cover.of(inputs, parameters)
    progress("steps.trends", 1, 4)
    # One series after the other: what blocks leave behind is held twice while they are joined.
    lines, means = computed(vegetation and vegetation.codes(), vegetation and vegetation.means())
    maps, stocks = computed(cover and cover.maps(), cover and cover.stocks())
    progress("steps.combining", 2, 4)
    planes = _Planes(cover, maps, stocks, inputs.grid.shape)
    matrix = matrix_of(parameters)
    group = inputs.rasters.get("soil_group")
    soil = None if group is None else beyond_edge(group.to_numpy(), inside)
    found = {}
    for place, name in enumerate(names):
        if vegetation is None:
            dynamics = planes.unknown
        else:
            units = performance_units(planes.like(name), soil)
            peers = performance_codes(means[place], units, inside)
            dynamics = productivity_dynamics(
                lines[2 * place], lines[2 * place + 1], peers, parameters.rules
            )
        found[name] = _combined(dynamics, planes, name, matrix, parameters.missing)
    return Parts(
        periods=found,
        status=_statuses(found),
        stocks=planes.stocks,
        years={} if cover is None else cover.bounds,
        matrix=matrix,
        notes=(
            *_absences(inputs, parameters),
            *(cover.notes if cover else ()),
        ),
    )


def _statuses(found: Mapping[str, PeriodParts]) -> Mapping[str, Codes]:
    """Each reporting period against the baseline, where that is there."""
    if PERIODS[0] not in found:
        return {}
    baseline = found[PERIODS[0]].indicator
    return {
        name: status(baseline, one.indicator) for name, one in found.items() if name != PERIODS[0]
    }


class _Planes:
    """Land cover and stocks by year; no data where their layer is absent."""

    def __init__(
        self,
        cover: Cover | None,
        maps: NDArray[np.int16] | None,
        stocks: NDArray[np.float32] | None,
        shape: tuple[int, int],
    ) -> None:
        self.cover = cover
        self.unknown = np.full(shape, NO_DATA)
        self.maps: dict[int, Codes] = {}
        self.stocks: dict[int, NDArray[np.float32]] = {}
        if cover is not None and maps is not None:
            self.maps = dict(zip(cover.wanted, maps, strict=True))
        if cover is not None and stocks is not None:
            self.stocks = dict(zip(cover.compared, stocks, strict=True))

    def compared(self, period: str) -> tuple[Codes, Codes]:
        """Land cover of the first and last year of a period."""
        if self.cover is None:
            return self.unknown, self.unknown
        first, last = self.cover.bounds[period]
        return self.maps[first], self.maps[last]

    def like(self, period: str) -> Codes:
        """Land cover by which a cell is compared with its like."""
        return self.unknown if self.cover is None else self.maps[self.cover.units[period]]

    def change(self, period: str, water: NDArray[np.bool_]) -> Codes:
        """What the change of the stock means."""
        if self.cover is None or not self.stocks:
            return self.unknown
        first, last = self.cover.bounds[period]
        return stock_degradation(self.stocks[first], self.stocks[last], water)


def _combined(
    dynamics: Codes, planes: _Planes, period: str, matrix: TransitionMatrix, missing: str
) -> PeriodParts:
    initial, final = planes.compared(period)
    water = initial == WATER
    change = transition_degradation(initial, final, matrix)
    carbon = planes.change(period, water)
    indicator = one_out_all_out(productivity_degradation(dynamics), change, carbon, missing)
    # In the reference soil carbon, unknown on water, makes it so; here it holds by every rule.
    indicator[water] = NO_DATA
    return PeriodParts(dynamics, change, carbon, indicator, initial, final)


def matrix_of(parameters: LandDegradationParameters) -> TransitionMatrix:
    """The matrix of the manual with the decisions of the country.

    Raises
    ------
    UnknownParameter
        When a decision names a change that the legend does not know.
    """
    matrix = UNCCD_MATRIX
    for (initial, final), meaning in parameters.changed_transitions.items():
        matrix = matrix.with_meaning(initial, final, meaning)
    return matrix


def performance_units(cover: Codes, soil: Codes | None) -> NDArray[np.int32]:
    """Land of one kind: the same land cover on the same soil, where a soil map is at hand.

    Examples
    --------
    >>> performance_units(np.int16([3, 3, 99]), np.int16([12, -32768, 12]))
    array([  1203, -32768, -32768], dtype=int32)
    """
    known = np.where((cover >= 1) & (cover <= len(LAND_COVER)), cover, NO_DATA)
    return land_units(np.zeros_like(known) if soil is None else soil, known)


def performance_codes(
    mean: NDArray[np.float32], units: NDArray[np.int32], inside: NDArray[np.bool_]
) -> Codes:
    """-1 where a cell's mean is at most half of the best of its kind inside the area, else 0."""
    best = performance_reference(mean[inside], units[inside])
    return performance(mean, units, reference=best)


def _require(inputs: Inputs) -> None:
    if not set(PARTS.values()) & inputs.rasters.keys():
        raise NothingToAssess(", ".join(inputs.areas))
    for name, array in inputs.rasters.items():
        if array.odc.geobox != inputs.grid:
            raise GridMismatch(name, "grid")
        if name in UNITS:
            require_units(array, UNITS[name])


def _absences(inputs: Inputs, parameters: LandDegradationParameters) -> tuple[Note, ...]:
    """Parts of the indicator that no layer tells, and what stands in for other layers."""
    notes = [
        Note("degradation.part_absent", (("part", Note(f"degradation.part_{part}")),))
        for part, layer in PARTS.items()
        if layer not in inputs.rasters
    ]
    if notes and parameters.missing == "reference":
        notes.append(Note("degradation.missing_overrides"))
    if "soil_group" not in inputs.rasters:
        notes.append(Note("degradation.no_soil_units"))
    if "climate_zone" not in inputs.rasters:
        climate = Note(f"degradation.climate_{parameters.climate.replace('-', '_')}")
        notes.append(Note("degradation.climate_assumed", (("climate", climate),)))
    notes.append(Note("degradation.performance_of_area"))
    return tuple(notes)
