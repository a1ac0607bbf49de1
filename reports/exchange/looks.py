"""How the features of a result look in another program: in the colours and signs of the pages."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Provenance
from gis.classes import CLASSES
from layers.bands import bands_of
from layers.catalogue import QUANTITY_COLOURS
from layers.colours import COLOURS
from layers.legend import UNKNOWN_STEP, Scale, scale_between
from layers.signs import MACHINE_SIGNS
from locales import text

Shape = Literal["point", "line", "polygon"]
SHARES = (0.1, 0.25, 0.5, 0.75)
"""Where the share of land that is degraded is cut."""
PIN = "site-proposed"
NEW_BASE = "base-new"
OUTLINE = "#1E2A2B"
NOT_RANKED = "not_ranked"
"""Layer of the land to which the map of a result gives no colour."""
HATCHED: Mapping[str, tuple[str, int]] = {
    "excluded": ("criteria.class_excluded", 2),
    "unknown": ("terms.no_data", 1),
    "unreachable": ("coverage_page.unreachable", 2),
}
"""What such land is: text key, and how many ways it is hatched."""
HATCH = "#7C8683"
HOT_SPOT = COLOURS["degradation.class_degraded"]


@dataclass(frozen=True)
class Look:
    """How one layer of features is drawn.

    Attributes
    ----------
    column, scale
        Values that colour the features, and the colours; without a scale they are outlines.
    signs
        For points: code of each sign that occurs, a name of ``static/signs``; by ``signed``.
    signed
        Column of the code; empty: all bear the one sign. For polygons of what is in
        :data:`HATCHED`.
    label
        Columns whose words stand at a feature, the first that has any; a rank before them.
    graded
        Whether the column ``group`` says how firm the figures are.
    """

    shape: Shape
    column: str = ""
    scale: Scale | None = None
    signs: Mapping[str, str] = field(default_factory=dict)
    signed: str = ""
    label: tuple[str, ...] = ()
    rank: str = ""
    outline: str = OUTLINE
    graded: bool = False

    def steps(self, frame: pd.DataFrame) -> NDArray[np.int16]:
        """Step of each feature in the scale; none where its figures are too weak to rank."""
        if self.scale is None:
            return np.full(len(frame), UNKNOWN_STEP, dtype=np.int16)
        found = self.scale.steps(frame[self.column].astype(float))
        if self.graded:
            found[(frame["group"] == "too-weak").to_numpy()] = UNKNOWN_STEP
        return found

    def sign_of(self, row: Mapping[str, Any]) -> str:
        """The sign of a point."""
        code = row[self.signed] if self.signed else ""
        return self.signs.get(str(code), self.signs[""])


def look_of(name: str, frame: gpd.GeoDataFrame, made: Provenance) -> Look:
    """The look of a layer of a result, by its name and the analysis that made it."""
    shape = shape_of(frame)
    if name == NOT_RANKED:
        return Look("polygon", signed="what")
    named = ("reference",) if "reference" in frame else ("name_km", "name_en")
    label = tuple(column for column in named if column in frame)
    if shape == "point":
        return _of_points(name, frame, label)
    column, scale = _scale(name, frame, made)
    return Look(
        shape,
        column=column,
        scale=scale,
        label=label,
        outline=HOT_SPOT if name == "hotspots" else OUTLINE,
        graded="group" in frame,
    )


def shape_of(frame: gpd.GeoDataFrame) -> Shape:
    """What a layer is made of; an empty one counts as polygons."""
    kinds = {str(kind).removeprefix("Multi") for kind in frame.geometry.dropna().geom_type}
    found: dict[str, Shape] = {"Point": "point", "LineString": "line"}
    return found.get(kinds.pop(), "polygon") if len(kinds) == 1 else "polygon"


def _of_points(name: str, frame: gpd.GeoDataFrame, label: tuple[str, ...]) -> Look:
    rank = "rank" if "rank" in frame else ""
    if name == "new_bases" or rank:
        sign = NEW_BASE if name == "new_bases" else PIN
        return Look("point", signs={"": sign}, label=label, rank=rank)
    signed = "kind" if "kind" in frame else ""
    signs = {"": "machine"}
    if signed:
        found = frame[signed].dropna().unique()
        signs |= {kind: MACHINE_SIGNS[kind] for kind in found if kind in MACHINE_SIGNS}
    return Look("point", signs=signs, signed=signed, label=label or _number(frame))


def _number(frame: gpd.GeoDataFrame) -> tuple[str, ...]:
    return ("code",) if "code" in frame else ()


def _scale(name: str, frame: gpd.GeoDataFrame, made: Provenance) -> tuple[str, Scale | None]:
    """What colours polygons: of several columns the first that the layer has."""
    scales: dict[str, Scale | None] = {
        "degraded_share": scale_between(SHARES, QUANTITY_COLOURS, "1"),
        "median_minutes": bands_of("travel_time"),
        "minutes": bands_of("travel_time"),
        "suitability": _of_suitability(made.parameters),
    }
    for column, scale in scales.items():
        if column in frame and name != "hotspots" and scale is not None:
            return column, scale
    return "", None


def _of_suitability(parameters: Mapping[str, Any]) -> Scale | None:
    """The classes of suitability as a scale of scores, at the cut-offs of the run."""
    stated = parameters.get("cutoffs")
    if not isinstance(stated, Mapping):
        return None
    # a score on a cut-off belongs to the better class, a value on a break to the lower step
    breaks = tuple(math.nextafter(float(stated[name]), -1.0) for name in ("n1", "s3", "s2", "s1"))
    keys = [f"criteria.class_{name.lower()}" for name in reversed(CLASSES[: len(breaks) + 1])]
    return Scale(
        tuple(COLOURS[key] for key in keys),
        tuple(range(len(keys))),
        tuple((text(key, "en"), text(key, "km")) for key in keys),
        breaks,
    )
