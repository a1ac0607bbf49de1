"""The numbers that a result was made with, in words: what each was set to and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from gis.analysis import Result
from gis.parameters import Basis
from gis.sites.parameters import SITES_BASES
from layers.legend import with_unit_of
from ui import cache
from ui.text import language, shown, t

UNITS = {"percent": "%", "": "1", "1": "1"}
"""Units of criteria as the legend writes them; others as they stand."""


def working_values(result: Result) -> pd.DataFrame:
    """Each number of a result: its title, setting, limits, whether published, and its source."""
    parameters = result.provenance.parameters
    rows = [
        (_title(basis), _setting(basis, parameters), "", basis.working_value, basis.source)
        for basis in SITES_BASES
        if _applies(basis, parameters)
    ]
    for track in parameters["tracks"]:
        rows += [_of_criterion(item, parameters) for item in track["criteria"]]
    said = [
        (title, setting, limits, t(f"sites.basis_{'working' if working else 'published'}"), source)
        for title, setting, limits, working, source in rows
    ]
    heads = ("sites.parameter", "sites.set_to", "sites.limits", "sites.basis", "results.source")
    return pd.DataFrame(said, columns=[t(head) for head in heads])


def _of_criterion(
    item: Mapping[str, Any], parameters: Mapping[str, Any]
) -> tuple[str, str, str, bool, str]:
    weight = float(parameters["criterion_weights"].get(item["key"], item["weight"]))
    title = t("sites.parameter_weight", title=t(f"criteria.{item['key']}"))
    return title, shown(weight), function_text(item), item["working_value"], item["source"]


def _title(basis: Basis) -> str:
    group, _, name = basis.name.partition(".")
    if group == "weights":
        return t("sites.parameter_weight", title=t(f"criteria.axis_{name}"))
    if group == "cutoffs":
        return t("sites.parameter_cutoff", title=name.upper())
    if group == "bases":
        return t(f"machine_bases.parameter_{name}")
    return t(f"sites.parameter_{basis.name}")


def _applies(basis: Basis, parameters: Mapping[str, Any]) -> bool:
    """Whether a result was made with a number: one of bases only where bases were the goal."""
    group, _, name = basis.name.partition(".")
    if group == "bases":
        return parameters.get("goal") == "bases"
    return group in parameters and (not name or name in parameters[group])


def _setting(basis: Basis, parameters: Mapping[str, Any]) -> str:
    found: Any = parameters
    for name in basis.name.split("."):
        found = found[name]
    return shown(float(found), basis.units if basis.units in ("m", "min", "US$") else "")


def function_text(item: Mapping[str, Any]) -> str:
    """A value function in one line: which value scores how much, from 0 to 1."""
    function = item["function"]
    if "limits" in function:
        return _ranges(function, item)
    if "scores" in function:
        return _classes(function, item["variable"])
    kind = next(kind for kind, name in KINDS.items() if name in function)
    slope = {"slope": shown(float(function["slope"]))} if "slope" in function else {}
    values = {name: _valued(value, item) for name, value in function.items()}
    return t(f"sites.function_{kind}", **values | slope)


KINDS = {"line": "low", "curve": "midpoint", "trapezoid": "a", "bell": "centre"}
"""Text of a value function -> the setting by which it is told from the others."""


def _valued(value: float, item: Mapping[str, Any]) -> str:
    return with_unit_of(float(value), UNITS.get(item["units"], item["units"]), language())


def _ranges(function: Mapping[str, Any], item: Mapping[str, Any]) -> str:
    bounds = (-math.inf, *function["limits"], math.inf)
    parts = []
    for (low, high), score in zip(pairwise(bounds), function["scores"], strict=True):
        if math.isinf(low):
            span = f"< {_valued(high, item)}"
        elif math.isinf(high):
            span = f"≥ {_valued(low, item)}"
        else:
            span = f"{_valued(low, item)} – {_valued(high, item)}"
        parts.append(f"{span}: {shown(float(score))}")
    return "; ".join(parts)


def _classes(function: Mapping[str, Any], variable: str) -> str:
    legend = cache.known_layers().variables[variable].legend
    titles = {entry.code: entry.title[language()] for entry in legend}
    return "; ".join(
        f"{titles.get(code, code)}: {shown(float(score))}" for code, score in function["scores"]
    )
