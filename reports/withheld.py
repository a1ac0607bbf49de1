"""Whose requests a result of coverage must not tell, because too few attended the meetings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from gis.analysis import Note, Outcome
from gis.coverage.requested import KINDS, WITHHELD

REQUESTED = "requested"
"""The kind of demand, and the table of it. The table names no commune or district where fewer than
five attended: hectares that another table has beyond it are theirs."""
_HAIR = 1e-6


@dataclass(frozen=True)
class Withheld:
    """Places of a run whose hectares requested the table ``requested`` does not name.

    Attributes
    ----------
    mixed
        Districts of which a commune is withheld: what is weighed by demand there tells of it.
    communes
        Those of the mixed districts: their sum is told, so each is withheld with the few.
    districts
        All, where one is withheld: the others and the sum of the area would tell it.
    area
        Whether even the sum of the area is withheld.
    of_others
        Whether anybody is withheld of the other tracks, who wait for the same machines.
    """

    mixed: Collection[str] = ()
    communes: Collection[str] = ()
    districts: Collection[str] = ()
    area: bool = False
    of_others: bool = False

    @property
    def own(self) -> bool:
        return len(self.mixed) > 0

    @property
    def anybody(self) -> bool:
        return self.own or self.of_others


def withheld(outcome: Outcome, parameters: Mapping[str, Any]) -> Withheld:
    """What is withheld of a run, of the track that it is about and of the others."""
    requested, communes = outcome.tables.get(REQUESTED), outcome.tables.get("communes")
    if requested is None or communes is None:
        return Withheld()
    kinds = set(_kinds(outcome, parameters, own=True))
    of_run = np.array([kind in kinds for kind in _kinds_of(requested)], dtype=np.bool_)
    rows = requested[of_run]
    asked = communes["requested_ha"].fillna(0.0)
    named = rows.groupby(level=0)["hectares"].sum().reindex(communes.index, fill_value=0.0)
    few = set(communes.loc[asked - named > _HAIR, "district"].astype(str))
    of_district = rows.groupby(rows["district"].fillna("").astype(str))["hectares"].sum()
    by_district = asked.groupby(communes["district"].astype(str)).sum()
    beyond = by_district - of_district.reindex(by_district.index, fill_value=0.0) > _HAIR
    return Withheld(
        mixed=few,
        communes=communes.index[communes["district"].astype(str).isin(few)],
        districts=by_district.index if beyond.any() else (),
        area=bool(asked.sum() - rows["hectares"].sum() > _HAIR),
        of_others=_of_others(outcome, parameters, requested, communes.index),
    )


def _of_others(
    outcome: Outcome, parameters: Mapping[str, Any], requested: pd.DataFrame, communes: pd.Index
) -> bool:
    """Whether the other tracks have rows without a commune, or requests that have no row."""
    kinds = set(_kinds(outcome, parameters, own=False))
    nameless = requested[~requested.index.isin(communes)]
    if kinds.intersection(_kinds_of(nameless)):
        return True
    noted = [note for note in outcome.warnings if note.key == WITHHELD]
    # a note that does not say of which kinds, as older results have it, may mean any
    return any(_noted(note) is None or kinds.intersection(_noted(note) or ()) for note in noted)


def _noted(note: Note) -> list[tuple[Any, ...]] | None:
    stated = dict(note.values).get(KINDS)
    return None if stated is None else [tuple(kind) for kind in stated]


def _kinds_of(requested: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Crop, season, year and machine of each row."""
    machine = requested["machine"].fillna("")
    columns = (requested["crop"], requested["season"], requested["year"], machine)
    return list(zip(*columns, strict=True))


def _kinds(outcome: Outcome, parameters: Mapping[str, Any], own: bool) -> Iterator[tuple[Any, ...]]:
    """Crop, season, year and machine of the requests that the demand of the run is made of."""
    for track in parameters["tracks"]:
        if (track["key"] == parameters["track"]) != own:
            continue
        machines = outcome.summary.get("machines", ()) if own else track.get("planters", ())
        for crop in (*track["crops"], *track["other_crops"]):
            for machine in ("", *machines):
                yield crop, parameters["season"], outcome.summary.get("year"), machine
