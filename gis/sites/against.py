"""What speaks against a site, in sentences: the loss, the second best, the rule that binds."""

from __future__ import annotations

import pandas as pd

from gis.analysis import Note
from gis.sites.alternatives import Second
from gis.sites.candidates import Candidates
from gis.sites.ground import Ground

_SAME = 0.005
"""Share below which two amounts are the same in words."""


def against_it(second: Second, hectares: float, ground: Ground) -> tuple[Note, ...]:
    """What is lost without a site, what comes second and why, and which rule bound.

    Named places carry both their names. ``hectares`` are those that the site wins: where all of
    them are lost, their number is not said again.
    """
    return (_loss(second, hectares, ground), _second(second, ground), *_bound(second, ground))


def _loss(second: Second, hectares: float, ground: Ground) -> Note:
    if ground.parameters.model == "capacitated":
        return Note("reasons.site_served", (("hectares", second.lost_hectares),))
    if second.lost_hectares >= hectares * (1 - _SAME):
        return Note("reasons.site_lost_all")
    return Note("reasons.site_lost", (("hectares", second.lost_hectares),))


def _second(second: Second, ground: Ground) -> Note:
    if second.next_best < 0:
        metres = 2 * ground.parameters.reach_m
        return Note("reasons.second_none", (("km", metres / 1000),))
    values = (
        ("village", named_place(second.next_best, ground.offered, ground.communes)),
        ("hectares", second.next_hectares),
        ("own", second.lost_hectares),
    )
    if second.lost <= 0 or abs(second.next_gain / second.lost - 1) < _SAME:
        return Note("reasons.second_same", values)
    fewer = round(100 * (1 - second.next_gain / second.lost))
    if fewer < 0:
        return Note("reasons.second_more", values)
    if second.next_hectares >= second.lost_hectares * (1 - _SAME):
        return Note("reasons.second_less_need", (*values, ("percent", fewer)))
    return Note("reasons.second_less_land", values)


def _bound(second: Second, ground: Ground) -> tuple[Note, ...]:
    if second.bound_by == "fixed":
        return (Note("reasons.bound_required"),)
    if second.barred < 0:
        return ()
    rule = Note(f"location.rule_{second.bound_by}")
    village = named_place(second.barred, ground.offered, ground.communes)
    return (Note("reasons.bound_by_rule", (("village", village), ("rule", rule))),)


def named_place(position: int, offered: Candidates, communes: pd.DataFrame) -> dict[str, str]:
    """A candidate and its commune in both languages."""
    village = offered.table.iloc[position]
    commune = communes.loc[village["commune"]]
    return {
        language: f"{_name(village, language)} ({_name(commune, language)})"
        for language in ("en", "km")
    }


def _name(place: pd.Series, language: str) -> str:
    """The name in a language, else the English one."""
    name = place[f"name_{language}"]
    return str(name if isinstance(name, str) and name else place["name_en"])
