"""A printed map: names, legend and text of real pages over the embedded areas."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pytest
import shapely
import uharfbuzz as hb
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.text import Text

from gis.analysis import Result
from gis.grid import CRS
from layers.assets import STATIC
from layers.colours import COLOURS
from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, Language
from reports.figure.borders import borders_of
from reports.figure.compose import Atlas, compose
from reports.figure.content import CellField, MapContent, UnitField
from reports.figure.draw import Drawn, draw
from reports.figure.file import SETTINGS, page_of, paper_for
from reports.figure.key import flowed, rows_of
from reports.figure.labels import Wanted, place_labels
from reports.figure.names import in_scripts
from reports.figure.paper import PAPERS, Box


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    return run("suitability", "0207", resolution=500, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def page(atlas: Atlas, made: Result) -> Callable[[Language], tuple[MapContent, Drawn]]:
    def drawn(language: Language) -> tuple[MapContent, Drawn]:
        content = compose(atlas, ["0207"], language, result=made)
        return content, draw(content, PAPERS["A4"])

    return drawn


def test_no_two_names_overlap_in_any_district(atlas: Atlas) -> None:
    """Boxes of names, signs aside, of all 22 districts in both scripts: pair by pair."""
    codes = list(atlas.places.districts.index)
    assert len(codes) == 22
    for code in codes:
        content = compose(atlas, [code], "km", scripts=("km", "en"))
        found = draw(content, paper_for(content, "A4"))
        boxes = [label.box for label in found.labels.placed]
        assert boxes, code
        for one, other in itertools.combinations(boxes, 2):
            assert not one.overlaps(other), code
        assert all(found.frame.box.holds(box) for box in boxes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawn_text_keeps_inside_the_boxes_that_were_measured(
    page: Callable[[Language], tuple[MapContent, Drawn]], language: Language
) -> None:
    """What matplotlib draws is no wider than what places were given to, nor off the page."""
    content, drawn = page(language)
    drawn.figure.set_dpi(200)
    renderer = FigureCanvasAgg(drawn.figure).get_renderer()
    inverse = drawn.figure.axes[0].transData.inverted()
    widths = {
        line: label.box.width
        for label in drawn.labels.placed
        for line in label.wanted.text.split("\n")
    }
    texts = [text for text in drawn.figure.axes[0].texts if text.get_text()]
    assert {text.get_text() for text in texts} >= {content.title, content.subtitle}
    for text in texts:
        with mpl.rc_context(SETTINGS):
            extent = text.get_window_extent(renderer)
        (west, south), (east, north) = inverse.transform(extent)
        assert 0 <= west <= east <= 210, text.get_text()
        assert 0 <= south <= north <= 297, text.get_text()
        if text.get_text() in widths:
            assert east - west <= widths[text.get_text()] + 0.4


def test_no_text_of_a_page_becomes_math(
    page: Callable[[Language], tuple[MapContent, Drawn]],
) -> None:
    _, drawn = page("km")
    for axes in drawn.figure.axes:
        assert not any(text.get_parse_math() for text in axes.texts)
    assert Text(0, 0, "$x$", parse_math=False).get_parse_math() is False


@pytest.mark.parametrize("area", ["0207", *(f"02070{number}" for number in range(1, 6))])
def test_the_legend_names_the_classes_inside_the_area_and_no_other(
    atlas: Atlas, made: Result, area: str
) -> None:
    """Counted from the raster itself, cell centres in the outline, of judged communes."""
    content = compose(atlas, [area], "km", result=made)
    array = made.outcome.rasters["suitability_class"]
    group = made.outcome.tables["communes"]["group"].reindex(content.ground.own.index)
    judged = content.ground.own[(group != "too-weak").to_numpy()].union_all()
    columns, rows = np.meshgrid(array.x, array.y)
    inside = shapely.contains_xy(judged, columns, rows)
    present = set(np.unique(array.to_numpy()[inside]))
    expected = {COLOURS[f"criteria.class_{name}"]: code for code, name in _CLASSES.items()}
    shown = {item.colour for group in content.legend for item in group.items if item.colour}
    styles = [item.style for group in content.legend for item in group.items]
    assert shown == {colour for colour, code in expected.items() if code in present}
    assert ("hatch" in styles) == bool((group == "too-weak").any() or -32768 in present)
    assert ("dashed" in styles) == bool((group == "borderline").any())


_CLASSES = {1: "s1", 2: "s2", 3: "s3", 4: "n1", 5: "n2"}


def test_every_step_that_is_drawn_stands_in_the_legend(atlas: Atlas) -> None:
    for layer in atlas.known.layers.values():
        if layer.kind not in ("quantity", "class") or layer.generated:
            continue
        content = compose(atlas, ["0201"], "en", layers=[layer.id])
        field = content.surface
        assert isinstance(field, UnitField | CellField)
        steps = (
            set(field.steps.values())
            if isinstance(field, UnitField)
            else set(np.unique(field.steps).tolist())
        )
        drawn = {field.colours[step] for step in steps if step >= 0}
        legend = {item.colour for group in content.legend for item in group.items if item.colour}
        assert legend == drawn, layer.id


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_khmer_is_shaped_as_harfbuzz_shapes_it(atlas: Atlas, weight: str) -> None:
    """Glyph ids of every name of an area and a village, from matplotlib and HarfBuzz itself."""
    places = atlas.places
    names = {
        name
        for frame in (places.provinces, places.districts, places.communes, places.villages)
        for name in frame["name_km"]
        if name
    }
    assert len(names) > 500
    file = Path(STATIC / f"DeimapKhmer-{weight}.ttf")
    font, face = FT2Font(str(file)), hb.Font(hb.Face(hb.Blob.from_file_path(str(file))))
    for name in sorted(names):
        shaped = hb.Buffer()
        shaped.add_str(name)
        shaped.guess_segment_properties()
        hb.shape(face, shaped)
        ours = [item.glyph_index for item in font._layout(name, LoadFlags.NO_HINTING)]  # type: ignore[attr-defined]
        assert ours == [info.codepoint for info in shaped.glyph_infos], name


def test_every_area_has_a_khmer_name_and_one_without_is_marked(atlas: Atlas) -> None:
    places = atlas.places
    for frame in (places.provinces, places.districts, places.communes):
        assert (frame["name_km"] != "").all()
        for english, khmer in zip(frame["name_en"], frame["name_km"], strict=True):
            assert in_scripts(english, khmer, ("km",)) == khmer
    assert in_scripts("Treng", "", ("km",)) == "Treng (en)"


def test_groups_too_small_to_tell_of_are_left_out(atlas: Atlas) -> None:
    """The examples hold communes with one to four plots: no sign stands for them."""
    content = compose(atlas, ["13"], "en", layers=["adopters"])
    assert all(int(sign.number) >= 5 for sign in content.points)
    assert any("fewer than five" in words for words in content.remarks)
    assert content.stamp


def test_borders_are_drawn_once(atlas: Atlas) -> None:
    """Together as long as all edges, each once, of the outlines."""
    communes = atlas.metres["communes"]
    lines = borders_of(communes).lines
    whole = shapely.union_all(communes.boundary.to_numpy()).length
    assert sum(line.length for line in lines.values()) == pytest.approx(whole, rel=1e-6)
    assert lines["district"].length > 0


def test_a_district_in_two_parts_is_drawn() -> None:
    squares = [shapely.box(x, 0, x + 1000, 1000) for x in (0, 1000, 9000)]
    frame = gpd.GeoDataFrame(
        {"district": ["0101", "0102", "0101"], "province": "01"},
        geometry=squares,
        index=["010101", "010201", "010102"],
        crs=CRS,
    )
    lines = borders_of(frame).lines
    # by hand: one shared edge between districts; all others part provinces
    assert lines["district"].length == pytest.approx(1000)
    assert lines["province"].length == pytest.approx(2 * 3000 + 4000)


def test_many_points_and_long_names_find_room_or_are_left_out() -> None:
    frame = Box(0, 0, 100, 100)
    points = [shapely.Point(x, y) for x in range(5, 100, 5) for y in range(5, 100, 5)]
    wanted = [Wanted("name" * 4, (18.0, 3.0), point, 1.0, 2.0) for point in points]
    found = place_labels(wanted, frame)
    assert len(found.placed) + len(found.left_out) == len(points)
    assert found.left_out
    for one, other in itertools.combinations(found.placed, 2):
        assert not one.box.overlaps(other.box)


def test_a_legend_keeps_its_order_in_columns(atlas: Atlas, made: Result) -> None:
    rows = rows_of(compose(atlas, ["0207"], "km", result=made).legend, 50.0, 1.0)
    for columns in (1, 2, 3):
        made_of = flowed(rows, columns)
        assert [row for column in made_of for row in column] == rows
        assert len(made_of) <= columns
        assert all(column[-1].kind != "title" for column in made_of)


def test_the_page_has_the_size_of_the_paper(atlas: Atlas) -> None:
    content = compose(atlas, ["0207"], "km")
    for name, paper in PAPERS.items():
        turned = paper.turned("landscape")
        png = page_of(content, turned, ".png", 150)
        wide = int.from_bytes(png[16:20], "big")
        assert wide == pytest.approx(turned.width / 25.4 * 150, abs=1), name


def test_a_pdf_holds_its_text_as_fonts(atlas: Atlas) -> None:
    """As the file itself says: TrueType fonts embedded whole, the size of A4 in points."""
    before = mpl.rcParams["pdf.fonttype"]
    pdf = page_of(compose(atlas, ["0207"], "en"), PAPERS["A4"], ".pdf")
    assert b"/CIDFontType2" in pdf
    assert b"DeimapKhmer" in pdf
    assert b"/Type3" not in pdf
    width, height = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+) ([0-9.]+) \]", pdf).groups()  # type: ignore[union-attr]
    assert float(width) == pytest.approx(210 / 25.4 * 72, abs=0.1)
    assert float(height) == pytest.approx(297 / 25.4 * 72, abs=0.1)
    assert mpl.rcParams["pdf.fonttype"] == before  # the settings of others are left alone


def test_an_svg_brings_its_fonts_and_keeps_its_text(atlas: Atlas) -> None:
    svg = page_of(compose(atlas, ["0207"], "km"), PAPERS["A4"], ".svg").decode("utf-8")
    assert svg.count("@font-face") == 2
    assert "ស្រុករតនមណ្ឌល" in svg
    ElementTree.fromstring(svg)  # noqa: S314  our own file
