"""Communes coloured by a value of theirs: which columns there are, how they are cut, the legend."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Outcome, Result
from layers.bands import bands_of, scale_of_values, with_withheld
from layers.catalogue import QUANTITY_COLOURS
from layers.drawing import LegendGroup, LegendItem
from layers.legend import UNKNOWN_STEP, Scale, scale_between, strength_words
from locales import Language, text, texts
from reports.figure.content import CLEAR, Surface, UnitField
from reports.figure.naming import hatch_words, when
from reports.headings import HECTARES, MINUTES, SCORE, SHARE, TONNES, heading
from reports.silent import silent_cells

Withheld: TypeAlias = Mapping[str, Collection[str]]
"""Column -> codes of the communes whose value is known inside the house alone."""
NOTHING_WITHHELD: Withheld = {}
TENTHS = (0.2, 0.4, 0.6, 0.8)
SHARES = (0.1, 0.25, 0.5, 0.75)
"""Where scores and shares of communes are cut."""
RATIO = "supply_demand_ratio"
"""Of supply to demand: 1 is just enough, and it may be more; it is no score."""
DIFFERENCE = "_difference"
"""End of a column of ``changes``: then less now."""
UNITS = {HECTARES: "ha", TONNES: "t", MINUTES: "min"}
"""What a column counts -> its unit as the catalogue writes it."""


def columns_of(outcome: Outcome) -> pd.DataFrame:
    """Numbers of the communes of a result, and by how much a what-if changes them."""
    table = outcome.tables.get("communes", pd.DataFrame()).select_dtypes("number")
    changes = outcome.tables.get("changes")
    if changes is None:
        return table
    differ = [name for name in map(str, changes.columns) if name.endswith(DIFFERENCE)]
    return table.join(changes[differ].astype(float))


def withheld_of(whole: Outcome, told: Outcome) -> Withheld:
    """Of which communes a result that may leave the house must not tell what it knows."""
    (hidden,) = silent_cells({"": columns_of(whole)}, {"": columns_of(told)}).values()
    return {str(name): frozenset(hidden.index[hidden[name]]) for name in hidden.columns}


def column_of(
    result: Result,
    every: pd.Series[float],
    own: gpd.GeoDataFrame,
    language: Language,
    withheld: Withheld,
) -> Surface:
    """One value a commune; nothing is coloured where its data are too weak.

    Parameters
    ----------
    every
        Of all communes of the result, named as their column: each page of an atlas is cut alike.
    """
    name = str(every.name)
    head = heading(name, language, "communes")
    group = groups_of(result)
    values = every.astype(float).mask(group.reindex(every.index) == "too-weak")
    scale = with_withheld(_scale_of(name, head.counts, values))
    group = group.reindex(own.index)
    weak = (group == "too-weak").to_numpy()
    steps = scale.steps(values.reindex(own.index))
    hidden = own.index.isin(list(withheld.get(name, ()))) & ~weak
    steps[hidden] = len(scale.colours) - 1
    rows = list(scale.items((step for step in used(steps) if step >= 0), language))
    doubtful = tuple(map(str, group.index[group == "borderline"]))
    if doubtful:
        rows.append(LegendItem(strength_words("borderline", language), style="dashed"))
    unknown = bool((steps[~weak] == UNKNOWN_STEP).any())
    if hatched := hatch_words(unknown, bool(weak.any()), language):
        rows.append(LegendItem(hatched, style="hatch"))
    key = f"coverage_page.surface_{name}"
    title = text(key, language) if key in texts() else head.words
    legend = LegendGroup(title, tuple(rows), when(result, name, language))
    return Surface(UnitField(by_code(own, steps), scale.colours), title, legend, doubtful)


def by_code(own: gpd.GeoDataFrame, steps: NDArray[np.int16]) -> dict[str, int]:
    """Step of each commune."""
    return {str(code): int(step) for code, step in zip(own.index, steps, strict=True)}


def used(steps: NDArray[np.int16]) -> tuple[int, ...]:
    """Steps that occur."""
    return tuple(int(step) for step in np.unique(steps) if step != CLEAR)


def _scale_of(name: str, counts: str, values: pd.Series[float]) -> Scale:
    """How a column is cut: as its page does, else by what it counts."""
    if name.endswith(DIFFERENCE):
        return scale_of_values(name, values, UNITS.get(counts, ""))
    minutes = bands_of("travel_time")
    if counts == MINUTES and minutes is not None:
        return minutes
    if counts in (SCORE, SHARE) and name != RATIO:
        return scale_between(TENTHS if counts == SCORE else SHARES, QUANTITY_COLOURS, "1")
    return scale_of_values(name, values, UNITS.get(counts, ""))


def groups_of(result: Result) -> pd.Series[str]:
    """Strength of the figures of each commune; nothing where the analysis does not judge it."""
    table = result.outcome.tables.get("communes")
    if table is None or "group" not in table.columns:
        return pd.Series(dtype=str)
    return table["group"]
