"""Strength of reported hectares, by hand and on the figures of the focus communes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from gis.strength import track_strength

FIGURES = Path(__file__).resolve().parents[2] / "data" / "boundaries" / "commune_figures.csv"
NAN = float("nan")


@pytest.mark.parametrize(
    ("reported", "area", "group", "usable", "reason"),
    [
        (0, 100, "firm", 0, "reasons.firm"),
        (100, 100, "firm", 100, "reasons.firm"),
        (100.1, 100, "borderline", 100, "reasons.capped"),
        (200, 100, "borderline", 100, "reasons.capped"),
        (200.1, 100, "too-weak", NAN, "reasons.impossible"),
        (-1, 100, "too-weak", NAN, "reasons.impossible"),
        (NAN, 100, "too-weak", NAN, "reasons.not_reported"),
        (10, NAN, "too-weak", NAN, "reasons.area_unknown"),
        (10, 0, "too-weak", NAN, "reasons.area_unknown"),
    ],
)
def test_by_hand(reported: float, area: float, group: str, usable: float, reason: str) -> None:
    found = track_strength(pd.Series({"a": reported}), pd.Series({"a": area})).loc["a"]
    assert found["group"] == group
    assert found["usable_ha"] == pytest.approx(usable, nan_ok=True)
    assert [note.key for note in found["reason"]] == [reason]


def test_areas_are_met_by_code_not_by_place() -> None:
    found = track_strength(pd.Series({"a": 50.0, "b": 50.0}), pd.Series({"b": 40.0, "a": 60.0}))
    assert found["group"].to_dict() == {"a": "firm", "b": "borderline"}
    assert track_strength(pd.Series({"a": 1.0}), pd.Series(dtype=float)).loc["a", "group"] == (
        "too-weak"
    )


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    table = pd.read_csv(FIGURES, dtype={"code": str}).set_index("code")
    focus = table.index.str[:4].isin(["0201", "0207", "0208"]) | table.index.str.startswith("13")
    return table[focus]


def test_the_focus_communes(figures: pd.DataFrame) -> None:
    upland = figures[["maize_ha_2011", "cassava_ha_2011"]].sum(axis=1, skipna=False)
    missing = {"020705", "130307", "130308"}
    for reported, weak, capped in [
        (upland, missing, {"020701"}),
        (figures["rice_ha_2011"], missing | {"020702", "130304"}, set()),
    ]:
        found = track_strength(reported, figures["area_ha"])
        assert len(found) == 74
        assert set(found.index[found["group"] == "too-weak"]) == weak
        assert set(found.index[found["group"] == "borderline"]) == capped
    found = track_strength(upland, figures["area_ha"])
    assert found.loc["020701", "usable_ha"] == figures.loc["020701", "area_ha"]
    assert found.loc["020702", ["group", "usable_ha"]].tolist() == ["firm", 1970.3]
    assert np.isnan(found.loc["020705", "usable_ha"])
