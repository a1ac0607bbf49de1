"""Demand of a track on the grid: what of it a new site may still win."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.criteria import reaching
from gis.membership import Scores, at_least, beyond, holds
from gis.overlay import weighted_overlay
from gis.sites.parameters import SitesParameters
from gis.surface import Surface
from gis.terrain import nearest_distance
from gis.tracks import Axis
from gis.zonal import NO_ZONE

QUANTITIES = ("hectares", "households", "poor_households")
PRIORITY: tuple[Axis, ...] = ("need", "service", "spread")
"""Axes that weigh demand; fit is a threshold instead."""

STOPS = ("too_weak", "no_cells", "no_hectares", "unfit", "unknown", "reached")
"""Why a commune's land gives no demand, in the order in which it is asked."""


@dataclass(frozen=True)
class Demand:
    """Cells that a site may win, and what they hold.

    Attributes
    ----------
    cells
        Flat positions on the grid, ascending.
    amounts
        Quantity -> amount of each of these cells; NaN where the figure is unknown. Also
        ``degraded_hectares``: hectares on land known to be degraded, NaN where no layer tells.
    worth
        What each cell counts: the objective's amount times the priority of the place.
    stopped
        Commune -> the rule that leaves it without demand; communes with demand are not in it.
    """

    cells: NDArray[np.intp]
    amounts: Mapping[str, NDArray[np.float64]]
    worth: NDArray[np.float64]
    stopped: Mapping[str, str]
    notes: tuple[Note, ...]


def demand_of(
    found: Surface,
    communes: pd.DataFrame,
    inputs: Inputs,
    away: NDArray[np.float32] | None,
    parameters: SitesParameters,
) -> Demand:
    """Spread each commune's figures evenly over its land and keep what a site may win.

    A cell counts when its commune is strong enough to rank, its fit reaches the threshold, its
    need is known and no early adopter lies within ``diffusion_m``. Excluded cells take no part.

    Parameters
    ----------
    communes
        Standing of the communes, in the order of ``found.communes``.
    away
        As :func:`adopters_away` gives it, at least as far as ``diffusion_m``.
    """
    per_cell = {
        name: _per_cell(found, amounts) for name, amounts in _totals(communes, inputs).items()
    }
    open_land = (found.zone != NO_ZONE) & ~found.excluded
    cropped = open_land & holds(per_cell["hectares"][found.zone])
    fits, notes = _fits(found, parameters)
    unreached, more = _unreached(found, away, parameters)
    worth = per_cell[parameters.objective][found.zone] * _priority(found, parameters)
    known = ~np.isnan(worth)
    steps = {"unfit": cropped & fits, "unknown": cropped & fits & known}
    steps["reached"] = steps["unknown"] & unreached & holds(worth)
    cells = np.flatnonzero(steps["reached"])
    zones = found.zone.ravel()[cells]
    return Demand(
        cells=cells,
        amounts={name: amount[zones] for name, amount in per_cell.items()}
        | {"degraded_hectares": _degraded(found, per_cell["hectares"][zones], cells)},
        worth=worth.ravel()[cells],
        stopped=_stopped(found, communes, open_land, steps),
        notes=(*notes, *more),
    )


def _totals(communes: pd.DataFrame, inputs: Inputs) -> dict[str, NDArray[np.float64]]:
    """Quantity -> total of each commune; a commune too weak to rank has none that counts."""
    figures = inputs.figures.reindex(
        index=communes.index, columns=["households", "poor_households"]
    )
    ranked = (communes["group"] != "too-weak").to_numpy()
    totals = {"hectares": communes["hectares"], **dict(figures.astype(float).items())}
    return {
        str(name): np.where(ranked, amounts.to_numpy(dtype=float), 0.0)
        for name, amounts in totals.items()
    }


def _degraded(
    found: Surface, hectares: NDArray[np.float64], cells: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Hectares of cells on land known to be degraded; NaN where no layer tells."""
    if found.degraded is None:
        return np.full_like(hectares, np.nan)
    return hectares * np.nan_to_num(found.degraded.ravel()[cells])


def _per_cell(found: Surface, totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """A commune's total over its cells that are not excluded; a last 0 stands for outside."""
    usable = found.zone[(found.zone != NO_ZONE) & ~found.excluded]
    cells = np.bincount(usable, minlength=len(totals))
    shares = np.divide(totals, cells, out=np.zeros_like(totals), where=cells > 0)
    return np.append(shares, 0.0)


def _fits(
    found: Surface, parameters: SitesParameters
) -> tuple[NDArray[np.bool_], tuple[Note, ...]]:
    if "fit" in found.absent_axes:
        return np.ones(found.zone.shape, dtype=np.bool_), (Note("reasons.fit_unknown"),)
    return at_least(found.axes["fit"], parameters.fit_threshold), ()


def adopters_away(found: Surface, inputs: Inputs, farthest_m: float) -> NDArray[np.float32] | None:
    """Metres from each cell to the nearest early adopter of the track, up to ``farthest_m`` and a
    cell more; None when none is on record."""
    adopters = reaching(inputs, found.scored.track)
    if adopters is None:
        return None
    cap = farthest_m + abs(inputs.grid.resolution.x)
    return nearest_distance(adopters, inputs.grid, cap).to_numpy()


def _unreached(
    found: Surface, away: NDArray[np.float32] | None, parameters: SitesParameters
) -> tuple[NDArray[np.bool_], tuple[Note, ...]]:
    """Where no early adopter of the track shows the practice already."""
    if away is None:
        note = Note("reasons.no_adopters")
        return np.ones(found.zone.shape, dtype=np.bool_), (note,)
    return beyond(away, parameters.diffusion_m), ()


def _priority(found: Surface, parameters: SitesParameters) -> Scores:
    """Weighted mean of need, service and spread; 1 when none of them weighs."""
    axes = [axis for axis in PRIORITY if axis not in found.absent_axes]
    axes = [axis for axis in axes if parameters.weights.of(axis) > 0]
    if not axes:
        return np.ones(found.zone.shape, dtype=np.float32)
    weights = [parameters.weights.of(axis) for axis in axes]
    never = [False] * len(axes)
    return weighted_overlay([found.axes[axis] for axis in axes], weights, never, never)[0]


def _stopped(
    found: Surface,
    communes: pd.DataFrame,
    open_land: NDArray[np.bool_],
    steps: Mapping[str, NDArray[np.bool_]],
) -> dict[str, str]:
    """Commune -> the first rule after which nothing of it is left."""
    left = {
        "no_cells": _counts(found, open_land),
        **{name: _counts(found, cells) for name, cells in steps.items()},
    }
    weak = (communes["group"] == "too-weak").to_numpy()
    nothing = ~(communes["hectares"].to_numpy(dtype=float) > 0)
    gone = {"too_weak": weak, "no_hectares": nothing} | {
        name: number == 0 for name, number in left.items()
    }
    return {
        str(code): next(name for name in STOPS if gone[name][place])
        for place, code in enumerate(communes.index)
        if any(gone[name][place] for name in STOPS)
    }


def _counts(found: Surface, cells: NDArray[np.bool_]) -> NDArray[np.intp]:
    return np.bincount(found.zone[cells], minlength=len(found.communes))
