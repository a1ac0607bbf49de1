"""Tables for the national focal point: transitions, the balance of land, the reporting tables.

Tables SO1-1 to SO1-4 of the UNCCD reporting manual for the 2026 round: land cover, productivity,
soil carbon, and the proportion of land that is degraded (SDG indicator 15.3.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.grid import NO_DATA
from gis.land_degradation.codes import LAND_COVER, WATER
from gis.land_degradation.parts import Codes, Parts
from gis.land_degradation.tables import CLASSES, COVERS, NO_DATA_CLASS, THREE

KM2 = 100.0
"""Hectares in a square kilometre."""
GAINS, LOSSES, NEUTRAL = (6, 7), (1, 2), (3, 4, 5)
"""Classes of status as land degradation neutrality counts them."""
COUNTED = {"gains_ha": GAINS, "losses_ha": LOSSES, "neutral_ha": NEUTRAL}


def transitions_table(tallies: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Hectares of each change of land cover, by period.

    Returns
    -------
    DataFrame
        ``period``, ``initial``, ``final`` (text keys without their subject, ``no_data``),
        ``degradation`` (text key, ``no_data``), ``hectares``; pairs that do not occur are left out.
    """
    found = []
    for period, rows in tallies.items():
        keys = [rows["initial"], rows["final"], rows["land_cover"]]
        sums = rows["hectares"].groupby(keys).sum().reset_index()
        found.append(sums.assign(period=period))
    table = pd.concat(found, ignore_index=True)
    for column, names in (("initial", COVERS), ("final", COVERS), ("land_cover", THREE)):
        table[column] = table[column].map(names).fillna(NO_DATA_CLASS)
    table = table.rename(columns={"land_cover": "degradation"})
    return table[["period", "initial", "final", "degradation", "hectares"]]


