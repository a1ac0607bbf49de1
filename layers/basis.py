"""The numbers that results are made with, in words: what each is, and how it scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from layers.catalogue import Catalogue
from layers.legend import with_unit_of
from locales import Language, number, text, texts

UNITS = {"percent": "%", "": "1", "1": "1"}
"""Units of criteria as the legend writes them; others as they stand."""
KINDS = {"line": "low", "curve": "midpoint", "trapezoid": "a", "bell": "centre"}
"""Text of a value function -> the setting by which it is told from the others."""
COVERS = {
    name: f"degradation.cover_{code}"
    for code, name in enumerate(
        ("tree_covered", "grassland", "cropland", "wetland", "artificial", "other_land", "water"), 1
    )
}
"""Land cover of the table of machinery -> its text."""
_BASES = "bases"
_TITLES = ("sites.parameter_", "machine_bases.parameter_", "basis.parameter_")
"""How the key of the title of a parameter may begin, the first that there is."""


def parameter_title(name: str, language: Language) -> str:
    """What a parameter is, by its path as :class:`gis.parameters.Basis` names it.

    Raises
    ------
    KeyError
        When no text has its name.
    """
    group, _, last = name.partition(".")
    if group == "weights":
        return text(
            "sites.parameter_weight", language, title=text(f"criteria.axis_{last}", language)
        )
    if group == "cutoffs":
        return text("sites.parameter_cutoff", language, title=last.upper())
    if group == _BASES and last:
        return text(f"machine_bases.parameter_{last}", language)
    keys = (f"{begins}{name.replace('.', '_')}" for begins in _TITLES)
    return text(next((key for key in keys if key in texts()), name), language)


def way_title(name: str, language: Language) -> str:
    """A road class or a land cover of the table of machinery."""
    if name in COVERS:
        return text(COVERS[name], language)
    stem = name.removesuffix("_link")
    way = text(f"coverage_page.way_{stem}", language)
    return way if stem == name else text("coverage_page.way_link", language, way=way)


def function_text(
    item: Mapping[str, Any], known: Callable[[], Catalogue], language: Language
) -> str:
    """A value function in one line: which value scores how much, from 0 to 1.

    Parameters
    ----------
    item
        A criterion as a result states it.
    known
        Gives the catalogue, which names classes; asked only where there are some.
    """
    function = item["function"]
    if "limits" in function:
        return "; ".join(_ranges(function, item, language))
    if "scores" in function:
        return "; ".join(_classes(function, known(), item["variable"], language))
    kind = next(kind for kind, name in KINDS.items() if name in function)
    slope = {"slope": number(float(function["slope"]), language)} if "slope" in function else {}
    values = {name: _valued(value, item, language) for name, value in function.items()}
    return text(f"sites.function_{kind}", language, **values | slope)


def _valued(value: float, item: Mapping[str, Any], language: Language) -> str:
    return with_unit_of(float(value), UNITS.get(item["units"], item["units"]), language)


def _ranges(
    function: Mapping[str, Any], item: Mapping[str, Any], language: Language
) -> Iterator[str]:
    bounds = (-math.inf, *function["limits"], math.inf)
    for (low, high), score in zip(pairwise(bounds), function["scores"], strict=True):
        if math.isinf(low):
            span = f"< {_valued(high, item, language)}"
        elif math.isinf(high):
            span = f"≥ {_valued(low, item, language)}"
        else:
            span = f"{_valued(low, item, language)} – {_valued(high, item, language)}"
        yield f"{span}: {number(float(score), language)}"


def _classes(
    function: Mapping[str, Any], known: Catalogue, variable: str, language: Language
) -> Iterator[str]:
    titles = {entry.code: entry.title[language] for entry in known.variables[variable].legend}
    for code, score in function["scores"]:
        yield f"{titles.get(code, code)}: {number(float(score), language)}"
