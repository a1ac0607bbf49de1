"""The numbers behind a result in words, in both languages, and the criteria of a commune."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from layers.workspace import Workspace
from ui import sites_criteria, sites_values, text
from ui.sites_criteria import criteria_table
from ui.sites_values import function_text

NBSP = "\N{NO-BREAK SPACE}"
ITEMS: list[tuple[dict[str, Any], str, str, str]] = [
    ({"low": 10.0, "high": 50.0}, "m", f"0 at 10{NBSP}m, 1 at 50{NBSP}m", "0 នៅ"),
    ({"low": 0.1, "high": 0.5}, "1", f"0 at 10{NBSP}%, 1 at 50{NBSP}%", "1 នៅ"),
    ({"midpoint": 5.0, "slope": 2.0}, "m", f"0.5 at 5{NBSP}m, slope 2", "0.5 នៅ"),
    (
        {"a": 0.0, "b": 2.0, "c": 4.0, "d": 8.0},
        "percent",
        f"0 at 0{NBSP}%, 1 from 2{NBSP}% to 4{NBSP}%, 0 at 8{NBSP}%",
        "1 ពី",
    ),
    ({"centre": 10.0, "spread": 2.0}, "m", f"1 at 10{NBSP}m, 0.61 at 2{NBSP}m from it", "0.61 នៅ"),
    (
        {"limits": [3.0, 5.0], "scores": [1.0, 0.5, 0.0]},
        "percent",
        f"< 3{NBSP}%: 1; 3{NBSP}% – 5{NBSP}%: 0.5; ≥ 5{NBSP}%: 0",
        "< 3",
    ),
]


@pytest.mark.parametrize(("function", "units", "english", "khmer"), ITEMS)
def test_a_value_function_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
    function: dict[str, Any],
    units: str,
    english: str,
    khmer: str,
) -> None:
    item = {"function": function, "units": units, "variable": "slope"}
    assert function_text(item) == english
    in_khmer(monkeypatch)
    assert khmer in function_text(item)


def test_classes_are_said_by_their_titles(
    read_only: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(read_only.root))
    function = {"scores": [[1, 0.4], [2, 0.7], [3, 1.0]]}
    said = function_text({"function": function, "units": "", "variable": "fertility"})
    assert [part.rpartition(": ")[2] for part in said.split("; ")] == ["0.4", "0.7", "1"]
    assert not any(digit in said.replace("0.4", "").replace("0.7", "") for digit in "23")


def test_criteria_stand_in_the_order_of_the_axes() -> None:
    parts = pd.DataFrame(
        {
            "axis": ["fit", "need"],
            "score": [float("nan"), 0.5],
            "weight": [0.25, 0.75],
            "gain": [float("nan"), 0.375],
        },
        index=pd.Index(["slope", "poverty"], name="criterion"),
    )
    said = criteria_table(parts)
    assert said.index("Poor households") < said.index("Slope")
    assert "<td>Poor households</td><td>50</td><td>75</td><td>38</td>" in said
    assert "<td>Slope</td><td>unknown</td><td>25</td><td>unknown</td>" in said


def in_khmer(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (text, sites_values, sites_criteria):
        if hasattr(module, "language"):
            monkeypatch.setattr(module, "language", lambda: "km")
