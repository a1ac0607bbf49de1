"""What each further site adds: the curve of sites, and of US$, against reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.demand import QUANTITIES
from gis.sites.candidates import Candidates
from gis.sites.chosen import Choice
from gis.sites.parameters import SitesParameters
from gis.sites.places import DemandPlaces
from gis.sites.rules import forbidden

BEYOND = 10
"""Further sites that the curve shows after the chosen ones, at most as many as were chosen."""


def trade_off(
    choice: Choice,
    offered: Candidates,
    places: DemandPlaces,
    communes: pd.DataFrame,
    parameters: SitesParameters,
) -> pd.DataFrame:
    """Sites opened one after another: the chosen ones by rank, then the best of what is left.

    Returns
    -------
    DataFrame
        Index ``code`` of the commune; ``name_en, name_km, village, sites`` (from 1), ``cost_usd``
        and the quantities of all sites so far, and ``chosen``: False beyond the choice, where
        sites are added one by one and are not proven best together.
    """
    won = _won(choice, offered)
    sums = dict.fromkeys(QUANTITIES, 0.0)
    paid = set(offered.table["commune"].iloc[choice.standing])
    cost = 0.0
    rows = []
    for site in choice.chosen:
        for name in QUANTITIES:
            sums[name] += site.sum(places.amounts[name])
        cost += _cost(str(offered.table["commune"].iloc[site.position]), paid, parameters)
        rows.append((site.position, cost, dict(sums), True))
    for position in _further(choice, offered, won, parameters):
        mine = offered.reached(position)
        mine = mine[~won[mine]]
        won[mine] = True
        for name in QUANTITIES:
            sums[name] += float(places.amounts[name][mine].sum())
        cost += _cost(str(offered.table["commune"].iloc[position]), paid, parameters)
        rows.append((position, cost, dict(sums), False))
    return _table(rows, offered, communes)


def _won(choice: Choice, offered: Candidates) -> NDArray[np.bool_]:
    won = np.zeros(len(choice.worth), dtype=np.bool_)
    for position in (*choice.standing.tolist(), *choice.positions.tolist()):
        won[offered.reached(position)] = True
    return won


def _further(
    choice: Choice, offered: Candidates, won: NDArray[np.bool_], parameters: SitesParameters
) -> list[int]:
    """Candidates that add most, one after another, under the rules of communes and spacing."""
    if parameters.model == "capacitated":
        return []
    won, points = won.copy(), offered.points
    units = offered.table["commune"].to_numpy()
    taken = [*choice.standing.tolist(), *choice.positions.tolist()]
    barred = forbidden(offered.table, parameters) | _removed(offered.table, parameters)
    found: list[int] = []
    for place in taken:
        barred |= _closed(place, points, units, parameters)
    for _ in range(min(BEYOND, len(choice.chosen))):
        gains = np.where(barred, 0.0, offered.sums(np.where(won, 0.0, choice.worth)))
        best = int(np.argmax(gains)) if len(gains) else -1
        if best < 0 or gains[best] <= 0:
            break
        found.append(best)
        won[offered.reached(best)] = True
        barred |= _closed(best, points, units, parameters)
    return found


def _removed(table: pd.DataFrame, parameters: SitesParameters) -> NDArray[np.bool_]:
    """Candidates that officers took out: the next best is not what they refused."""
    codes = [item.code for item in parameters.overrides if item.action == "remove"]
    held: NDArray[np.bool_] = table.index.isin(codes) | table["commune"].isin(codes).to_numpy()
    return held


def _closed(
    place: int,
    points: NDArray[np.float64],
    units: NDArray[np.object_],
    parameters: SitesParameters,
) -> NDArray[np.bool_]:
    """Candidates that cannot stand beside a site."""
    apart = np.hypot(*(points - points[place]).T)
    closed: NDArray[np.bool_] = apart < parameters.apart_m
    if parameters.one_each:
        closed |= units == units[place]
    closed[place] = True
    return closed


def _cost(unit: str, paid: set[str], parameters: SitesParameters) -> float:
    """Of a new site: its groups, and its commune when nothing was paid there yet."""
    first = unit not in paid
    paid.add(unit)
    return parameters.site_usd + (parameters.commune_cost_usd if first else 0.0)


def _table(
    rows: list[tuple[int, float, dict[str, float], bool]],
    offered: Candidates,
    communes: pd.DataFrame,
) -> pd.DataFrame:
    table = offered.table.iloc[[row[0] for row in rows]]
    units = pd.Index(table["commune"].astype(str), name="code")
    names = communes.reindex(units)
    return pd.DataFrame(
        {
            "name_en": names["name_en"].to_numpy(),
            "name_km": names["name_km"].to_numpy(),
            "village": table.index.to_numpy(),
            "sites": np.arange(1, len(rows) + 1),
            "cost_usd": [row[1] for row in rows],
            **{name: [row[2][name] for row in rows] for name in QUANTITIES},
            "chosen": [row[3] for row in rows],
        },
        index=units,
    )
