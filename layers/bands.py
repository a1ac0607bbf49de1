"""Bands in which quantities of a result are drawn: limits, colours, words, in one place.

Pages, legends and styles take them here, as they take the colours of classes in ``colours``.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from layers.catalogue import QUANTITY_COLOURS
from layers.colours import COLOURS
from layers.legend import Scale, between, scale_between, scale_of_fifths
from locales import LANGUAGES, Language, text

MINUTES = ("#FFF3C4", "#FBC96B", "#E5873C", "#AE4A2A", "#6A261C")
"""Travel time, near to far; grey in print, each band is darker than the one before."""
CHANGES = ("#2F7F63", "#86C29D", "#CFE3BF", "#F6F3E6", "#C77BAA", "#8C2D6B", "#4A1039")
"""Nearer, the same, farther: the colours in which the house tells better from worse."""
_CHANGED_BY = (5.0, 30.0, 60.0)
"""Minutes; what changes by no more than the first counts as the same."""
UNKNOWN = {
    "travel_time": "coverage_page.unreachable",
    "travel_time_change": "coverage_page.unreachable_once",
}
"""What the crossed hatch of a raster stands for; plain hatch is for what is not known."""
_LESS_IS_BETTER = ("unmet_", "median_minutes")
"""Columns of differences; of the others more is better."""
RATIOS = (0.25, 0.5, 1.0, 2.0)
"""Where the ratio of supply to demand is cut: 1 is just enough."""


@cache
def bands_of(raster: str) -> Scale | None:
    """Bands of a raster of a result by its name, ``None`` where it has none.

    A value on a limit belongs to the band below it.

    >>> [label for label, _ in bands_of("travel_time").labels][:2]
    ['≤ 30\\xa0min', '30 – 60\\xa0min']
    """
    if raster == "travel_time":
        return scale_between((30.0, 60.0, 120.0, 240.0), MINUTES, "min")
    if raster == "travel_time_change":
        return _changes()
    if raster == "off_road_share":
        return scale_between((0.1, 0.25, 0.5, 0.75), QUANTITY_COLOURS, "1")
    return None


def _changes() -> Scale:
    """Minutes more or less; negative is nearer."""
    both = tuple(zip(*(_changed(language) for language in LANGUAGES), strict=True))
    breaks = (*(-minutes for minutes in reversed(_CHANGED_BY)), *_CHANGED_BY)
    return Scale(CHANGES, tuple(range(len(both))), both, breaks)


def _changed(language: Language) -> tuple[str, ...]:
    beyond = [
        between(low, high, "min", language) for low, high in pairwise((*_CHANGED_BY, math.inf))
    ]
    same = between(-math.inf, _CHANGED_BY[0], "min", language)
    return (
        *(text("map.minutes_nearer", language, minutes=minutes) for minutes in reversed(beyond)),
        text("map.minutes_same", language, minutes=same),
        *(text("map.minutes_farther", language, minutes=minutes) for minutes in beyond),
    )


def with_reach(
    scale: Scale, steps: NDArray[np.int16], reach: xr.DataArray
) -> tuple[Scale, NDArray[np.int16]]:
    """Two classes more: land to which a way is new, and land to which none leads any longer."""
    classes: dict[int, str] = reach.attrs["classes"]
    found = steps.copy()
    for number, code in enumerate(REACH_DRAWN, len(scale.colours)):
        found[reach.to_numpy() == code] = number
    names = [classes[code] for code in REACH_DRAWN]
    labels = tuple((capital(text(name, "en")), text(name, "km")) for name in names)
    more = replace(
        scale,
        colours=(*scale.colours, *(COLOURS[name] for name in names)),
        codes=tuple(range(len(scale.colours) + len(names))),
        labels=(*scale.labels, *labels),
    )
    return more, found


REACH_DRAWN = (1, -1)
"""Codes of the raster ``reach_change`` that are drawn: gained, lost."""


def with_no_demand(scale: Scale) -> Scale:
    """A class more: nobody asks, so no supply can be set against it."""
    return _and(scale, NO_DEMAND, "coverage_page.no_demand_here")


def with_withheld(scale: Scale) -> Scale:
    """A class more, the last: what is known inside the house alone is not unknown."""
    return _and(scale, WITHHELD, "workbook.cell_withheld")


def _and(scale: Scale, colour: str, key: str) -> Scale:
    return replace(
        scale,
        colours=(*scale.colours, colour),
        codes=(*scale.codes, len(scale.codes)),
        labels=(*scale.labels, (capital(text(key, "en")), text(key, "km"))),
    )


NO_DEMAND, WITHHELD = "#DDE3E6", "#AEB9D6"


def scale_of_values(surface: str, values: pd.Series, unit: str = "ha") -> Scale:
    """Steps at round numbers; a difference diverges around nothing at all, green is better.

    What no page draws is cut at its own quintiles.
    """
    if surface == "supply_demand_ratio":
        return scale_between(RATIOS, QUANTITY_COLOURS[::-1], "")
    most = float(values.abs().max()) if values.notna().any() else 0.0
    if surface == "unmet_ha":
        step = round_step(most / 4)
        breaks = [1.0, *(step * count for count in (1, 2, 3))] if step > 1 else [1.0, 2.0, 3.0, 4.0]
        return scale_between(breaks, QUANTITY_COLOURS, "ha")
    if "_difference" not in surface:
        return scale_of_fifths(values, unit)
    step = round_step(most / 3)
    breaks = [-2 * step, -step, -0.5, 0.5, step, 2 * step]
    better = CHANGES if surface.startswith(_LESS_IS_BETTER) else CHANGES[::-1]
    return scale_between(breaks, better, unit)


def round_step(about: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not smaller; at least 1.

    >>> [round_step(value) for value in (0.2, 3, 5, 61)]
    [1.0, 5.0, 5.0, 100.0]
    """
    size = 1.0
    while True:
        for factor in (1.0, 2.0, 5.0):
            if factor * size >= about:
                return factor * size
        size *= 10


def capital(words: str) -> str:
    """Words that begin a legend row."""
    return words[:1].upper() + words[1:]