def ldn_balance(tallies: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Gains against losses of each land type: neutral where gains make good for losses.

    The land type is the land cover of the first year that the period compares. Gains are land of
    status 6 and 7, losses 1 and 2, neutral 3 to 5, as the reference counts counterbalancing.

    Returns
    -------
    DataFrame
        ``period``, ``land_type`` (text key without its subject; ``all`` is their sum),
        ``gains_ha``, ``losses_ha``, ``neutral_ha``, ``no_data_ha``, ``balance_ha`` (gains less
        losses), ``neutrality`` (True where that is 0 or more; None where nothing is known).
    """
    found = [
        _balance(rows).assign(period=period)
        for period, rows in tallies.items()
        if period != "baseline"
    ]
    table = pd.concat(found, ignore_index=True)
    return table[["period", "land_type", *COUNTED, "no_data_ha", "balance_ha", "neutrality"]]


def _balance(rows: pd.DataFrame) -> pd.DataFrame:
    land = rows[~rows["water"]]
    types = [COVERS[code] for code in range(1, len(LAND_COVER) + 1) if code != WATER]
    kind = land["initial"].map(COVERS).fillna(NO_DATA_CLASS)
    table = pd.DataFrame(index=pd.Index([*types, NO_DATA_CLASS], name="land_type"))
    for column, classes in (*COUNTED.items(), ("no_data_ha", (int(NO_DATA),))):
        counts = land["status"].isin(classes)
        sums = land["hectares"][counts].groupby(kind[counts]).sum()
        table[column] = sums.reindex(table.index, fill_value=0.0)
    table.loc["all"] = table.sum()
    table["balance_ha"] = table["gains_ha"] - table["losses_ha"]
    known = table[list(COUNTED)].sum(axis=1) > 0
    table["neutrality"] = (table["balance_ha"] >= 0).astype(object).where(known, None)
    return table.reset_index()


def reporting_tables(
    tallies: Mapping[str, pd.DataFrame], tonnes: Mapping[int, Mapping[str, float]], parts: Parts
) -> pd.DataFrame:
    """The national reporting tables, one row a figure.

    Parameters
    ----------
    tonnes
        Year -> land cover (text key) -> tonnes of soil organic carbon, of :func:`carbon_tonnes`.

    Returns
    -------
    DataFrame
        ``table`` (``so1_1_cover``: land cover by year; ``so1_1_change``: its transitions;
        ``so1_2_dynamics``: productivity by land cover; ``so1_3_stock``: soil carbon by land cover
        and year; ``so1_1``, ``so1_2``, ``so1_3``: degraded land by each part; ``so1_4``: by the
        indicator; ``so1_4_status``), ``period``, ``row``, ``column`` (text keys without their
        subject, or a year), ``value``, ``unit`` (``km2``, ``percent`` of land without water,
        ``t``).
    """
    found: list[tuple[str, str, str, str, float, str]] = []
    for period, rows in tallies.items():
        found += _cover(period, rows, parts.years.get(period))
        found += _degraded(period, rows)
        found += [
            ("so1_3_stock", period, kind, str(year), amount, "t")
            for year in parts.years.get(period, ())
            for kind, amount in tonnes.get(year, {}).items()
        ]
    columns = ["table", "period", "row", "column", "value", "unit"]
    return pd.DataFrame(found, columns=columns)


Row = tuple[str, str, str, str, float, str]


def _cover(period: str, rows: pd.DataFrame, years: tuple[int, int] | None) -> Iterator[Row]:
    """Land cover of both years, its changes, and the productivity of each."""
    named = rows.assign(
        initial=rows["initial"].map(COVERS).fillna(NO_DATA_CLASS),
        final=rows["final"].map(COVERS).fillna(NO_DATA_CLASS),
        productivity=rows["productivity"].map(CLASSES["productivity"]).fillna(NO_DATA_CLASS),
    )
    # Every class has its row in a national table, also where the area has nothing of it.
    covers = (*COVERS.values(), NO_DATA_CLASS)
    dynamics = (*CLASSES["productivity"].values(), NO_DATA_CLASS)
    for column, year in zip(("initial", "final"), years or (), strict=False):
        sums = named.groupby(column)["hectares"].sum().reindex(covers, fill_value=0.0)
        for kind, hectares in sums.items():
            yield "so1_1_cover", period, str(kind), str(year), hectares / KM2, "km2"
    for table, row, column, across in (
        ("so1_1_change", "initial", "final", covers),
        ("so1_2_dynamics", "final", "productivity", dynamics),
    ):
        pairs = pd.MultiIndex.from_product([covers, across], names=[row, column])
        sums = named.groupby([row, column])["hectares"].sum().reindex(pairs, fill_value=0.0)
        for one, other, hectares in sums.reset_index().itertuples(index=False):
            yield table, period, one, other, hectares / KM2, "km2"


def _degraded(period: str, rows: pd.DataFrame) -> Iterator[Row]:
    """Land by class of each part: square kilometres, and percent of land without water."""
    land = rows[~rows["water"]]
    total = land["hectares"].sum()
    asked = {
        "so1_1": ("land_cover", THREE),
        "so1_2": ("productivity_degradation", THREE),
        "so1_3": ("soil_carbon", THREE),
        "so1_4": ("indicator", THREE),
        "so1_4_status": ("status", CLASSES["status"]),
    }
    for table, (part, classes) in asked.items():
        if part == "status" and period == "baseline":
            continue
        names = land[part].map(classes).fillna(NO_DATA_CLASS)
        sums = land["hectares"].groupby(names).sum()
        for name in (*classes.values(), NO_DATA_CLASS):
            hectares = float(sums.get(name, 0.0))
            yield table, period, name, "area", hectares / KM2, "km2"
            percent = 100 * hectares / total if total else float("nan")
            yield table, period, name, "share", percent, "percent"


def carbon_tonnes(
    parts: Parts, inside: NDArray[np.bool_], cell_ha: float
) -> Mapping[int, Mapping[str, float]]:
    """Tonnes of soil organic carbon by year and land cover of that year.

    Cells of the area with a known stock count; a stock of land that turned to water stays its own.
    """
    maps = _maps(parts)
    found: dict[int, dict[str, float]] = {}
    for year, stock in parts.stocks.items():
        known = inside & ~np.isnan(stock)
        cover = np.where(known, maps[year], NO_DATA)
        classes = np.clip(cover[known], 0, None).astype(np.intp)
        sums = np.bincount(classes, weights=stock[known].astype(float), minlength=8) * cell_ha
        found[year] = {name: float(sums[code]) for code, name in COVERS.items()}
    return found


def _maps(parts: Parts) -> Mapping[int, Codes]:
    """Year -> land cover, of the years that periods compare."""
    found: dict[int, Codes] = {}
    for period, years in parts.years.items():
        first, last = parts.periods[period].initial, parts.periods[period].final
        found |= dict(zip(years, (first, last), strict=True))
    return found
