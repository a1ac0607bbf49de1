"""An export is attacked: the peaks of its maps do not find the plots of early adopters.

The attacker takes the local maxima of each map as plots, as they are where nearness is mapped cell
by cell. Without the rule they find most of them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from rasterio.io import MemoryFile
from scipy.ndimage import label, maximum_filter

from gis.analysis import Note, Result
from gis.grid import NO_DATA, OUTSIDE
from layers.boundaries import gazetteer
from layers.run import run
from layers.runs import read_result
from layers.workspace import Workspace
from layers.write import write_result
from locales import text
from registry.database import Database
from registry.records import adopters
from reports.anonymous import public
from reports.package import FORMATS, table_of, zipped
from reports.plots import LEAST, telling
from reports.workbook import workbook

AREA = "0207"
WEIGHTS = {"need": 0.4, "fit": 0.0, "service": 0.0, "spread": 0.6}
CELL = 90.0


@pytest.fixture(scope="module")
def inside(prepared_workspace: Workspace) -> Result:
    """Sites in which nearness to early adopters weighs most."""
    stated = {"weights": WEIGHTS, "samples": 0, "count": 2, "fit_threshold": 0.0}
    return run("sites", AREA, stated, resolution=CELL, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def folder(inside: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result as it is kept."""
    home = tmp_path_factory.mktemp("plots") / "out"
    write_result(inside, home)
    return home


@pytest.fixture(scope="module")
def outside(folder: Path) -> Result:
    """What is in its zip."""
    with zipfile.ZipFile(BytesIO(zipped(folder))) as package:
        package.extractall(folder.parent / "public")
    return read_result(folder.parent / "public" / "out")


@pytest.fixture(scope="module")
def plots(prepared_workspace: Workspace) -> NDArray[np.float64]:
    """Eastings and northings of the plots of the track that practise in the area."""
    with Database.open(prepared_workspace.database_url) as database:
        known = adopters(database)
    own = known[known["commune"].str.startswith(AREA) & (known["track"] == "upland")]
    points = own.geometry.to_crs("EPSG:32648")
    return np.column_stack([points.x, points.y])


def found(array: xr.DataArray, plots: NDArray[np.float64]) -> int:
    """Plots within two cells of a peak of a map."""
    values = array.to_numpy().astype(float)
    high = np.where(np.isnan(values), -np.inf, values)
    peak = (high == maximum_filter(high, 5)) & (high > np.nanquantile(values, 0.5))
    # a plateau is no place: its cells are many
    parts, number = label(peak, np.ones((3, 3)))
    sizes = np.bincount(parts.ravel())
    rows, columns = np.nonzero(peak & (sizes[parts] <= 9))
    if not number or not rows.size:
        return 0
    east, north = array["x"].to_numpy()[columns], array["y"].to_numpy()[rows]
    apart = np.hypot(plots[:, :1] - east, plots[:, 1:] - north)
    return int((apart.min(axis=1) <= 2 * CELL).sum())


def test_the_attack_finds_plots_on_maps_inside_the_house(
    inside: Result, plots: NDArray[np.float64]
) -> None:
    assert len(plots) >= 10
    assert found(inside.outcome.rasters["spread"], plots) > len(plots) / 2


@pytest.mark.parametrize("name", ["spread", "suitability"])
def test_no_map_of_an_export_finds_a_plot(
    name: str, outside: Result, plots: NDArray[np.float64]
) -> None:
    assert found(outside.outcome.rasters[name], plots) == 0


def test_the_map_alone_is_that_of_the_zip(folder: Path, outside: Result) -> None:
    with MemoryFile(FORMATS[".tif"](folder, "en")) as file, file.open() as source:
        told = source.read(1)
    np.testing.assert_array_equal(told, outside.outcome.rasters["suitability_class"].to_numpy())


