"""The numbers that a result was made with, in words: what each was set to and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from gis.analysis import Result
from gis.parameters import Basis
from gis.sites.parameters import SITES_BASES
from layers import basis
from ui import cache
from ui.text import language, shown, t


def working_values(result: Result) -> pd.DataFrame:
    """Each number of a result: its title, setting, limits, whether published, and its source."""
    parameters = result.provenance.parameters
    title = partial(basis.parameter_title, language=language())
    rows = [
        (title(one.name), _setting(one, parameters), "", one.working_value, one.source)
        for one in SITES_BASES
        if _applies(one, parameters)
    ]
    for track in parameters["tracks"]:
        rows += [_of_criterion(item, parameters) for item in track["criteria"]]
    said = [
        (words, setting, limits, t(f"sites.basis_{'working' if working else 'published'}"), source)
        for words, setting, limits, working, source in rows
    ]
    heads = ("sites.parameter", "sites.set_to", "sites.limits", "sites.basis", "results.source")
    return pd.DataFrame(said, columns=[t(head) for head in heads])


def _of_criterion(
    item: Mapping[str, Any], parameters: Mapping[str, Any]
) -> tuple[str, str, str, bool, str]:
    weight = float(parameters["criterion_weights"].get(item["key"], item["weight"]))
    title = t("sites.parameter_weight", title=t(f"criteria.{item['key']}"))
    return title, shown(weight), function_text(item), item["working_value"], item["source"]


def _applies(one: Basis, parameters: Mapping[str, Any]) -> bool:
    """Whether a result was made with a number: one of bases only where bases were the goal."""
    group, _, name = one.name.partition(".")
    if group == "bases":
        return parameters.get("goal") == "bases"
    return group in parameters and (not name or name in parameters[group])


def _setting(one: Basis, parameters: Mapping[str, Any]) -> str:
    found: Any = parameters
    for name in one.name.split("."):
        found = found[name]
    return shown(float(found), one.units if one.units in ("m", "min", "US$") else "")


def function_text(item: Mapping[str, Any]) -> str:
    """A value function in one line: which value scores how much, from 0 to 1."""
    return basis.function_text(item, cache.known_layers, language())
