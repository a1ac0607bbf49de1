"""Rows of places in an area: as a result states them, or as the communes inside it add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reports.document.told import Told

_ADDING = ("_ha", "hectares", "S1", "S2", "S3", "N1", "N2", "people_degraded")
_COUNTED = ("excluded", "no_data")
"""Hectares of classes without a unit in their name; of a share they have no part."""
_LAND = "land_ha"
_NAMES = ("name_en", "name_km")


@dataclass(frozen=True)
class Place:
    """What a result says of a commune or district, or of the part of one that an area holds.

    Attributes
    ----------
    values
        By column; of a part only what adds up.
    silent
        Columns whose value is withheld.
    part
        Whether communes of it lie outside the area.
    """

    code: str
    values: Mapping[str, Any]
    silent: frozenset[str]
    part: bool = False


def places_of(
    told: Told, communes: tuple[str, ...], districts: tuple[str, ...], most: int
) -> tuple[str, tuple[Place, ...]]:
    """Communes of an area, or of more than ``most`` its districts, and which of the two.

    A district has the row of the result only where the area holds all of its communes there.
    """
    level, codes = ("communes", communes) if len(communes) <= most else ("districts", districts)
    table = told.result.outcome.tables.get(level)
    if table is None:
        return level, ()
    if level == "communes":
        return level, tuple(_stated(told, level, code) for code in codes if code in table.index)
    above = district_of(told)
    return level, tuple(_districts(told, codes, communes, above))


def district_of(told: Told) -> Mapping[str, str]:
    """Commune of the result -> code of its district."""
    table = told.result.outcome.tables.get("communes")
    if table is None:
        return {}
    stated = table.get("district", table.index.astype(str).str[:4])
    return dict(zip(map(str, table.index), map(str, stated), strict=True))


def _districts(
    told: Told, codes: Iterable[str], communes: tuple[str, ...], above: Mapping[str, str]
) -> Iterator[Place]:
    table, asked = told.result.outcome.tables["districts"], set(communes)
    for code in codes:
        own = {commune for commune, district in above.items() if district == code}
        if code not in table.index or not (own & asked or not own):
            continue
        if own <= asked:
            yield _stated(told, "districts", code)
            continue
        values, silent = added(told, sorted(own & asked))
        row = told.row("districts", code)
        names = {name: row[name] for name in _NAMES if name in row}
        yield Place(code, {**values, **names}, frozenset(silent), part=True)


def _stated(told: Told, level: str, code: str) -> Place:
    values = told.row(level, code)
    silent = frozenset(name for name in values if told.withheld(level, code, name))
    return Place(code, values, silent)


def added(told: Told, communes: Iterable[str]) -> tuple[dict[str, Any], set[str]]:
    """Hectares and people of communes together; a sum with one withheld is withheld.

    What is unknown is in no sum, as in those of the result. Shares are those of the sums; means
    are not made here.
    """
    table, codes = told.result.outcome.tables.get("communes"), list(communes)
    if table is None:
        return {}, set()
    rows = table[table.index.isin(codes)]
    # of land degradation these two are shares
    counted = () if _LAND in rows.columns else _COUNTED
    adding = [str(name) for name in rows.columns if str(name).endswith(_ADDING) or name in counted]
    adding = [name for name in adding if rows[name].dtype.kind in "fi"]
    row: dict[str, Any] = {name: rows[name].sum(min_count=1) for name in adding}
    silent = {name for name in adding if told.any_withheld("communes", codes, name)}
    row |= dict.fromkeys(silent, float("nan"))
    if row.get(_LAND, 0) > 0:
        shares = (name for name in row if name.endswith("_ha") and name != _LAND)
        row |= {f"{name[:-3]}_share": row[name] / row[_LAND] for name in list(shares)}
    if "group" in rows.columns and rows["group"].nunique(dropna=False) == 1:
        row["group"] = rows["group"].iloc[0]
    return row, silent


def frame_of(places: Iterable[Place]) -> pd.DataFrame:
    """The values of places as a table, a row each."""
    found = tuple(places)
    index = pd.Index([place.code for place in found], name="code")
    return pd.DataFrame([dict(place.values) for place in found], index=index)
