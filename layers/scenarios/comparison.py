"""Two results of sites side by side: what moved, and what was asked differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from gis.analysis import Note, Provenance, Result
from gis.errors import BadParameter
from layers.recorded import KINDS
from layers.scenarios.asked import asked_differently
from layers.scenarios.moved import Side, moved
from layers.scenarios.repeated import differences
from locales import LANGUAGES, text

SITES = "sites"
TOTALS = (
    *("hectares", "households", "poor_households"),
    *("degraded_hectares", "learning_groups", "cost_usd"),
)
OF_COMMUNES = ("group", "hectares", "suitability", "site")


_OF_AREA = frozenset({*KINDS, "villages"})
"""What is hashed inside an area: another area has another hash."""


@dataclass(frozen=True)
class Comparison:
    """What two results say differently.

    Attributes
    ----------
    sites
        One row a site of either: ``code`` (commune), ``name_en, name_km``; for each of ``first``
        and ``second`` ``village_*, village_en_*, village_km_*, rank_*, hectares_*`` (missing where
        it is no site); ``change`` (``stays``, ``moved``, ``added``, ``dropped``) and why in words,
        ``what_en, what_km``. In the order of the first, then those added.
    communes
        One row a commune of either area, index ``code``: names, and for both ``group_*``,
        ``hectares_*``, ``suitability_*``, ``site_*`` (rank as a site).
    totals
        Index ``quantity``: ``sites``, ``hectares``, ``households``, ``poor_households``,
        ``degraded_hectares``, ``learning_groups``, ``cost_usd``; columns ``first, second``, NaN
        where a result does not tell.
    shared
        Number of communes that are sites in both.
    why
        Parameters, areas, layers and records that differ, a sentence each.
    example
        Whether either was made from example data.
    """

    sites: pd.DataFrame
    communes: pd.DataFrame
    totals: pd.DataFrame
    shared: int
    why: tuple[Note, ...]
    example: bool


def compare(first: Result, second: Result) -> Comparison:
    """Two results of sites side by side.

    Raises
    ------
    BadParameter
        When one of them is of another analysis.
    """
    for result in (first, second):
        if result.provenance.analysis != SITES:
            raise BadParameter("scenario", result.provenance.analysis, SITES)
    left, right = _side(first), _side(second)
    return Comparison(
        sites=_in_words(moved(left, right)),
        communes=_side_by_side(left.communes, right.communes),
        totals=pd.DataFrame({"first": _totals(left.sites), "second": _totals(right.sites)}),
        shared=len(set(left.sites["code"]) & set(right.sites["code"])),
        why=tuple(_why(first, second)),
        example=first.provenance.example or second.provenance.example,
    )


def _side(result: Result) -> Side:
    sites = pd.DataFrame(result.outcome.features[SITES].drop(columns="geometry"))
    return Side(
        sites.sort_values("rank", kind="stable").reset_index(drop=True),
        pd.DataFrame(result.outcome.tables["communes"]),
        result.provenance.parameters,
    )


def _totals(sites: pd.DataFrame) -> pd.Series[float]:
    sums = {name: _sum(sites, name) for name in TOTALS}
    return pd.Series({"sites": float(len(sites)), **sums}, dtype=float).rename_axis("quantity")


def _sum(sites: pd.DataFrame, name: str) -> float:
    """NaN where the result has no such column, or a site of it is unknown."""
    return float(sites[name].sum(skipna=False)) if name in sites else float("nan")


def _side_by_side(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    names = ["name_en", "name_km"]
    table = first[names].combine_first(second[names])
    for column in OF_COMMUNES:
        for side, communes in (("first", first), ("second", second)):
            told = communes.get(column, pd.Series(dtype=object))
            table[f"{column}_{side}"] = told.reindex(table.index)
    ranks = {f"site_{side}": "Int64" for side in ("first", "second")}
    return table.astype(ranks).rename_axis("code")


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    notes = rows.pop("what")
    for language in LANGUAGES:
        rows[f"what_{language}"] = [_sentences(said, language) for said in notes]
    return rows


def _sentences(notes: tuple[Note, ...], language: Any) -> str:
    return " ".join(text(note.key, language, **dict(note.values)) for note in notes)


def _why(first: Result, second: Result) -> Iterator[Note]:
    one, other = first.provenance, second.provenance
    if one.areas != other.areas:
        yield Note("scenarios.areas", (("first", one.areas), ("second", other.areas)))
    yield from asked_differently(one.parameters, other.parameters)
    if one.resolution_m != other.resolution_m:
        sizes = (("first", one.resolution_m), ("second", other.resolution_m))
        yield Note("scenarios.resolution", sizes)
    yield from differences(
        *(_without_places(made, one.areas != other.areas) for made in (one, other))
    )
    if one.software != other.software:
        software = (("first", one.software), ("second", other.software))
        yield Note("scenarios.other_software", software)


def _without_places(made: Provenance, elsewhere: bool) -> Provenance:
    """A provenance without records and villages where another area holds others anyhow."""
    if not elsewhere:
        return made
    return replace(made, layers=tuple(use for use in made.layers if use.id not in _OF_AREA))
