"""Leaflet and the Khmer font come out of packages, whole and under our own name."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from gis.errors import FileMissing
from layers.assets import FAMILY, UNPACKED, WEIGHTS, make_assets


@pytest.fixture(scope="module")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not UNPACKED.is_dir():
        pytest.skip("the packages of requirements-assets.lock are not unpacked (make app does it)")
    folder = tmp_path_factory.mktemp("static")
    make_assets(UNPACKED, folder)
    return folder


def test_leaflet_comes_with_its_licence(static: Path) -> None:
    leaflet = static / "leaflet"
    assert "Leaflet 1.9" in (leaflet / "leaflet.js").read_text(encoding="utf-8")[:200]
    assert "BSD 2-Clause" in (leaflet / "LICENSE.txt").read_text(encoding="utf-8")
    named = {"layers.png", "layers-2x.png", "marker-icon.png", "marker-icon-2x.png"}
    assert named <= {image.name for image in (leaflet / "images").iterdir()}


@pytest.mark.parametrize(("style", "weight"), WEIGHTS.items())
def test_a_weight_stands_under_our_own_name(static: Path, style: str, weight: int) -> None:
    font = TTFont(static / f"DeimapKhmer-{style}.ttf")
    assert "fvar" not in font
    assert font["name"].getDebugName(1) == FAMILY
    assert font["name"].getDebugName(2) == style
    assert font["OS/2"].usWeightClass == weight
    assert {ord(letter) for letter in "កខ្មែរ៛ Aa09éU$%"} <= set(font.getBestCmap())


def test_the_font_comes_with_its_licence(static: Path) -> None:
    licence = (static / "DeimapKhmer-LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence


def test_making_them_again_gives_the_same_bytes(static: Path, tmp_path: Path) -> None:
    for made in make_assets(UNPACKED, tmp_path):
        assert made.read_bytes() == (static / made.relative_to(tmp_path)).read_bytes()


def test_packages_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissing, match=r"leaflet"):
        make_assets(tmp_path, tmp_path / "static")
