"""Proposed bases as a table: what each serves, how far away, and the sentences that say why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import Point

from gis.analysis import Note, Outcome
from gis.grid import GEOGRAPHIC
from gis.machine_ways import UNSURE
from gis.sites.against import named_place
from gis.sites.alternatives import Second, seconds_of
from gis.sites.bases_choice import NEARBY_M, as_sites
from gis.sites.bases_ground import BasesGround
from gis.sites.bases_served import ServedMore
from gis.sites.chosen import Choice, Chosen

COLUMNS = (
    *("code", "name_en", "name_km", "district", "district_en", "district_km"),
    *("village", "village_en", "village_km", "rank", "group"),
    *("hectares", "other_hectares", "lost_hectares", "minutes", "off_road_share"),
    *("planters", "supply_ha", "served_ha", "use_share"),
    *("next_best", "next_best_en", "next_best_km", "next_best_hectares", "bound_by"),
    *("reason", "against", "sureness", "figures", "years", "cost_usd", "lon", "lat"),
)
_SAME = 0.005
"""Share below which two amounts are the same in words."""
GUESSED = ("coverage.route_borderline", "coverage.route_too_weak")
"""Notes of ways that are a guess where a road is known."""
_INPUTS = ("requests", "maize_ha", "cassava_ha", "rice_ha", "providers", "machines")
_WAYS = ("roads", "slope", "land_cover", "water")


def base_sites(
    choice: Choice, more: ServedMore, covered: Outcome, ground: BasesGround
) -> gpd.GeoDataFrame:
    """One row a base, best first; ``code`` is that of the commune, the point its village.

    ``hectares`` are served more than without it, ``served_ha`` those that it serves itself,
    ``use_share`` what that is of all that it could; ``minutes`` the mean way to what the model
    gives it.
    """
    seconds = seconds_of(choice, ground.offered, ground.demand.squares, as_sites(ground))
    providers = covered.tables["providers"]
    new = providers[providers["state"] == "new"].iloc[len(choice.standing) :]
    rows = [
        _row(place, site, second, more, new.iloc[place], covered, ground)
        for place, (site, second) in enumerate(zip(choice.chosen, seconds, strict=True))
    ]
    points = [Point(*place) for place in ground.offered.points[choice.positions]]
    table = pd.DataFrame(rows, columns=[*COLUMNS[:-2]])
    found = gpd.GeoDataFrame(table, geometry=points, crs=ground.inputs.communes.crs)
    degrees = found.geometry.to_crs(GEOGRAPHIC)
    found = found.assign(lon=degrees.x.round(6), lat=degrees.y.round(6))
    return found[[*COLUMNS, "geometry"]]


def told(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """What coverage says of a way, as it is said of communes whose hectares are known."""
    return tuple(
        Note(UNSURE[note.key], note.values) if note.key in GUESSED else note for note in notes
    )


def trade_off_of_bases(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Bases opened one after another: hectares served more, and what they cost, so far."""
    table = pd.DataFrame(sites.drop(columns="geometry")).set_index("code")
    return table[["name_en", "name_km", "village"]].assign(
        sites=np.arange(1, len(table) + 1),
        cost_usd=table["cost_usd"].cumsum(),
        hectares=table["hectares"].cumsum(),
        chosen=True,
    )


def _row(
    place: int,
    site: Chosen,
    second: Second,
    more: ServedMore,
    base: pd.Series,
    covered: Outcome,
    ground: BasesGround,
) -> dict[str, Any]:
    village = ground.offered.table.iloc[site.position]
    code = village["commune"]
    commune = covered.tables["communes"].loc[code]
    district = ground.inputs.districts.loc[village["district"]]
    minutes = _minutes(site, ground)
    hectares = float(more.hectares[place])
    bases = ground.parameters.bases
    return {
        "code": code,
        "name_en": commune["name_en"],
        "name_km": commune["name_km"],
        "district": village["district"],
        "district_en": district["name_en"],
        "district_km": district["name_km"],
        "village": village.name,
        "village_en": village["name_en"],
        "village_km": village["name_km"],
        "rank": place + 1,
        "group": commune["group"],
        "hectares": hectares,
        "other_hectares": float(more.other_hectares[place]),
        "lost_hectares": float(more.lost[place]),
        "minutes": minutes,
        "off_road_share": commune["off_road_share"],
        "planters": bases.planters_per_base,
        "supply_ha": base["supply_ha"],
        "served_ha": base["served_ha"],
        "use_share": base["use_share"],
        **_next_best(second, ground),
        "bound_by": second.bound_by,
        "reason": _why(hectares, minutes, float(base["use_share"]), ground),
        "against": _against(second, float(more.lost[place]), ground),
        "sureness": (),
        "figures": told(commune["reason"]),
        "years": _years(ground),
        "cost_usd": np.nan if bases.cost_usd is None else bases.cost_usd,
    }


