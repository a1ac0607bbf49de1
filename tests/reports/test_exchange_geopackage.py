"""A GeoPackage and a project as GDAL reads them; QGIS itself where it is installed.

Names of columns and elements are those of QGIS 3.22: ``QgsOgrProviderMetadata::saveStyle`` and
``QgsProject::read``. Filters of rules are tried in GDAL's own SQL.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import rasterio

from gis.analysis import Result
from gis.errors import FileMissing, OutputUnwritable
from gis.grid import raster
from layers.colours import COLOURS
from layers.runs import read_result, run_id
from layers.write import write_result
from locales import Language, text
from reports.exchange import geopackage as module
from reports.exchange import parcel
from reports.exchange.geopackage import geopackage
from reports.exchange.looks import look_of
from reports.exchange.project import PROJECT
from reports.exchange.qml import feature_style
from reports.exchange.rules import rgba
from reports.exchange.unranked import with_unranked
from reports.package import zipped

QGIS_COLUMNS = {
    *("f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName"),
    *("styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"),
}


@pytest.fixture
def opened(mapped: Result, tmp_path: Path) -> Path:
    path = tmp_path / "a.gpkg"
    path.write_bytes(geopackage(mapped, "km"))
    return path


def styles_in(path: Path, name: str = "deimap") -> dict[str, ElementTree.Element]:
    """Layer -> root of its style of a name, read by sqlite and not by what wrote it."""
    with sqlite3.connect(path) as database:
        found = database.execute(
            "SELECT f_table_name, styleQML FROM layer_styles WHERE styleName = ?", [name]
        ).fetchall()
    database.close()
    return {layer: ElementTree.fromstring(written) for layer, written in found}  # noqa: S314


def rules_of(style: ElementTree.Element) -> list[tuple[str, str, dict[str, str]]]:
    """Filter, label and the properties of the first symbol layer of each rule."""
    symbols = {one.get("name"): one for one in style.findall("renderer-v2/symbols/symbol")}
    found = []
    for rule in style.findall("renderer-v2/rules/rule"):
        layer = symbols[rule.get("symbol")].find("layer")
        assert layer is not None
        drawn = {str(one.get("name")): str(one.get("value")) for one in layer.iter("Option")}
        found.append((rule.get("filter", ""), rule.get("label", ""), drawn))
    return found


def test_styles_stand_where_qgis_looks_for_them(opened: Path) -> None:
    with sqlite3.connect(opened) as database:
        columns = {row[1] for row in database.execute("PRAGMA table_info(layer_styles)")}
        rows = database.execute(
            "SELECT f_table_name, f_geometry_column, f_table_schema, sum(useAsDefault)"
            " FROM layer_styles GROUP BY f_table_name"
        ).fetchall()
        geometry = dict(
            database.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        )
    database.close()
    assert columns >= QGIS_COLUMNS
    # of each layer one style is drawn when it is opened, and an empty schema is no NULL
    assert {row[0]: row[1:] for row in rows} == {
        name: (geometry[name], "", 1) for name in ("communes", "sites", "bases", "not_ranked")
    }


def test_tables_and_features_are_read_by_gdal(opened: Path) -> None:
    kinds = dict(pyogrio.list_layers(opened).tolist())
    assert kinds["communes"] == "Polygon"
    assert kinds["trade_off"] is kinds["about"] is None
    communes = gpd.read_file(opened, layer="communes").set_index("code")
    assert communes.crs.to_epsg() == 32648
    assert communes.loc["020701", "name_km"] == "អណ្ដើកហែប"
    assert communes.loc["020703", "name_en"] == "=1+1"
    assert communes["example"].all()
    # two columns of a kilometre are 200 ha, whatever the table says of their crops
    assert communes.area.tolist() == [2e6] * 4


def test_each_commune_is_drawn_once_in_its_colour(opened: Path) -> None:
    """0.8 is S1 by its cut-off, 0.5 S3; no value and too weak a value have no colour."""
    drawn: dict[str, list[str]] = {}
    for where, _, properties in rules_of(styles_in(opened)["communes"]):
        if properties.get("style") == "no":
            continue
        for code in pyogrio.read_dataframe(opened, layer="communes", where=where)["code"]:
            drawn.setdefault(code, []).append(properties["color"])
    assert drawn == {
        "020701": [rgba(COLOURS["criteria.class_s1"])],
        "020702": [rgba(COLOURS["criteria.class_s3"])],
        "020703": [rgba("#7C8683")],
        "020704": [rgba("#7C8683")],
    }


def test_legend_has_the_steps_that_occur(opened: Path) -> None:
    labels = [label for _, label, _ in rules_of(styles_in(opened)["communes"])]
    assert labels == [
        text("criteria.class_s3", "km"),
        text("criteria.class_s1", "km"),
        text("terms.no_data", "km"),
        text("map.strength", "km", group=text("sites.group_borderline", "km")),
        text("map.strength", "km", group=text("sites.group_too-weak", "km")),
    ]


def test_outlines_let_a_raster_show(opened: Path, mapped: Result) -> None:
    """But for what is too weak to rank: hatched on white, as on the page."""
    styles = styles_in(opened, "deimap outlines")
    assert list(styles) == ["communes"]
    drawn = [(where, found["style"]) for where, _, found in rules_of(styles["communes"])]
    assert drawn == [
        ("", "no"),
        ("\"group\" = 'borderline'", "no"),
        ("\"group\" = 'too-weak'", "solid"),
    ]
    # minutes of travel rank nobody: nothing but outlines lies over them
    communes = mapped.outcome.features["communes"].assign(median_minutes=30.0)
    made = replace(mapped.provenance, analysis="coverage")
    look = look_of("communes", communes, made)
    assert len(rules_of(feature_style(look, communes, "communes", "en", filled=False))) == 1


def test_excluded_land_is_crossed_and_unknown_land_hatched(opened: Path) -> None:
    """One cell of a square kilometre each: the map has no class there."""
    found = rules_of(styles_in(opened)["not_ranked"])
    assert [(where, label) for where, label, _ in found] == [
        ("\"what\" = 'excluded'", text("criteria.class_excluded", "km")),
        ("\"what\" = 'unknown'", "គ្មានទិន្នន័យ"),
    ]
    for where, _, _ in found:
        (hectares,) = gpd.read_file(opened, layer="not_ranked", where=where)["land_ha"]
        assert hectares == 100
    symbols = styles_in(opened)["not_ranked"].findall("renderer-v2/symbols/symbol")
    angles = [
        [one.get("v") for one in symbol.findall("layer[@class='LinePatternFill']/prop[@k='angle']")]
        for symbol in symbols
    ]
    assert angles == [["45", "135"], ["45"]]
    inner = [one.get("name") for symbol in symbols for one in symbol.findall("layer/symbol")]
    assert inner == ["@0@0", "@0@1", "@1@0"]


@pytest.mark.parametrize(
    ("name", "what"), [("travel_time", "unreachable"), ("off_road_share", "unknown")]
)
def test_of_a_quantity_the_empty_cells_of_the_area_are_told(
    name: str, what: str, mapped: Result
) -> None:
    """Two empty cells of a square kilometre in the area, two beyond it."""
    cells = np.array([[5, np.nan, 5, np.nan], [5, 5, np.nan, np.nan]], dtype=np.float32)
    grid = mapped.outcome.rasters["suitability_class"].odc.geobox
    rasters = {name: raster(cells, grid, name, "min")}
    communes = mapped.outcome.features["communes"].iloc[:3]
    own = replace(mapped.outcome, rasters=rasters, features={"communes": communes})
    found = with_unranked(replace(mapped, outcome=own)).outcome.features["not_ranked"]
    assert found[["what", "land_ha"]].to_numpy().tolist() == [[what, 200]]
    unbound = replace(own, features={})
    assert "not_ranked" not in with_unranked(replace(mapped, outcome=unbound)).outcome.features


def test_signs_travel_inside_the_style(opened: Path) -> None:
    found = rules_of(styles_in(opened)["bases"])
    assert [(where, label) for where, label, _ in found] == [
        ("\"kind\" = 'no-till-planter'", text("map.machine_no-till-planter", "km")),
        ("ELSE", text("map.machine_none", "km")),
    ]
    assert all(drawn["name"].startswith("base64:") for _, _, drawn in found)
    (pin,) = rules_of(styles_in(opened)["sites"])
    assert pin[2]["vertical_anchor_point"] == "2"


def test_columns_are_headed_in_words(opened: Path) -> None:
    fields = ["fid", *pyogrio.read_info(opened, layer="communes")["fields"]]
    aliases = styles_in(opened)["communes"].findall("aliases/alias")
    named = {one.get("field"): (int(one.get("index", "")), one.get("name")) for one in aliases}
    # written as the GeoPackage holds them: the mark of examples comes last
    assert {name: place for name, (place, _) in named.items()} == {
        name: place for place, name in enumerate(fields) if name != "example"
    }
    assert named["hectares"][1] == text("workbook.hectares", "km")


def test_about_says_what_it_is_and_what_it_rests_on(opened: Path) -> None:
    said = pyogrio.read_dataframe(opened, layer="about")
    assert said["what"][0] == text("map.stamp", "km")
    assert any("CC BY 4.0" in value and "2026-1" in value for value in said["value"])


def test_a_result_without_features_is_tables(mapped: Result, tmp_path: Path) -> None:
    bare = replace(mapped, outcome=replace(mapped.outcome, features={}, rasters={}))
    path = tmp_path / "a.gpkg"
    path.write_bytes(geopackage(bare, "en"))
    kinds = dict(pyogrio.list_layers(path).tolist())
    assert kinds == {"about": None, "communes": None, "trade_off": None}


def test_no_room_is_a_fault_with_a_name(mapped: Result, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "write_tables", full)
    with pytest.raises(OutputUnwritable, match="No space"):
        geopackage(mapped, "en")


@pytest.fixture
def home(mapped: Result, tmp_path: Path) -> Path:
    """A zip made of a kept result, unpacked somewhere else."""
    write_result(mapped, tmp_path / "kept")
    with zipfile.ZipFile(BytesIO(zipped(tmp_path / "kept", "km"))) as package:
        package.extractall(tmp_path / "home")
    shutil.rmtree(tmp_path / "kept")
    return tmp_path / "home" / "kept"


def test_project_opens_what_lies_beside_it(home: Path) -> None:
    """Ids agree everywhere, paths are relative and lead to something."""
    root = ElementTree.parse(home / PROJECT).getroot()  # noqa: S314
    tree = [one.attrib for one in root.findall("layer-tree-group/layer-tree-layer")]
    layers = root.findall("projectlayers/maplayer")
    ids = [one["id"] for one in tree]
    assert ids == [one.findtext("id") for one in layers]
    assert ids == [one.get("id") for one in root.findall("layerorder/layer")]
    assert all(len(one) > 36 for one in ids)
    assert len(set(ids)) == len(ids) == 5
    assert [one["name"] for one in tree][:2] == [
        text("workbook.sheet_sites", "km"),
        text("workbook.sheet_providers", "km"),
    ]
    for layer in layers:
        source = str(layer.findtext("datasource"))
        file, _, name = source.removeprefix("./").partition("|layername=")
        assert source.startswith("./")
        if layer.get("type") == "vector":
            assert pyogrio.read_info(home / file, layer=name)["features"] > 0
            assert layer.find("renderer-v2") is not None
        else:
            with rasterio.open(home / file) as raster:
                assert raster.crs.to_epsg() == 32648
            assert layer.find("pipe/rasterrenderer/colorPalette") is not None
    assert root.findtext("properties/Paths/Absolute") == "false"
    assert text("map.stamp", "km") == root.findtext("properties/TitleLabel/Label")
    assert "CC BY 4.0" in str(root.findtext("properties/CopyrightLabel/Label"))
    view = root.find("ProjectViewSettings/DefaultViewExtent")
    assert view is not None
    # 4 km by 2 km and a margin of 5 % of the longer side
    edges = [float(view.get(edge, "")) for edge in ("xmin", "ymin", "xmax", "ymax")]
    assert edges == [299800, 1399800, 304200, 1402200]


def test_project_bears_no_path_of_this_machine(home: Path) -> None:
    written = (home / PROJECT).read_text(encoding="utf-8")
    assert str(home.parents[1]) not in written
    assert "deimap-" not in written


def test_what_was_taken_along_is_still_a_result(mapped: Result, home: Path) -> None:
    again = read_result(home)
    assert run_id(again.provenance) == run_id(mapped.provenance)
    assert set(again.outcome.features) == {"communes", "sites", "bases", "not_ranked"}
    cells = again.outcome.rasters["suitability_class"].to_numpy()
    assert np.array_equal(cells, mapped.outcome.rasters["suitability_class"].to_numpy())


def test_the_font_comes_with_its_licence(home: Path) -> None:
    font = (home / "fonts" / "DeimapKhmer-Regular.ttf").read_bytes()
    assert font[:4] == b"\0\1\0\0"
    assert "OFL" in (home / "fonts" / "DeimapKhmer-LICENSE.txt").read_text(encoding="utf-8")


def test_without_the_font_it_says_so(
    mapped: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_result(mapped, tmp_path / "kept")
    monkeypatch.setattr(parcel, "STATIC", tmp_path)
    with pytest.raises(FileMissing, match="DeimapKhmer"):
        parcel.furnish(tmp_path / "kept", "en")


def test_real_data_carry_no_stamp(mapped: Result, tmp_path: Path) -> None:
    real = replace(mapped, provenance=replace(mapped.provenance, example=False))
    write_result(real, tmp_path / "kept")
    parcel.furnish(tmp_path / "kept", "en")
    assert text("map.stamp", "en") not in (tmp_path / "kept" / PROJECT).read_text(encoding="utf-8")


QGIS = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsProject, QgsVectorLayer
app = QgsApplication([], False)
app.initQgis()
project = QgsProject.instance()
assert project.read(sys.argv[1]), project.error()
for layer in project.mapLayers().values():
    kind = layer.renderer().type()
    print(layer.isValid(), layer.name(), kind, sep="|")
alone = QgsVectorLayer(os.path.dirname(sys.argv[1]) + "/result.gpkg|layername=communes", "a", "ogr")
rules = alone.renderer().rootRule().children()
print(len(rules), alone.labelsEnabled(), alone.attributeAlias(alone.fields().indexOf("hectares")))
print([f["name_km"] for f in alone.getFeatures()][0])
project.clear()
os._exit(0)
"""


PLAIN = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def test_qgis_opens_it_styled(home: Path, qgis_python: Path) -> None:
    language: Language = "km"
    ran = subprocess.run(
        [qgis_python, "-c", QGIS, str(home / PROJECT)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**PLAIN, "HOME": str(home), "XDG_RUNTIME_DIR": str(home)},
    )
    lines = ran.stdout.strip().splitlines()
    layers = {tuple(line.split("|")) for line in lines[:5]}
    assert layers == {
        ("True", text("workbook.sheet_communes", language), "RuleRenderer"),
        ("True", text("workbook.sheet_sites", language), "RuleRenderer"),
        ("True", text("workbook.sheet_providers", language), "RuleRenderer"),
        ("True", text("exchange.not_ranked", language), "RuleRenderer"),
        ("True", text("sites.suitability", language), "paletted"),
    }
    assert lines[5] == f"5 True {text('workbook.hectares', language)}"
    assert lines[6] == "អណ្ដើកហែប"
