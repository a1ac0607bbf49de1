"""The card of a commune's soil: every thing with its source, or why it is unknown."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from gis.errors import UnknownArea
from gis.grid import CRS, analysis_grid
from layers.boundaries import Gazetteer
from layers.files import write_toml
from layers.imports import import_layer
from layers.soil import SOIL, Known, soil_card
from layers.workspace import Workspace
from locales import LANGUAGES, text

Make = Callable[..., Path]
CODE = "020704"


def card(workspace: Workspace, places: Gazetteer, code: str = CODE) -> dict[str, Known]:
    return {entry.variable.key: entry for entry in soil_card(code, workspace, places)}


@pytest.fixture
def over(make_raster: Make, places: Gazetteer) -> Callable[..., Path]:
    """A raster of 1 km cells over the commune; its left half may hold something else."""
    box = analysis_grid(places.communes_of([CODE]).to_crs(CRS), 1000).boundingbox

    def make(value: float, left: float | None = None, dtype: str = "float32") -> Path:
        side = int(max(box.right - box.left, box.top - box.bottom) / 1000) + 1
        values = np.full((side, side), value)
        if left is not None:
            values[:, : int((box.right - box.left) / 2000)] = left
        return make_raster(values, corner=(box.left, box.top), cell=1000.0, dtype=dtype)

    return make


def test_of_a_new_workspace(land_workspace: Workspace, places: Gazetteer) -> None:
    """Against the row of 020704 in data/boundaries/commune_figures.csv."""
    found = card(land_workspace, places)
    assert tuple(found) == SOIL
    group = found["soil_group"]
    assert [(item.key, share) for item, share in group.shares] == [("basic_lithosols", 0.45)]
    assert group.layer is not None
    assert (group.layer.year, group.layer.confidence, group.layer.coarse) == (1962, "low", True)
    fertility = found["fertility"]
    assert [(item.key, share) for item, share in fertility.shares] == [("high", 1.0)]
    assert (fertility.layer and fertility.layer.year) == 2003
    assert found["slope"].value == 2.05
    assert found["flood_hazard"].value == 0.2
    carbon = found["soil_carbon"]
    assert carbon.layer is not None
    assert carbon.layer.example
    assert 10 < carbon.value < 130
    assert all(found[name].known for name in ("soil_group", "fertility", "slope", "soil_carbon"))


def test_ph_is_never_said_without_a_layer_of_its_own(
    land_workspace: Workspace, places: Gazetteer
) -> None:
    """The soil group of the commune is known, and still says nothing of it."""
    found = card(land_workspace, places)
    assert found["soil_group"].known
    entry = found["soil_ph"]
    assert (entry.layer, entry.known) == (None, False)
    assert math.isnan(entry.value)
    assert entry.reason is not None
    assert entry.reason.key == "sources.no_soil_ph"
    assert "not derived from the soil group" in text(entry.reason.key, "en")
    for name in ("soil_clay", "soil_sand"):
        reason = found[name].reason
        assert reason is not None
        assert reason.key == "sources.no_layer_here"


def test_an_imported_layer_is_averaged_over_the_commune(
    over: Callable[..., Path], make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    meta = make_meta(variable="soil_ph", unit="pH", year=2017, confidence="low")
    import_layer(over(5.4), meta, bare)
    entry = card(bare, places)["soil_ph"]
    assert entry.known
    assert entry.value == pytest.approx(5.4)
    assert entry.layer is not None
    assert (entry.layer.id, entry.layer.year, entry.layer.example) == ("own", 2017, False)


def test_a_finer_class_layer_gives_shares(
    over: Callable[..., Path], make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    meta = make_meta(variable="fertility", unit="", year=2003)
    import_layer(over(1, left=3, dtype="int16"), meta, bare)
    shares = card(bare, places)["fertility"].shares
    assert {item.key for item, _ in shares} == {"low", "high"}
    assert [share for _, share in shares] == sorted((s for _, s in shares), reverse=True)
    assert sum(share for _, share in shares) == pytest.approx(1.0, abs=1e-6)


def test_a_layer_that_says_nothing_of_a_commune(
    make_raster: Make, make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    """It says to cover the province, and holds values of another commune alone."""
    box = analysis_grid(places.communes_of(["130401"]).to_crs(CRS), 1000).boundingbox
    path = make_raster([[0.3]], corner=(box.left, box.top), cell=1000.0)
    import_layer(path, make_meta(variable="soil_sand", unit="1", extent=["02"]), bare)
    entry = card(bare, places)["soil_sand"]
    assert entry.layer is not None
    assert entry.reason is not None
    assert entry.reason.key == "sources.no_value_here"


def test_a_broken_layer_is_named_and_hides_no_other(
    over: Callable[..., Path], make_meta: Make, bare: Workspace, places: Gazetteer
) -> None:
    meta = make_meta(variable="soil_clay", unit="1")
    import_layer(over(0.3), meta, bare)
    next(bare.layers.glob("own-*.tif")).write_bytes(b"II*\x00cut off")
    found = card(bare, places)
    entry = found["soil_clay"]
    assert entry.reason is not None
    assert entry.reason.key == "errors.file_unreadable"
    for language in LANGUAGES:
        assert text(entry.reason.key, language, **dict(entry.reason.values))
    assert found["soil_group"].known
    # where another layer covers the commune, that one answers
    own = {"variable": "slope", "unit": "degree", "geometry": "raster", "path": "gone.tif"}
    about = {"title": {"en": "Slope", "km": "ជម្រាល"}, "source": "s", "licence": "l", "edition": "1"}
    write_toml(bare.layers / "gone.toml", own | about)
    assert card(bare, places)["slope"].value == 2.05


@pytest.mark.parametrize("code", ["0207", "KH", "999999"])
def test_only_communes_have_a_card(bare: Workspace, places: Gazetteer, code: str) -> None:
    with pytest.raises(UnknownArea):
        soil_card(code, bare, places)