def _minutes(site: Chosen, ground: BasesGround) -> float:
    """Mean minutes to the hectares that the model gives a base."""
    reach = ground.offered.reach
    ways = slice(reach.starts[site.position], reach.starts[site.position + 1])
    cost = reach.cost[ways][np.searchsorted(reach.points[ways], site.places)]
    amount = site.parts * ground.demand.hectares[site.places]
    total = amount.sum()
    return float((cost * amount).sum() / total) if total > 0 else float("nan")


def _next_best(second: Second, ground: BasesGround) -> dict[str, Any]:
    names = ("next_best", "next_best_en", "next_best_km")
    if second.next_best < 0:
        return {**dict.fromkeys(names, ""), "next_best_hectares": np.nan}
    other = ground.offered.table.iloc[second.next_best]
    said = (other.name, other["name_en"], other["name_km"])
    return {**dict(zip(names, said, strict=True)), "next_best_hectares": second.next_gain}


def _why(hectares: float, minutes: float, use: float, ground: BasesGround) -> tuple[Note, ...]:
    coverage, bases = ground.coverage, ground.parameters.bases
    machines = ground.fleet.machines
    values = (
        ("machine", Note(f"map.machine_{machines[0].kind}")),
        ("count", bases.planters_per_base),
        ("hectares", hectares),
        ("track", Note(f"criteria.track_{coverage.track}")),
        ("season", Note(f"frame.season_{coverage.season}")),
        ("limit", coverage.limit_minutes),
    )
    notes = [Note(f"machine_bases.serves_{bases.demand}", values)]
    if not np.isnan(minutes):
        notes.append(Note("machine_bases.minutes", (("minutes", round(minutes)),)))
    if not np.isnan(use):
        used = (("percent", round(100 * use)), ("supply", ground.supply_ha))
        notes.append(Note("machine_bases.use", used))
    return tuple(notes)


def _against(second: Second, lost: float, ground: BasesGround) -> tuple[Note, ...]:
    """What is lost without it, what comes second, and which rule bound."""
    return (
        Note("machine_bases.lost", (("hectares", lost),)),
        _second(second, ground),
        *_bound(second, ground),
    )


def _second(second: Second, ground: BasesGround) -> Note:
    if second.next_best < 0:
        return Note("machine_bases.second_none", (("km", NEARBY_M / 1000),))
    village = named_place(second.next_best, ground.offered, ground.inputs.communes)
    same = second.next_gain >= second.lost * (1 - _SAME)
    values = (("village", village), ("hectares", second.next_gain), ("own", second.lost))
    return Note("machine_bases.second_same" if same else "machine_bases.second_less", values)


def _bound(second: Second, ground: BasesGround) -> Sequence[Note]:
    if second.bound_by == "fixed":
        return (Note("reasons.bound_required"),)
    if second.barred < 0:
        return ()
    village = named_place(second.barred, ground.offered, ground.inputs.communes)
    rule = Note(f"location.rule_{second.bound_by}")
    return (Note("machine_bases.bound_by_rule", (("village", village), ("rule", rule))),)


def _years(ground: BasesGround) -> str:
    """Year of each input, ``requests 2026; roads ?``; ``?`` where no year is stated."""
    years = ground.inputs.years
    used = [name for name in (*_INPUTS, *_WAYS) if name in years]
    if ground.coverage.demand == "requested":
        used = [name for name in used if not name.endswith("_ha")]
    return "; ".join(f"{name} {years[name] or '?'}" for name in used)
