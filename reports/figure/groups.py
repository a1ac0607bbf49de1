"""Groups of a legend beside that of the surface: the signs, water and borders that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

from gis.analysis import Result
from layers.catalogue import Layer
from layers.drawing import LegendGroup, LegendItem, Sign
from layers.signs import sign_legend
from locales import Language, text
from reports.figure.content import Ground
from reports.figure.ground import MOST_COMMUNES, WATER

_SEEN = 0.04
"""Share of its extent by which every map goes beyond its area at least."""


def sign_groups(
    signs: tuple[Sign, ...], result: Result | None, roads: bool, language: Language
) -> Iterator[LegendGroup]:
    drawn = {sign.sign for sign in signs}
    if "site-proposed" in drawn:
        bases = result is not None and result.outcome.summary.get("goal") == "bases"
        key = "machine_bases.proposed" if bases else "map.proposed"
        yield LegendGroup("", (LegendItem(text(key, language), sign="site-proposed"),))
    yield from sign_legend(drawn, roads, language)


def water_group(layer: Layer | None, language: Language) -> Iterator[LegendGroup]:
    if layer is not None:
        title = layer.about.title[language]
        yield LegendGroup("", (LegendItem(title, colour=WATER),))


def lines_of(ground: Ground, language: Language) -> LegendGroup:
    """The borders that the map shows, the highest first; those of neighbours where it has any."""
    own = ground.own
    west, south, east, north = own.total_bounds
    rim = _SEEN * max(east - west, north - south)
    seen = ground.communes.cx[west - rim : east + rim, south - rim : north + rim]
    around = len(seen) > len(own)
    levels = {
        "area": True,
        "province": own["province"].nunique() > 1 or seen["province"].nunique() > 1,
        "district": own["district"].nunique() > 1 or around,
        "commune": (len(own) > 1 or around) and len(seen) <= MOST_COMMUNES,
    }
    items = tuple(
        LegendItem(text(f"figure.line_{name}", language), style=name)  # type: ignore[arg-type]
        for name, there in levels.items()
        if there
    )
    return LegendGroup(text("figure.lines", language), items)
