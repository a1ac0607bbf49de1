"""The catalogue: its tables hold, and what does not hold is refused."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from gis.analysis import Note
from gis.errors import CatalogueInvalid, FileUnreadable, UnknownLayer, WrongUnit
from layers.boundaries import Gazetteer
from layers.catalogue import Layer, Variable, catalogue, variables
from layers.files import read_toml, write_toml
from layers.sources import check
from layers.workspace import Workspace

EMBEDDED = catalogue(Workspace(Path("/nowhere")))
SOIL_GROUPS = 17


@pytest.mark.parametrize("variable", EMBEDDED.variables.values(), ids=lambda v: v.key)
def test_every_variable_says_what_its_kind_needs(variable: Variable) -> None:
    assert set(variable.title) == {"en", "km"}
    if variable.kind == "quantity":
        assert variable.unit
        assert variable.range is not None
        assert variable.breaks is not None
        low, high = variable.range
        steps = [low, *variable.breaks, high]
        assert steps == sorted(set(steps))
    if variable.kind == "class":
        assert len(set(variable.codes)) == len(variable.codes) > 1
        assert len({item.key for item in variable.legend}) == len(variable.legend)
        assert len({item.colour for item in variable.legend}) == len(variable.legend)
        assert all(set(item.title) == {"en", "km"} for item in variable.legend)
        assert variable.background in (None, *variable.codes)


@pytest.mark.parametrize("name", EMBEDDED.layers)
def test_every_layer_opens_and_says_whose_it_is(
    name: str, land_workspace: Workspace, places: Gazetteer
) -> None:
    layer = catalogue(land_workspace).layer(name)
    check(layer, places)
    assert set(layer.title) == {"en", "km"}
    assert layer.source
    assert layer.licence
    assert layer.edition
    assert layer.year
    assert len(layer.sha256) == 64
    assert layer.unit == layer.about.unit
    assert layer.coarse == (layer.geometry == "commune_figures")
    if layer.coarse and layer.kind != "figures":
        assert "commune figures" in layer.title["en"]


def test_classes_of_the_real_files_are_known() -> None:
    known = variables()
    assert len(known["soil_group"].legend) == SOIL_GROUPS
    assert known["soil_group"].legend[-1].key == "water"
    zones = {w: i.key for i in known["protected_zone"].legend for w in i.found_as}
    assert zones["National Park"] == zones["Wildlife Sanctuary"] == "strict"
    assert zones["Multiple-use Area"] == zones["Protected Landscape"] == "to_check"


def test_an_unknown_id_lists_the_known_ones() -> None:
    with pytest.raises(UnknownLayer) as error:
        EMBEDDED.layer("slop")
    assert "slope_figures" in error.value.choices


OWN = {
    "variable": "slope",
    "unit": "degree",
    "geometry": "raster",
    "path": "own.tif",
    "title": {"en": "Slope", "km": "ជម្រាល"},
    "source": "survey",
    "licence": "office use",
    "edition": "2024",
}


def test_own_layers_come_before_embedded_and_finer_ones_first(bare: Workspace) -> None:
    for name, size in (("coarse_one", 450.0), ("fine_one", 30.0), ("unsized", None)):
        stated = OWN | ({"resolution_m": size} if size else {})
        write_toml(bare.layers / f"{name}.toml", stated)
    best = [layer.id for layer in catalogue(bare).for_variable("slope")]
    assert best == ["fine_one", "coarse_one", "unsized", "slope_figures"]
    assert catalogue(bare).layer("fine_one").path == bare.layers / "own.tif"
    assert catalogue(bare).for_variable("nothing") == ()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"colour": "red"}, "layers.own.colour"),
        ({"title": {"en": "Slope"}}, "layers.own.title"),
        ({"title": {"en": "Slope", "km": "", "fr": "Pente"}}, "layers.own.title"),
        ({"variable": "slopes"}, "layers.own.variable"),
        ({"licence": ""}, "layers.own.licence"),
        ({"year": 20}, "layers.own.year"),
        ({"geometry": "cube"}, "layers.own.geometry"),
        ({"id": "other"}, "layers.own.id"),
        ({"variable": "fertility", "unit": "", "classes": {"1": "lowest"}}, "layers.own.classes"),
    ],
)
def test_a_table_that_does_not_hold_is_refused_by_name(
    bare: Workspace, change: dict[str, object], where: str
) -> None:
    write_toml(bare.layers / "own.toml", OWN | change)
    with pytest.raises(CatalogueInvalid) as error:
        catalogue(bare)
    assert error.value.path.endswith("own.toml")
    assert error.value.where.startswith(where)


@pytest.mark.parametrize("missing", ["source", "licence", "edition", "title", "geometry", "path"])
def test_a_missing_key_is_named(bare: Workspace, missing: str) -> None:
    write_toml(bare.layers / "own.toml", {k: v for k, v in OWN.items() if k != missing})
    with pytest.raises(CatalogueInvalid) as error:
        catalogue(bare)
    assert error.value.where == f"layers.own.{missing}"


def test_another_unit_than_the_variable_has_is_refused(bare: Workspace) -> None:
    write_toml(bare.layers / "own.toml", OWN | {"unit": "percent"})
    with pytest.raises(WrongUnit) as error:
        catalogue(bare)
    assert (error.value.found, error.value.expected) == ("percent", "degree")


def test_a_layer_of_classes_need_not_state_a_unit(bare: Workspace) -> None:
    cover = {k: v for k, v in OWN.items() if k != "unit"} | {"variable": "land_cover", "year": 2020}
    write_toml(bare.layers / "own.toml", cover)
    assert catalogue(bare).layer("own").unit == ""
    write_toml(bare.layers / "own.toml", cover | {"legend": "corine"})
    with pytest.raises(CatalogueInvalid) as error:
        catalogue(bare)
    note = Note("allowed.one_of", (("choices", ("esa-cci", "worldcover")),))
    assert error.value.reason == note


def test_a_broken_table_is_unreadable(bare: Workspace) -> None:
    bare.layers.mkdir(parents=True)
    (bare.layers / "own.toml").write_text("unit = ", encoding="utf-8")
    with pytest.raises(FileUnreadable):
        catalogue(bare)


def test_tables_are_written_as_they_are_read(tmp_path: Path) -> None:
    table = {
        "text": 'a "quote", a \\ and ខ្មែរ\n\x7f',
        "number": 1.5,
        "flag": True,
        "list": ["a", "b"],
        "table": {"with space": "x", "n": 1},
    }
    write_toml(tmp_path / "t.toml", table)
    assert read_toml(tmp_path / "t.toml") == table
    assert [path.name for path in tmp_path.iterdir()] == ["t.toml"]


def test_classes_are_named_by_code_key_or_as_the_file_writes_them(
    layer: Callable[..., Layer],
) -> None:
    assert layer(Path("/x/a.tif")).code_of == {}
    fertility = layer(Path("/x/a.tif"), "fertility", classes={"7": "high"})
    assert (fertility.code_of["7"], fertility.code_of["low"]) == (3, 1)


# Machado, Oliveira and Fernandes 2009, deuteranopia, on linear RGB; then CIE L*a*b* at D65.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def seen(colour: str) -> np.ndarray:
    """A colour in L*a*b* as a deuteranope sees it."""
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(DEUTERANOPIA @ linear, 0, 1) / [0.95047, 1.0, 1.08883]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize(
    "variable",
    [variable for variable in EMBEDDED.variables.values() if variable.legend],
    ids=lambda variable: variable.key,
)
def test_any_two_classes_differ_to_a_deuteranope(variable: Variable) -> None:
    for one, other in combinations(variable.legend, 2):
        difference = np.linalg.norm(seen(one.colour) - seen(other.colour))
        assert difference >= 16, (one.key, other.key)
