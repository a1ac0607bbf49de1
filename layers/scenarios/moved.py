"""Sites of two results paired: which stayed, moved, came or went, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from gis.analysis import Note
from gis.sites.parameters import DrawnPoint

STAYS, MOVED, ADDED, DROPPED = "stays", "moved", "added", "dropped"
_OF_SIDES = ("village", "village_en", "village_km", "rank", "hectares")
_DIFFERENT_HA = 0.5
"""Hectares that are not shown do not count as a difference."""

_COUNTED_BY = ("track", "goal")
"""Parameters that say which hectares a site counts: of maize and of rice are not compared."""

Site = dict[str, Any]


class _Pair(NamedTuple):
    """A site of the first result and the one that stands for it in the second."""

    first: Site | None
    second: Site | None

    @property
    def change(self) -> str:
        if self.first is None:
            return ADDED
        if self.second is None:
            return DROPPED
        return STAYS if self.first["village"] == self.second["village"] else MOVED


class Side(NamedTuple):
    """One of two results: its sites, best first, its communes by code, its parameters."""

    sites: pd.DataFrame
    communes: pd.DataFrame
    parameters: Mapping[str, Any]


def moved(first: Side, second: Side) -> pd.DataFrame:
    """One row a site of either result, as :class:`layers.scenarios.comparison.Comparison` says.

    A site stands for one of the other result in the same village, else in the same commune.

    Returns
    -------
    DataFrame
        ``what`` holds tuples of notes.
    """
    same_land = all(
        first.parameters.get(name) == second.parameters.get(name) for name in _COUNTED_BY
    )
    rows = []
    for pair in _pairs(first.sites.to_dict("records"), second.sites.to_dict("records")):
        if pair.first and pair.second:
            what = tuple(_what(pair.first, pair.second, same_land))
        else:
            what = (_gone(pair, first, second),)
        rows.append(_row(pair, what))
    columns = ["code", "name_en", "name_km", "change"]
    columns += [f"{name}_{side}" for name in _OF_SIDES for side in ("first", "second")]
    table = pd.DataFrame(rows, columns=[*columns, "what"])
    whole = {f"rank_{side}": "Int64" for side in ("first", "second")}
    hectares = {f"hectares_{side}": "float64" for side in ("first", "second")}
    words = [name for name in columns if name not in whole | hectares]
    return table.astype(whole | hectares).assign(**table[words].fillna(""))


def _pairs(first: list[Any], second: list[Any]) -> Iterator[_Pair]:
    """Villages that are sites of both, then sites of one commune by rank, then those left."""
    in_village = {(site["code"], site["village"]): site for site in second}
    partner = {
        number: in_village.pop((site["code"], site["village"]))
        for number, site in enumerate(first)
        if (site["code"], site["village"]) in in_village
    }
    left = list(in_village.values())
    for number, site in enumerate(first):
        near = next((other for other in left if other["code"] == site["code"]), None)
        if number not in partner and near is not None:
            partner[number] = near
            left.remove(near)
    for number, site in enumerate(first):
        yield _Pair(site, partner.get(number))
    for site in left:
        yield _Pair(None, site)


def _row(pair: _Pair, what: tuple[Note, ...]) -> dict[str, Any]:
    site = pair.first or pair.second or {}
    row = {name: site[name] for name in ("code", "name_en", "name_km")}
    for side, of_side in (("first", pair.first), ("second", pair.second)):
        row |= {f"{name}_{side}": of_side[name] if of_side else None for name in _OF_SIDES}
    return row | {"change": pair.change, "what": what}


def _what(first: Site, second: Site, same_land: bool) -> Iterator[Note]:
    """What is different about a site of both results; hectares of one kind of land only."""
    same = first["village"] == second["village"]
    if not same:
        villages = (("first", _village(first)), ("second", _village(second)))
        yield Note("scenarios.other_village", villages)
    if first["rank"] != second["rank"]:
        ranks = (("first", first["rank"]), ("second", second["rank"]))
        yield Note("scenarios.other_rank", ranks)
    more = second["hectares"] - first["hectares"]
    if same_land and abs(more) >= _DIFFERENT_HA:
        key = "scenarios.reaches_more" if more > 0 else "scenarios.reaches_less"
        yield Note(key, (("hectares", abs(more)),))
    elif same and first["rank"] == second["rank"]:
        yield Note("scenarios.unchanged")


def _gone(pair: _Pair, first: Side, second: Side) -> Note:
    """Why a site of one result is none in the other."""
    dropped = pair.change == DROPPED
    without, name = (second, "second") if dropped else (first, "first")
    site = pair.first or pair.second or {}
    ruled = _ruled(site, without, ("forbidden", "remove")) or _ruled(
        site, first if dropped else second, ("required", "add")
    )
    if ruled is not None:
        return ruled
    code = site["code"]
    if code not in without.communes.index:
        return Note(f"scenarios.outside_{name}")
    if not on_offer(str(site["village"]), without.parameters):
        return Note(f"scenarios.absent_{name}")
    stop = without.communes["stopped_by"].get(code) if "stopped_by" in without.communes else None
    if isinstance(stop, str) and stop:
        return Note(f"scenarios.stopped_{name}", (("rule", Note(f"reasons.rule_{stop}")),))
    return Note(f"scenarios.others_{name}")


def on_offer(place: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a place is of the kind that a result could choose; a village is until said otherwise.

    >>> on_offer("02070104", {"candidates": "hexagons"}), on_offer("02070104", {})
    (False, True)
    """
    offer = parameters.get("candidates", "villages")
    if offer == "hexagons":
        width = place.partition("-")[0].removeprefix("H")
        return place.startswith("H") and float(width) == float(parameters["hexagon_m"])
    if offer == "points":
        return place in {DrawnPoint(**point).code for point in parameters.get("points", ())}
    return not place.startswith(("H", "P"))


def _ruled(site: Site, side: Side, words: tuple[str, str]) -> Note | None:
    """A rule or an officer that decided about the site in one of the results."""
    rule, action = words
    places = {site["code"], site["village"]}
    if places & set(side.parameters.get(rule, ())):
        return Note(f"scenarios.ruled_{rule}")
    for item in side.parameters.get("overrides", ()):
        if item["code"] in places and item["action"] == action:
            return Note(f"scenarios.officer_{action}", (("reason", item["reason"]),))
    return None


def _village(site: Site) -> dict[str, str]:
    name = site["village_en"] or site["village"]
    return {"en": name, "km": site["village_km"] or name}
