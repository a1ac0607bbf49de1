"""Pages that are hard: nothing to show, far too much, names without end, land in two parts."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from matplotlib.colors import to_rgb
from pyproj import Geod, Transformer

from gis.analysis import Result
from gis.grid import CRS, GEOGRAPHIC, NO_DATA
from layers.assets import STATIC
from layers.colours import COLOURS
from layers.drawing import LegendGroup, LegendItem
from layers.legend import UNKNOWN_STEP
from layers.prepare import bring_in, prepare
from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, text
from reports.document.compose import compose as report
from reports.document.file import ENDINGS, report_of
from reports.figure.compose import Atlas, compose
from reports.figure.content import CellField, MapContent
from reports.figure.draw import Drawn, draw
from reports.figure.file import paper_for
from reports.figure.graticule import geographic_ticks
from reports.figure.index import index_of
from reports.figure.numbered import numbers_of
from reports.figure.paper import PAPERS, Box, Paper
from reports.figure.pins import DOTS, Pin
from reports.figure.scale import convergence, scale_bar
from reports.figure.text import fitted, size_of

from .printed import texts_on

AREA = "0207"
MANY = 500
GEOD = Geod(ellps="WGS84")
TO_DEGREES = Transformer.from_crs(CRS, GEOGRAPHIC, always_xy=True)


def with_cells(result: Result, code: int) -> Result:
    """The same result with every known cell of its classes of one class."""
    rasters = dict(result.outcome.rasters)
    for name, array in rasters.items():
        if np.issubdtype(array.dtype, np.integer):
            rasters[name] = array.copy(data=np.where(array.to_numpy() > 0, code, array.to_numpy()))
        else:
            rasters[name] = array.copy(data=np.full_like(array.to_numpy(), np.nan))
    return replace(result, outcome=replace(result.outcome, rasters=rasters))


def with_sites(result: Result, chosen: gpd.GeoDataFrame) -> Result:
    """The same result with other sites, on the map and in its table."""
    features = {**result.outcome.features, "sites": chosen}
    table = pd.DataFrame(chosen.drop(columns="geometry")).set_index("code")
    tables = {**result.outcome.tables, "sites": table}
    return replace(result, outcome=replace(result.outcome, features=features, tables=tables))


def without_sites(result: Result) -> Result:
    return with_sites(result, result.outcome.features["sites"].iloc[:0])


def many_sites(result: Result, atlas: Atlas) -> Result:
    """Five hundred of them, strewn over the communes of the district."""
    own = atlas.metres["communes"].loc[atlas.places.communes_within([AREA])]
    draws = np.random.default_rng(7)
    west, south, east, north = own.total_bounds
    points = gpd.GeoSeries(
        gpd.points_from_xy(draws.uniform(west, east, 3000), draws.uniform(south, north, 3000)),
        crs=CRS,
    )
    inside = points.to_frame("geometry").sjoin(own[["geometry"]], predicate="within").iloc[:MANY]
    first = result.outcome.features["sites"].iloc[[0]]
    rows = pd.concat([first.drop(columns="geometry")] * MANY, ignore_index=True)
    rows = rows.assign(code=inside["code"].to_numpy(), rank=range(1, MANY + 1))
    return with_sites(result, gpd.GeoDataFrame(rows, geometry=inside.geometry.to_numpy(), crs=CRS))


def words_of(content: MapContent | Drawn) -> list[str]:
    return [item.text for group in content.legend for item in group.items]


def assert_on_paper(drawn: Drawn, paper: Paper) -> None:
    sheet = Box(0, 0, paper.width, paper.height)
    for words, box in texts_on(drawn):
        assert sheet.holds(box), words


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_site_is_proposed_the_map_says_so(
    atlas: Atlas, made: Result, language: Any
) -> None:
    said = text("figure.no_site", language)
    assert said not in words_of(compose(atlas, [AREA], language, result=made))
    content = compose(atlas, [AREA], language, result=without_sites(made))
    assert words_of(content)[0] == said
    assert not [sign for sign in content.points if sign.sign == "site-proposed"]
    assert said in {words for words, _ in texts_on(draw(content, PAPERS["A4"]))}


def test_nothing_suitable_and_nothing_known_are_said_each_in_its_words(
    atlas: Atlas, made: Result
) -> None:
    """N2 everywhere but for unknown cells; then no class anywhere."""
    unsuitable = compose(atlas, [AREA], "en", result=with_cells(made, 5))
    assert text("figure.nothing_suitable", "en") in words_of(unsuitable)
    unknown = compose(atlas, [AREA], "en", result=with_cells(made, NO_DATA))
    assert text("figure.all_unknown", "en") in words_of(unknown)
    assert isinstance(unknown.surface, CellField)
    assert set(np.unique(unknown.surface.steps)) <= {UNKNOWN_STEP, -2}
    items = [item for group in unknown.legend for item in group.items]
    assert not [item for item in items if item.colour]
    assert [item.style for item in items].count("hatch") == 1
    known = compose(atlas, [AREA], "en", result=made)
    assert not {
        text("figure.nothing_suitable", "en"),
        text("figure.all_unknown", "en"),
    }.intersection(words_of(known))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_report_of_nothing_is_a_report(atlas: Atlas, made: Result, ending: str) -> None:
    empty = with_cells(without_sites(made), NO_DATA)
    assert len(report_of(report(atlas, [AREA], [empty], "km"), ending)) > 10_000


def test_one_site_stands_alone_with_its_number(atlas: Atlas, made: Result) -> None:
    first = made.outcome.features["sites"].iloc[:1]
    drawn = draw(compose(atlas, [AREA], "km", result=with_sites(made, first)), PAPERS["A4"])
    pins = [pin for pin in drawn.pins if pin.sign.sign == "site-proposed"]
    assert [pin.sign.number for pin in pins] == ["1"]
    assert not any(item.sign == "dot-site" for group in drawn.legend for item in group.items)


@pytest.fixture(scope="module")
def crowded(atlas: Atlas, made: Result) -> Drawn:
    return draw(compose(atlas, [AREA], "en", result=many_sites(made, atlas)), PAPERS["A4"])


def test_of_five_hundred_sites_each_is_a_pin_or_a_dot_and_the_legend_counts_them(
    crowded: Drawn,
) -> None:
    pins = [pin for pin in crowded.pins if pin.sign.sign == "site-proposed"]
    dots = [pin for pin in crowded.pins if pin.sign.sign == "dot-site"]
    assert len(pins) + len(dots) == MANY
    assert len(pins) > 20
    assert dots
    assert text("figure.dot_site", "en", count=len(dots)) in words_of(crowded)
    kept = {int(pin.sign.number) for pin in pins}
    assert 1 in kept  # the best keeps its place: only a better one takes it from another


def test_no_pin_lies_over_another_and_every_number_keeps_inside_its_pin(crowded: Drawn) -> None:
    pins = [pin for pin in crowded.pins if pin.sign.sign == "site-proposed"]
    for one, other in itertools.combinations(pins, 2):
        assert not core(one).overlaps(core(other)), (one.sign.number, other.sign.number)
    numbers = {pin.sign.number: pin.box for pin in pins}
    for words, box in texts_on(crowded):
        if words in numbers and numbers[words].overlaps(box):
            assert numbers[words].holds(box), words


def core(pin: Pin) -> Box:
    """A pin without a fifth of its rim: it is pointed, and may touch another."""
    return pin.box.shrunk(0.1 * pin.box.width)


def test_signs_of_communes_move_inside_their_land_or_become_dots(atlas: Atlas) -> None:
    """At the scale of four areas providers and counts have no room side by side."""
    areas = [AREA, "0208", "0201", "13"]
    content = compose(atlas, areas, "km", layers=["adopters", "providers"])
    drawn = draw(content, PAPERS["A4"].turned("landscape"))
    stated = {(sign.id, sign.sign) for sign in content.points}
    full = [pin for pin in drawn.pins if (pin.sign.id, pin.sign.sign) in stated]
    for one, other in itertools.combinations(full, 2):
        assert not core(one).overlaps(core(other)), (one.sign, other.sign)
    own = content.ground.own
    for pin in full:
        assert shapely.contains_xy(own.geometry[pin.sign.id], *drawn.frame.on_ground(pin.x, pin.y))
    assert len(drawn.pins) == len(content.points)
    shown = {pin.sign.sign for pin in drawn.pins}
    explained = {item.sign for group in drawn.legend for item in group.items if item.sign}
    assert explained - {"road"} == shown


LONG = {
    "en": "A very long title of a layer that somebody wrote as a whole sentence, " * 5,
    "km": "ចំណងជើងវែងណាស់នៃស្រទាប់ទិន្នន័យដែលមានអ្នកសរសេរជាប្រយោគពេញ" * 5,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", [PAPERS["A4"], PAPERS["slide"]])
def test_words_without_end_stay_on_the_paper(atlas: Atlas, language: Any, paper: Paper) -> None:
    """A title, a legend, areas and names that nobody would print: smaller, wrapped, then cut."""
    content = compose(atlas, [AREA], language, layers=["slope_figures"])
    own = content.ground.own.assign(name_en=LONG["en"], name_km=LONG["km"])
    items = tuple(LegendItem(LONG[language], colour="#123456") for _ in range(6))
    drawn = draw(
        replace(
            content,
            title=LONG[language],
            subtitle=LONG[language],
            ground=replace(content.ground, own=own),
            legend=(*content.legend, LegendGroup(LONG[language], items, LONG[language])),
        ),
        paper,
    )
    assert_on_paper(drawn, paper)
    assert not [label for label in drawn.labels.placed if label.wanted.kind == "commune"]
    head = [box for words, box in texts_on(drawn) if box.y > drawn.layout.head.y]
    # who publishes, two lines of title, two of areas, the stamp
    assert len(head) == 5 + bool(content.stamp)
    for one, other in itertools.combinations(head, 2):
        assert not one.shrunk(0.15 * one.height).overlaps(other.shrunk(0.15 * other.height))


def test_all_districts_by_name_fit_the_head(atlas: Atlas) -> None:
    content = compose(atlas, list(atlas.places.districts.index), "km", scripts=("km", "en"))
    assert_on_paper(draw(content, PAPERS["A4"]), PAPERS["A4"])


def ring(west: float, south: float, size: float = 0.1) -> shapely.Polygon:
    return shapely.box(west, south, west + size, south + size)


@pytest.fixture(scope="module")
def straddling(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """Own boundaries on both sides of 102 E, where the zones of UTM meet.

    District 0101 has an exclave beyond 0102; commune 010102 is in two parts itself, and bears
    what could be taken for math.
    """
    shapes = {
        "010101": ring(101.8, 13.0),
        "010102": shapely.MultiPolygon([ring(101.9, 13.0), ring(102.3, 13.3)]),
        "010201": ring(102.0, 13.0),
        "010202": ring(102.1, 13.0),
    }
    features = [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(shape),
            "properties": {"code": code, "name_en": f"${code}$ _x^2", "name_km": "ស្ដៅ $x$"},
        }
        for code, shape in shapes.items()
    ]
    folder = tmp_path_factory.mktemp("straddling")
    file = folder / "own.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    workspace = prepare(Workspace(folder / "workspace"))
    bring_in(file, "boundaries", workspace)
    return Atlas.of(workspace)


def test_a_district_in_two_parts_lies_whole_on_its_page(straddling: Atlas) -> None:
    content = compose(straddling, ["0101"], "km", scripts=("km", "en"))
    paper = paper_for(content, "A4")
    drawn = draw(content, paper)
    own = shapely.union_all(content.ground.own.geometry.to_numpy())
    assert own.geom_type == "MultiPolygon"
    for part in own.geoms:
        west, south, east, north = part.bounds
        for corner in ((west, south), (east, north)):
            at = drawn.frame.on_page(*corner)
            assert drawn.frame.box.holds(Box(*at, 0, 0))
    assert {label.wanted.kind for label in drawn.labels.placed} >= {"commune", "around"}
    assert_on_paper(drawn, paper)
    for axes in drawn.figure.axes:
        assert not any(found.get_parse_math() for found in axes.texts)


def test_across_the_border_of_zones_scale_ticks_and_north_hold(straddling: Atlas) -> None:
    """All stays in zone 48: three degrees west of its middle its north leans by tan l sin b."""
    content = compose(straddling, ["0101", "0102"], "en")
    frame = draw(content, paper_for(content, "A4")).frame
    lon, lat = TO_DEGREES.transform(*frame.middle)
    assert 101.8 < lon < 102.4
    bar = scale_bar(frame)
    half = bar.millimetres / 2 * frame.metres_per_mm
    x, y = frame.middle
    west, east = (TO_DEGREES.transform(x + side * half, y) for side in (-1, 1))
    assert GEOD.inv(*west, *east)[2] == pytest.approx(bar.metres, rel=1e-3)
    lean = math.degrees(
        math.atan(math.tan(math.radians(lon - 105.0)) * math.sin(math.radians(lat)))
    )
    assert convergence(*frame.middle) == pytest.approx(lean, abs=0.005)
    assert lean < -0.6
    ticks = {tick.text: tick.at for tick in geographic_ticks(frame) if tick.side == "top"}
    assert "102°00'E" in ticks
    assert {words[:3] for words in ticks} == {"101", "102"}
    _, _, _, north = frame.extent
    at, _ = frame.on_ground(ticks["102°00'E"], 0.0)
    assert TO_DEGREES.transform(at, north)[0] == pytest.approx(102.0, abs=1e-4)


def test_a_long_name_is_measured_with_its_ellipsis() -> None:
    for words in LONG.values():
        lines, points = fitted(words, 60.0, (16.0, 9.0), True)
        assert len(lines) == 2
        assert lines[-1].endswith("…")
        assert all(size_of(line, points, True)[0] <= 60.0 for line in lines)
    assert fitted("Treng", 60.0, (16.0, 9.0)) == (["Treng"], 16.0)


def test_every_dot_has_a_sign_and_words() -> None:
    for dot, key, signs in DOTS:
        assert signs
        assert (STATIC / "signs" / f"{dot}.svg").is_file()
        assert "3" in text(key, "km", count=3)


GREYS = {
    "suitability": (9, [f"criteria.class_{name}" for name in ("s1", "s2", "s3", "n1", "n2")]),
    "degradation": (
        9,
        [f"degradation.class_{name}" for name in ("degraded", "stable", "improved")],
    ),
    "status": (7, [f"degradation.status_{number}" for number in range(1, 8)]),
}


@pytest.mark.parametrize("name", GREYS)
def test_classes_are_told_apart_in_grey_print(name: str) -> None:
    """Lightness of CIE L*a*b*, any two of one set; where it comes near, classes bear numbers."""
    least, keys = GREYS[name]
    greys = sorted(lightness(COLOURS[key]) for key in keys)
    assert min(after - before for before, after in itertools.pairwise(greys)) >= least


def lightness(colour: str) -> float:
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    ]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return 116 * luminance ** (1 / 3) - 16


def test_numbers_of_a_status_stand_on_land_of_their_class(
    atlas: Atlas, land_workspace: Workspace
) -> None:
    result = run("land-degradation", AREA, resolution=500, workspace=land_workspace)
    content = compose(atlas, [AREA], "en", result=result, variable="status")
    field = content.surface
    assert isinstance(field, CellField)
    drawn = draw(content, PAPERS["A4"])
    taken = [label.box for label in drawn.labels.placed]
    numbers = numbers_of(field, drawn.frame, 1.0, taken)
    assert numbers
    for number in numbers:
        x, y = drawn.frame.on_ground(*number.box.middle)
        column, row = ~field.grid.transform * (x, y)
        assert field.steps[int(row), int(column)] == field.numbers.index(number.words)
        assert not any(number.box.overlaps(box) for box in taken)
    said = {item.text.split()[0] for group in content.legend for item in group.items}
    assert {number.words for number in numbers} <= said
    indicator = compose(atlas, [AREA], "en", result=result)
    assert isinstance(indicator.surface, CellField)
    assert not numbers_of(indicator.surface, drawn.frame, 1.0, ())


def test_an_index_explains_what_it_draws_and_no_more(atlas: Atlas, made: Result) -> None:
    """Doubtful communes have their dashes on their own pages, not on the index."""
    content = compose(atlas, [AREA], "en", result=made)
    assert content.borderline
    parts = atlas.places.children(AREA)
    index = index_of(content, parts, atlas.places, 2)
    styles = {item.style for group in index.legend for item in group.items}
    assert "dashed" not in styles
    drawn = draw(index, PAPERS["A4"])
    placed = [label.wanted for label in drawn.labels.placed]
    numbers = {wanted.text for wanted in placed if wanted.kind.startswith("page")}
    assert numbers == {"2", "3", "4", "5", "6"}
