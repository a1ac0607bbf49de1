"""Candidates: where a site could be, and why other places are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

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
    admitted
        Code -> the rule that leaves a place out which an officer adds all the same; no model may
        choose it.
    """

    table: pd.DataFrame
    reach: Reach
    left_out: pd.DataFrame
    admitted: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def ruled_out(self) -> NDArray[np.bool_]:
        """Places that are there for an officer alone."""
        held: NDArray[np.bool_] = self.table.index.isin(list(self.admitted))
        return held

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
    inputs: Inputs,
    parameters: SitesParameters,
) -> Candidates:
    """Places in communes with demand of their own that reach enough of any commune's.

    A place that itself lies on excluded land is none: no field there may show the practice. Where
    a site stands already no rule is asked; where an officer adds one, only that of excluded land.

    Raises
    ------
    BadParameter
        A site stands where no place is on offer.
    NotACandidate
        An officer adds a place on excluded land.
    """
    offered = offered_places(inputs, parameters)
    reach = ways(places, offered[["x", "y"]].to_numpy(dtype=np.float64), parameters.reach_m)
    offered["standing"] = named(parameters.existing, offered)
    drawn = Candidates(offered, reach, pd.DataFrame())
    excluded = on_excluded(drawn.points, found, inputs)
    stops = _stops(drawn, excluded, demand, places, parameters)
    offered["stopped_by"] = pd.Series(stops, index=offered.index, dtype=object)
    admitted = _admitted(offered, excluded, drawn.sums(places.worth), parameters)
    kept = offered["stopped_by"].isna() | offered["standing"] | offered.index.isin(list(admitted))
    left = left_out(offered[~kept])
    table = offered[kept].drop(columns="stopped_by")
    return Candidates(table, reach.chosen(np.flatnonzero(kept)), left, admitted)


def positions_of(
    codes: Iterable[str],
    name: str,
    offered: Candidates,
    worth: NDArray[np.float64],
    among: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Candidates that codes of places or communes name; of a commune the one that reaches most.

    Parameters
    ----------
    among
        Those that may be named; by default all that a model may choose.

    Raises
    ------
    BadParameter
        A code that is neither a place on offer nor a commune with any.
    NotACandidate
        A place that a rule leaves out.
    """
    table, among = offered.table, ~offered.ruled_out if among is None else among
    sums = offered.sums(worth)
    found = []
    for code in codes:
        own = np.flatnonzero(among & ((table.index == code) | (table["commune"] == code)))
        if not own.size:
            raise _no_candidate(code, name, offered)
        found.append(int(own[np.argmax(sums[own])]))
    return np.unique(np.asarray(found, dtype=np.int64))


def _no_candidate(code: str, name: str, offered: Candidates) -> BadParameter | NotACandidate:
    """Why a code names none: a rule, or because there is no such place."""
    if code in offered.admitted:
        return NotACandidate(code, Note(f"reasons.rule_{offered.admitted[code]}"))
    out = offered.left_out
    rows = out[(out.index == code) | (out["commune"] == code)]
    if rows.empty:
        return BadParameter(name, code, Note("reasons.codes_of_places"))
    return NotACandidate(code, Note(f"reasons.rule_{most_often(rows['stopped_by'])}"))


def most_often(rules: Iterable[str]) -> str:
    """The rule that leaves most places out; of equal ones the first by name."""
    counts = Counter(rules)
    return min(counts, key=lambda rule: (-counts[rule], rule))


def no_place(parameters: SitesParameters) -> str:
    """The rule that tells that a commune has no place on offer at all."""
    return "no_villages" if parameters.candidates == "villages" else "no_places"


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
    excluded: NDArray[np.bool_],
    demand: Demand,
    places: DemandPlaces,
    parameters: SitesParameters,
) -> list[str | None]:
    """The rule that leaves each place out; None for a candidate."""
    amounts = drawn.sums(places.amounts[parameters.objective])
    reaches = np.diff(drawn.reach.starts) > 0
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


def _admitted(
    offered: pd.DataFrame,
    excluded: NDArray[np.bool_],
    sums: NDArray[np.float64],
    parameters: SitesParameters,
) -> dict[str, str]:
    """Places that officers add though a rule leaves them out, and the rule.

    Of a commune the one that reaches most, where a model may choose none there.
    """
    free = (offered["stopped_by"].isna() | offered["standing"]).to_numpy(dtype=np.bool_)
    admitted = {}
    for code in sorted({item.code for item in parameters.overrides if item.action == "add"}):
        own = (offered.index == code) | (offered["commune"] == code).to_numpy(dtype=np.bool_)
        if not own.any() or (own & free).any():
            continue
        held = np.flatnonzero(own & ~excluded)
        if not held.size:
            raise NotACandidate(code, Note("reasons.rule_excluded_land"))
        best = held[np.argmax(sums[held])]
        admitted[str(offered.index[best])] = str(offered["stopped_by"].iloc[best])
    return admitted


def on_excluded(points: NDArray[np.float64], found: Surface, inputs: Inputs) -> NDArray[np.bool_]:
    """Which points (easting, northing) lie on cells that nobody may farm."""
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
