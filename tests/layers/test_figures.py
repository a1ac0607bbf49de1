"""Commune figures: what may be used of them."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from layers.catalogue import catalogue
from layers.figures import crop_share, figure_values, main_fertility, track_share
from layers.sources import read_figures
from layers.workspace import Workspace

KNOWN = catalogue(Workspace(Path("/nowhere")))


def value(layer: str, commune: str) -> float:
    return float(figure_values(KNOWN.layer(layer))[commune])


@pytest.mark.parametrize(
    ("layer", "commune", "expected"),
    [
        # 020701: 7,477 + 1,607 ha of maize and cassava on 5,571 ha: capped, up to twice.
        ("annual_crop_share_figures", "020701", 1.0),
        ("maize_share_figures", "020701", 1.0),
        ("cassava_share_figures", "020701", 1607 / 5571),
        # 020702 reports 92,935 ha of rice on 12,100 ha: unknown; its upland crops stand.
        ("rice_share_figures", "020702", math.nan),
        ("maize_share_figures", "020702", 585 / 12100),
        ("annual_crop_share_figures", "020702", (585 + 1385.3) / 12100),
        ("rice_share_figures", "130304", math.nan),
        ("rice_share_figures", "020701", 3263.5 / 5571),
        # made after 2011: unknown, not zero
        ("annual_crop_share_figures", "020705", math.nan),
        ("rice_share_figures", "130307", math.nan),
        ("maize_yield_figures", "130308", math.nan),
        # no maize, no yield
        ("cassava_yield_figures", "020101", math.nan),
        ("maize_yield_figures", "020101", 6.0),
        # 20 t/ha of maize and 90 t/ha of cassava cannot be
        ("maize_yield_figures", "021402", math.nan),
        ("poor_share_figures", "020701", 664 / 2611),
        ("slope_figures", "020702", 3.18),
        ("soil_group_figures", "020702", 4),
        ("fertility_figures", "020702", 3),
        ("fertility_figures", "130304", 1),
    ],
)
def test_values_of_communes(layer: str, commune: str, expected: float) -> None:
    assert value(layer, commune) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("hectares", "area", "share"),
    [
        (0.0, 100.0, 0.0),
        (100.0, 100.0, 1.0),
        (200.0, 100.0, 1.0),
        (200.1, 100.0, math.nan),
        (math.nan, 100.0, math.nan),
    ],
)
def test_share_of_a_track(hectares: float, area: float, share: float) -> None:
    found = track_share(pd.Series([hectares]), pd.Series([area]))
    assert found[0] == pytest.approx(share, nan_ok=True)


def test_a_crop_is_unknown_where_its_track_is() -> None:
    hectares, area = pd.Series([10.0, 10.0]), pd.Series([100.0, 100.0])
    found = crop_share(hectares, area, pd.Series([0.5, math.nan]))
    assert found.tolist() == pytest.approx([0.1, math.nan], nan_ok=True)


def test_of_equal_fertility_shares_the_lowest_counts() -> None:
    shares = pd.DataFrame(
        {
            "fertility_low_share": [0.5, 0.2, 0.0, math.nan],
            "fertility_medium_share": [0.0, 0.4, 0.0, 1.0],
            "fertility_high_share": [0.5, 0.4, 0.0, 0.0],
        }
    )
    found = main_fertility(shares)
    assert found.iloc[:2].tolist() == ["low", "medium"]
    assert found.iloc[2:].isna().all()


def test_figures_as_reported_keep_what_was_said(tmp_path: Path) -> None:
    figures = read_figures(Workspace(tmp_path))
    assert figures.table.loc["020702", "rice_ha"] == 92935.0
    assert figures.table.loc["020701", "households"] == 2611
    assert math.isnan(figures.table.loc["020705", "maize_ha"])
    assert set(figures.table.columns) == set(figures.years)
    assert (figures.years["maize_ha"], figures.years["households"]) == (2011, 2022)
    assert [layer.id for layer in figures.layers] == ["commune_figures"]
    assert all(isinstance(code, str) for code in figures.table.index)