@pytest.mark.parametrize("name", ["spread", "suitability", "suitability_class", "limiting"])
def test_each_commune_has_one_value(name: str, inside: Result, outside: Result) -> None:
    told, before = outside.outcome.rasters[name], inside.outcome.rasters[name].to_numpy()
    communes = gazetteer(Workspace.default()).communes.to_crs(inside.grid.crs)
    rows, columns = np.mgrid[: before.shape[0] : 4, : before.shape[1] : 4]
    points = gpd.GeoDataFrame(
        {"told": told.to_numpy()[::4, ::4].ravel(), "before": before[::4, ::4].ravel()},
        geometry=gpd.points_from_xy(
            told["x"].to_numpy()[columns].ravel(),
            told["y"].to_numpy()[rows].ravel(),
        ),
        crs=inside.grid.crs,
    )
    own = points.sjoin(communes[["geometry"]], predicate="within")
    ruled = [code for code, key in told.attrs.get("classes", {}).items() if rule(key)]
    open_land = own[~own["before"].isin([NO_DATA, OUTSIDE, *ruled]) & own["before"].notna()]
    assert len(open_land) > 1000
    assert (open_land.groupby(open_land.columns[-1])["told"].nunique() == 1).all()
    same = own.drop(index=open_land.index)
    pd.testing.assert_series_equal(same["told"], same["before"], check_names=False)
    if before.dtype.kind == "f":
        # every fourth cell each way tells the mean of all well enough
        means = open_land.groupby(open_land.columns[-1])[["told", "before"]].mean()
        assert np.abs(means["told"] - means["before"]).max() < 0.02


def rule(key: str) -> bool:
    return key == "criteria.class_excluded" or key.startswith("criteria.mask_")


def test_a_reader_is_told(outside: Result, inside: Result) -> None:
    note = Note("workbook.maps_by_commune")
    assert note in outside.outcome.warnings
    assert note not in inside.outcome.warnings
    # once, however often it leaves
    assert public(outside).outcome.warnings.count(note) == 1


def test_a_commune_with_few_plots_is_not_named(
    inside: Result, outside: Result, opened: Callable[[bytes], Any]
) -> None:
    before, left = (one.outcome.tables["known_adopters"] for one in (inside, outside))
    assert set(left.index) == set(before.index[before["plots"] >= LEAST]) < set(before.index)
    assert str(before.index[before["plots"] < LEAST][0]).encode() not in table_of(
        inside, "known_adopters"
    )
    read = opened(workbook(inside, "en"))
    rows = read.rows(text("workbook.sheet_known_adopters", "en"))
    named = {row[0] for row in rows if str(row[0]).startswith(AREA)}
    assert named == set(left.index)
    # results of before do not say how many
    old = {**inside.outcome.tables, "known_adopters": before.drop(columns="plots")}
    assert public(_with(inside, old)).outcome.tables["known_adopters"].empty


def test_a_site_scores_as_its_commune(outside: Result) -> None:
    communes = outside.outcome.tables["communes"]
    for sites in (
        outside.outcome.tables["sites"].reset_index(),
        outside.outcome.features["sites"],
    ):
        for name in ("spread", "suitability"):
            own = communes[name].reindex(sites["code"]).to_numpy()
            np.testing.assert_allclose(sites[name].astype(float), own, atol=1e-6)


def stated(spread: float, criterion: float | None = None) -> dict[str, Any]:
    item = {"key": "near", "axis": "spread", "variable": "adopter_distance", "weight": 1.0}
    other = {"key": "slope", "axis": "need", "variable": "slope", "weight": 1.0}
    return {
        "track": "upland",
        "tracks": [{"key": "upland", "criteria": [other, item]}, {"key": "rice", "criteria": []}],
        "weights": {"need": 0.5, "spread": spread},
        "criterion_weights": {} if criterion is None else {"near": criterion},
    }


def test_only_what_nearness_shapes_is_told_by_commune() -> None:
    combined = ("suitability", "suitability_class", "limiting")
    assert telling(stated(0.0)) == ("spread",)
    assert telling(stated(0.5)) == ("spread", *combined)
    assert telling(stated(0.5, 0.0)) == ("spread",)
    assert telling(stated(0.5) | {"track": "rice"}) == ()
    assert telling({}) == ()


def _with(result: Result, tables: dict[str, pd.DataFrame]) -> Result:
    return replace(result, outcome=replace(result.outcome, tables=tables))
