"""Candidates: where a site could be, and why other places are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.demand import Demand
from gis.errors import BadParameter, NotACandidate
from gis.location import Reach
from gis.sites.offered import offered_places
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces, ways
from gis.surface import Surface
from gis.terrain import cells_at

LEFT_OUT = ("code", "name_en", "name_km", "commune", "stopped_by", "reason")


@dataclass(frozen=True)
class Candidates:
    """Places that may be chosen, in the order of their codes.

    Attributes
    ----------
    table
        Index ``code``; ``commune, district, name_en, name_km, x, y`` (metres) and ``standing``:
        a site already.
    reach
        Ways to places of demand up to the distance that a site reaches.
    left_out
        Places that are no candidates: ``LEFT_OUT``.
    """

    table: pd.DataFrame
    reach: Reach
    left_out: pd.DataFrame

    def __len__(self) -> int:
        return len(self.table)

    @property
    def points(self) -> NDArray[np.float64]:
        return self.table[["x", "y"]].to_numpy(dtype=np.float64)

    def reached(self, position: int) -> NDArray[np.int64]:
        """Places of demand within the reach of a candidate, ascending."""
        return self.reach.points[self.reach.starts[position] : self.reach.starts[position + 1]]

    def sums(self, amounts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of amounts of places, what each candidate reaches; what is unknown adds nothing."""
        known = np.nan_to_num(amounts)[self.reach.points]
        return np.bincount(self.reach.candidate, known, minlength=len(self)).astype(np.float64)


def candidates_of(
    found: Surface,
    demand: Demand,
    places: DemandPlaces,
    communes: pd.DataFrame,
    inputs: Inputs,
    parameters: SitesParameters,
) -> Candidates:
    """Places in communes with demand of their own that reach enough of any commune's.

    A place that itself lies on excluded land is none: no field there may show the practice. Where
    a site stands already no rule is asked.
    """
    offered = offered_places(found.zone, communes, inputs, parameters)
    reach = ways(places, offered[["x", "y"]].to_numpy(dtype=np.float64), parameters.reach_m)
    offered["standing"] = named(parameters.existing, offered)
    drawn = Candidates(offered, reach, pd.DataFrame())
    stops = _stops(drawn, found, demand, places, inputs, parameters)
    kept = np.array([stop is None for stop in stops], dtype=np.bool_) | offered["standing"]
    left = offered.assign(stopped_by=pd.Series(stops, index=offered.index, dtype=object))[~kept]
    return Candidates(offered[kept], reach.chosen(np.flatnonzero(kept)), left_out(left))


def positions_of(
    codes: Iterable[str], name: str, offered: Candidates, worth: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Candidates that codes of villages or communes name; of a commune the one that reaches most.

    Raises
    ------
    BadParameter
        A code that is neither a village nor a commune with villages of the area.
    NotACandidate
        A place that a rule leaves out.
    """
    table = offered.table
    sums = offered.sums(worth)
    found = []
    for code in codes:
        own = np.flatnonzero((table.index == code) | (table["commune"] == code))
        if not own.size:
            out = offered.left_out
            rows = out[(out.index == code) | (out["commune"] == code)]
            if rows.empty:
                raise BadParameter(name, code, Note("reasons.codes_of_places"))
            raise NotACandidate(code, Note(f"reasons.rule_{rows['stopped_by'].iloc[0]}"))
        found.append(int(own[np.argmax(sums[own])]))
    return np.unique(np.asarray(found, dtype=np.int64))


def named(codes: tuple[str, ...], offered: pd.DataFrame) -> NDArray[np.bool_]:
    """Villages that codes name; of a commune its first."""
    first = ~offered["commune"].duplicated().to_numpy(dtype=np.bool_)
    known = {*offered.index, *offered["commune"]}
    for code in codes:
        if code not in known:
            raise BadParameter("existing", code, Note("reasons.codes_of_places"))
    named: NDArray[np.bool_] = offered.index.isin(codes) | (
        offered["commune"].isin(codes).to_numpy(dtype=np.bool_) & first
    )
    return named


def _stops(
    drawn: Candidates,
    found: Surface,
    demand: Demand,
    places: DemandPlaces,
    inputs: Inputs,
    parameters: SitesParameters,
) -> list[str | None]:
    """The rule that leaves each place out; None for a candidate."""
    amounts = drawn.sums(places.amounts[parameters.objective])
    reaches = np.diff(drawn.reach.starts) > 0
    excluded = _on_excluded(drawn.points, found, inputs)
    stops: list[str | None] = []
    for place, commune in enumerate(drawn.table["commune"]):
        stop: Mapping[str, bool] = {
            "excluded_land": bool(excluded[place]),
            "out_of_reach": not reaches[place],
            "too_little": bool(amounts[place] < parameters.min_reach),
        }
        own = demand.stopped.get(commune)
        stops.append(own or next((rule for rule, holds in stop.items() if holds), None))
    return stops


def _on_excluded(points: NDArray[np.float64], found: Surface, inputs: Inputs) -> NDArray[np.bool_]:
    rows, columns = cells_at(points, inputs.grid)
    held: NDArray[np.bool_] = (rows >= 0) & found.excluded[rows, columns]
    return held


def left_out(left: pd.DataFrame) -> pd.DataFrame:
    reasons = [
        (Note("reasons.left_out", (("rule", Note(f"reasons.rule_{stop}")),)),)
        for stop in left["stopped_by"]
    ]
    table = left.assign(reason=pd.Series(reasons, index=left.index, dtype=object))
    return table[list(LEFT_OUT[1:])]
