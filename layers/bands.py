"""Bands in which quantities of a result are drawn: limits, colours, words, in one place.

Pages, legends and styles take them here, as they take the colours of classes in ``colours``.
"""

from __future__ import annotations

import math
from functools import cache
from itertools import pairwise

from layers.catalogue import QUANTITY_COLOURS
from layers.legend import Scale, between, scale_between
from locales import LANGUAGES, Language, text

MINUTES = ("#FFF3C4", "#FBC96B", "#E5873C", "#AE4A2A", "#6A261C")
"""Travel time, near to far; grey in print, each band is darker than the one before."""
CHANGES = ("#2F7F63", "#86C29D", "#CFE3BF", "#F6F3E6", "#C77BAA", "#8C2D6B", "#4A1039")
"""Nearer, the same, farther: the colours in which the house tells better from worse."""
_CHANGED_BY = (5.0, 30.0, 60.0)
"""Minutes; what changes by no more than the first counts as the same."""


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
