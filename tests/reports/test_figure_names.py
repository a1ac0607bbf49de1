"""Names, numbers and stamp of a printed map: each by what it names, none over another's land."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from gis.analysis import Result
from locales import LANGUAGES, text
from reports.atlas import parts_of
from reports.figure.compose import Atlas, compose
from reports.figure.draw import Drawn, draw
from reports.figure.furniture import north_text
from reports.figure.index import index_of
from reports.figure.key import rows_of
from reports.figure.labels import LEADER_MM
from reports.figure.locator import placed
from reports.figure.names import GAP
from reports.figure.paper import PAPERS, Box, Paper
from reports.figure.signs import PX_MM, paper_sign

from .printed import texts_on

AREA = "0207"
FOUR = (AREA, "0208", "0201", "13")
"""Two areas far apart: a small scale, and communes of a few millimetres."""


@pytest.mark.parametrize("paper", [PAPERS["A4"], PAPERS["A4"].turned("landscape")])
def test_every_page_of_an_index_has_its_number_at_its_area_and_none_over_another(
    atlas: Atlas, paper: Paper
) -> None:
    """Communes of a district are a few millimetres wide beside a province far away."""
    parts = parts_of(atlas.places, FOUR)
    assert len(parts) > 25
    drawn = draw(index_of(compose(atlas, FOUR, "km"), parts, atlas.places, 2), paper)
    numbers = [label for label in drawn.labels.placed if label.wanted.kind.startswith("page")]
    assert numbers_on(drawn) == {str(n) for n, _ in enumerate(parts, 2)}
    for one, other in itertools.combinations(numbers, 2):
        assert not one.box.overlaps(other.box), (one.wanted.text, other.wanted.text)
    for label in numbers:
        middle = shapely.Point(label.leader[0] if label.leader else label.box.middle)
        assert label.wanted.place.distance(middle) < 1e-6, label.wanted.text


def numbers_on(drawn: Drawn) -> set[str]:
    """Numbers of pages on the map of an index."""
    placed = (label.wanted for label in drawn.labels.placed)
    return {wanted.text for wanted in placed if wanted.kind.startswith("page")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", [PAPERS["A4"], PAPERS["A4"].turned("landscape")])
def test_no_name_of_an_area_stands_in_another_that_is_named(
    atlas: Atlas, made: Result, paper: Paper, language: Any
) -> None:
    """Of 11 districts at a small scale each is named in its land, beside it, or by a letter."""
    content = compose(atlas, FOUR, language, layers=["adopters", "providers"])
    drawn = draw(content, paper)
    ours = [one for one in drawn.labels.placed if one.wanted.kind in ("district", "letter")]
    districts = content.ground.own.dissolve("district").geometry
    assert len(ours) == len(districts)
    for label in ours:
        others = [
            shape
            for shape in districts.map(lambda shape: on_page(shape, drawn)).to_numpy()
            if not shape.buffer(0.5).contains(label.wanted.place)
        ]
        assert len(others) == len(districts) - 1
        if label.wanted.kind == "letter" and label.leader is None:
            assert shapely.contains_xy(label.wanted.place, *label.box.middle)
        else:
            written = shapely.box(label.box.x, label.box.y, label.box.right, label.box.top)
            # outlines are told to a fifth of a millimetre, and names keep off by two of these
            assert all(shape.buffer(-1.0).disjoint(written) for shape in others)
        if label.leader is not None:
            assert math.dist(*label.leader) <= LEADER_MM or label.wanted.kind == "letter"
    letters = {one.wanted.text for one in ours if one.wanted.kind == "letter"}
    told = {item.text.split(GAP)[0] for item in drawn.legend[-1].items} if letters else set()
    assert letters == told
    assert not [label for label in drawn.labels.left_out if label.kind == "district"]


def on_page(shape: Any, drawn: Drawn) -> Any:
    """An outline in millimetres of the page."""
    middle, per_mm = np.array(drawn.frame.middle), drawn.frame.metres_per_mm
    return shapely.transform(shape, lambda xy: (xy - middle) / per_mm + drawn.frame.box.middle)


@pytest.mark.parametrize("scripts", [("en",), ("km", "en")])
def test_the_stamp_stands_outside_the_map(atlas: Atlas, made: Result, scripts: Any) -> None:
    """With a head in its band, without one above the frame; no word of the page lies under it."""
    content = compose(atlas, [AREA], scripts[0], result=made, scripts=scripts)
    bare = replace(content, title="", sources=(), remarks=())
    small = Paper("A4", 174.0, 78.0, 1.0)
    for shown, paper in ((content, PAPERS["A4"]), (content, PAPERS["slide"]), (bare, small)):
        drawn = draw(shown, paper)
        pale, stamp = sorted(
            (box for words, box in texts_on(drawn) if words == content.stamp),
            key=lambda box: -box.width * box.height,
        )
        assert drawn.frame.box.holds(Box(*pale.middle, 0, 0))
        assert not stamp.overlaps(drawn.frame.box)
        assert drawn.layout.head.y <= stamp.y < stamp.top <= paper.height
        others = [box for words, box in texts_on(drawn) if words != content.stamp]
        assert not any(stamp.overlaps(other) for other in others)


def test_names_in_the_locator_keep_off_its_frame_and_each_other() -> None:
    """A frame around all, one line under a province and one through it."""
    box = Box(0, 0, 42, 30)
    provinces = [Box(2, 6, 12, 10), Box(24, 14, 14, 12)]
    names = ["Battambang", "Preah Vihear"]
    for shown in (Box(1, 4, 40, 24), Box(1, 5.5, 40, 20), Box(3, 1, 8, 8), Box(24, 10, 4, 4)):
        found = [place for place in placed(names, provinces, box, shown, 1.0) if place]
        assert len(found) == len(names)
        assert not found[0].overlaps(found[1])
        for place in found:
            assert box.holds(place)
            inside = shown.holds(place)
            assert inside or not place.overlaps(shown) or not place_hits(place, shown)


def place_hits(place: Box, shown: Box) -> bool:
    """Whether a box lies on a line of a frame."""
    edges = shapely.box(shown.x, shown.y, shown.right, shown.top).exterior
    return bool(edges.intersects(shapely.box(place.x, place.y, place.right, place.top)))


def test_signs_of_a_legend_never_touch_however_small_it_is_drawn(
    atlas: Atlas, made: Result
) -> None:
    """Pins are higher than a row of words."""
    content = compose(atlas, [AREA], "en", result=made)
    assert any(item.sign == "site-proposed" for group in content.legend for item in group.items)
    for unit in (0.62, 1.0, 1.25):
        rows = rows_of(content.legend, 68.0 * unit, unit)
        for row in rows:
            if row.item is not None and row.item.sign:
                assert row.height > paper_sign(row.item.sign).size[1] * PX_MM * unit


def test_in_both_scripts_foot_north_and_locator_are_too(atlas: Atlas, made: Result) -> None:
    content = compose(atlas, [AREA], "km", result=made, scripts=("km", "en"))
    drawn = draw(content, PAPERS["A4"].turned("landscape"))
    written = " ".join(words for words, _ in texts_on(drawn))
    for language in LANGUAGES:
        alone = compose(atlas, [AREA], language, result=made)
        assert set(alone.sources) <= set(content.sources)
        assert set(alone.remarks) <= set(content.remarks)
        for words in (text("figure.grid", language, step="10"), north_text(drawn.frame, language)):
            assert words.split()[0] in written
            assert words.split()[-1] in written
    assert "បាត់ដំបង · Battambang" in written


def test_a_slide_tells_its_sources_in_one_language(atlas: Atlas, made: Result) -> None:
    content = compose(atlas, [AREA], "km", result=made, scripts=("km", "en"))
    written = " ".join(words for words, _ in texts_on(draw(content, PAPERS["slide"])))
    km, en = (text("figure.grid", language, step="20").split()[-1] for language in ("km", "en"))
    assert km in written
    assert en not in written
    first, second = content.sources
    assert first.split()[0] in written
    assert second.split()[0] not in written
    assert content.code in written
