"""What QGIS draws of a layer: a rule a row of the legend, with a filter and its symbol layers."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import numpy as np

from layers.assets import STATIC
from layers.bands import capital
from layers.legend import UNKNOWN_STEP, strength_words
from locales import Language, text
from reports.exchange.looks import HATCH, HATCHED, OUTLINE, Look

RANKED = "suitability"
_RIM = "#6B7280"
_WEAK = "\"group\" = 'too-weak'"
_USABLE = '("group" IS NULL OR "group" <> \'too-weak\')'
_BORDERLINE = "\"group\" = 'borderline'"


@dataclass(frozen=True)
class Rule:
    """What is drawn where a filter holds: a row of the legend."""

    label: str
    filter: str
    layers: tuple[tuple[str, Mapping[str, str]], ...]
    """Class of a symbol layer of QGIS, and its properties."""


def rules_of(
    look: Look, frame: gpd.GeoDataFrame, language: Language, filled: bool
) -> Iterator[Rule]:
    """The rules of a layer: of what occurs in it and of nothing else.

    Parameters
    ----------
    filled
        Without it only outlines, hatch and dashes are drawn, and what lies beneath shows.
    """
    if look.shape == "point":
        yield from _of_signs(look, frame, language)
    elif look.signed:
        yield from _of_land(look, frame, language)
    elif look.scale is None or not filled:
        rim, width = (look.outline, 0.46) if look.scale is None else (_RIM, 0.2)
        yield Rule("", "", (_fill(None, rim, width),))
    else:
        yield from _of_steps(look, frame, language)
    # over a raster that ranks nothing (minutes, degradation) it does not matter how firm they are
    if look.graded and look.shape == "polygon" and (filled or look.column == RANKED):
        yield from _of_strength(frame, language, filled)


def _of_signs(look: Look, frame: gpd.GeoDataFrame, language: Language) -> Iterator[Rule]:
    known = [code for code in look.signs if code]
    for code in known:
        where = f"{column_of(look.signed)} = {_words(code)}"
        yield Rule(text(f"map.machine_{code}", language), where, (_sign(look.signs[code]),))
    if known and frame[look.signed].isin(known).all():
        return
    words = text("map.machine_none", language) if known else ""
    yield Rule(words, "ELSE" if known else "", (_sign(look.signs[""]),))


def _of_land(look: Look, frame: gpd.GeoDataFrame, language: Language) -> Iterator[Rule]:
    for what, (key, ways) in HATCHED.items():
        if (frame[look.signed] == what).any():
            where = f"{column_of(look.signed)} = {_words(what)}"
            yield Rule(capital(text(key, language)), where, _hatch(ways))


def _of_steps(look: Look, frame: gpd.GeoDataFrame, language: Language) -> Iterator[Rule]:
    """A rule a step that occurs, and the hatch of what is not known."""
    assert look.scale is not None  # noqa: S101 - told by the caller
    column, usable = column_of(look.column), [_USABLE] if look.graded else []
    used = {int(step) for step in np.unique(look.steps(frame))}
    bounds = tuple(pairwise((-math.inf, *look.scale.breaks, math.inf)))
    for step, (low, high) in enumerate(bounds):
        if step not in used:
            continue
        ends = [f"{column} > {low!r}"] * math.isfinite(low)
        ends += [f"{column} <= {high!r}"] * math.isfinite(high)
        label = look.scale.labels[step][0 if language == "en" else 1]
        where = " AND ".join([*usable, *ends])
        yield Rule(label, where, (_fill(look.scale.colours[step], _RIM, 0.1),))
    if UNKNOWN_STEP in used:
        missing = frame[look.column].isna()
        if look.graded:
            missing &= frame["group"] != "too-weak"
        if missing.any():
            where = " AND ".join([*usable, f"{column} IS NULL"])
            yield Rule(capital(text("terms.no_data", language)), where, _hatch())


def _of_strength(frame: gpd.GeoDataFrame, language: Language, filled: bool) -> Iterator[Rule]:
    found = set(frame["group"].dropna())
    if "borderline" in found:
        kind, drawn = _fill(None, OUTLINE, 0.5)
        dashed = {**drawn, "outline_style": "dash"}
        yield Rule(strength_words("borderline", language), _BORDERLINE, ((kind, dashed),))
    if "too-weak" in found:
        # what cannot be ranked shows no colour of a raster beneath either
        paper = () if filled else (_fill("#FFFFFF", _RIM, 0.1),)
        yield Rule(strength_words("too-weak", language), _WEAK, (*paper, *_hatch()))


def column_of(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _words(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _fill(colour: str | None, rim: str, width: float) -> tuple[str, dict[str, str]]:
    return "SimpleFill", {
        "color": rgba(colour or "#FFFFFF"),
        "style": "solid" if colour else "no",
        "outline_color": rgba(rim),
        "outline_style": "solid",
        "outline_width": f"{width:g}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }


def _hatch(ways: int = 1) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Lines one way for what is unknown, crossed ones for what is excluded, and a thin rim."""
    drawn = tuple(("LinePatternFill", _lines(angle)) for angle in ("45", "135")[:ways])
    return (*drawn, _fill(None, _RIM, 0.1))


def _lines(angle: str) -> dict[str, str]:
    return {
        "angle": angle,
        "distance": "1.6",
        "distance_unit": "MM",
        "line_width": "0.26",
        "line_width_unit": "MM",
        "color": rgba(HATCH),
    }


def _sign(name: str) -> tuple[str, dict[str, str]]:
    """The very file of the pages, inside the style, so that it travels with it."""
    drawn = base64.b64encode((STATIC / "signs" / f"{name}.svg").read_bytes()).decode("ascii")
    # the tip of a pin is the place; the middle of any other sign
    foot = "2" if name.startswith("site") else "1"
    return "SvgMarker", {
        "name": f"base64:{drawn}",
        "size": "6",
        "size_unit": "MM",
        "horizontal_anchor_point": "1",
        "vertical_anchor_point": foot,
        "scale_method": "diameter",
    }


def rgba(colour: str) -> str:
    """A colour as QGIS writes it.

    >>> rgba("#0A5C4A")
    '10,92,74,255'
    """
    return ",".join(str(part) for part in (*bytes.fromhex(colour[1:]), 255))
