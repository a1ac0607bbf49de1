"""An atlas: every page is there, in order, alike, and one that fails takes no other with it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from cli.main import exit_code
from gis.errors import BadParameter
from layers.workspace import Workspace
from locales import LANGUAGES
from reports import atlas as module
from reports.atlas import Wish, atlas, parts_of
from reports.figure import surfaces
from reports.figure.compose import Atlas, compose
from reports.figure.content import MapContent
from reports.figure.index import BESIDE_MAP, index_of, list_pages, lists_of
from reports.figure.names import GAP
from reports.figure.paper import PAPERS, Paper
from reports.figure.wanted import named_areas
from reports.figure.words import subtitle_of

DISTRICT, COMMUNES = "0207", 5


@pytest.fixture(scope="module")
def known(prepared_workspace: Workspace) -> Atlas:
    return Atlas.of(prepared_workspace)


def pages_in(pdf: bytes) -> int:
    """Pages as the file counts them."""
    found = re.search(rb"/Type /Pages.*?/Count (\d+)|/Count (\d+).*?/Type /Pages", pdf, re.S)
    assert found is not None
    return int(found[1] or found[2])


def test_an_index_and_a_page_for_each_part(known: Atlas) -> None:
    steps: list[tuple[int, int]] = []
    made = atlas(known, [DISTRICT], Wish("km"), lambda _, number, of: steps.append((number, of)))
    parts = known.places.children(DISTRICT)
    assert made.pages == pages_in(made.content) == len(parts) + 1 == COMMUNES + 1
    assert steps == [(number, made.pages) for number in range(1, made.pages + 1)]
    assert made.failed == ()


def test_a_page_that_fails_is_said_and_the_rest_is_made(
    known: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = module._composed

    def failing(
        known: Atlas, codes: tuple[str, ...], wish: Wish, alike: tuple[str, ...]
    ) -> MapContent:
        if codes == ("020702",):
            raise ValueError("no such thing")
        return whole(known, codes, wish, alike)

    monkeypatch.setattr(module, "_composed", failing)
    made = atlas(known, [DISTRICT], Wish("en"))
    assert pages_in(made.content) == COMMUNES + 1
    assert made.failed == (("020702", "ValueError: no such thing"),)


def test_stopping_leaves_nothing(
    tmp_path: Path, known: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> MapContent:
        raise KeyboardInterrupt

    monkeypatch.setenv("DEIMAP_WORKSPACE", str(known.workspace.root))
    monkeypatch.setattr(module, "_composed", stopped)
    out = tmp_path / "a.pdf"
    assert exit_code(["atlas", "--area", DISTRICT, "--out", str(out)]) == 130
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_parts_has_no_atlas(known: Atlas) -> None:
    with pytest.raises(BadParameter):
        atlas(known, ["020701"], Wish("en"))


def test_pages_of_an_atlas_are_cut_and_coloured_alike(known: Atlas) -> None:
    wish = Wish("en", layers=("slope_figures",))
    colours = [
        module._composed(known, (part.code,), wish, ("02",)).surface.colours  # type: ignore[union-attr]
        for part in known.places.children("02")
    ]
    assert len(set(colours)) == 1


def test_the_index_lists_the_pages_in_their_order(known: Atlas) -> None:
    parts = parts_of(known.places, ["02"])
    content = index_of(compose(known, ["02"], "en"), parts, known.places, 2)
    assert content.legend[0].title == "Pages · Battambang province"
    listed = [item.text.split(GAP) for item in content.legend[0].items]
    assert listed == [[str(n), part.name_en] for n, part in enumerate(parts, 2)]
    assert content.numbers == tuple((part.code, str(n)) for n, part in enumerate(parts, 2))


def test_several_areas_have_their_parts_one_after_another(known: Atlas) -> None:
    """Two provinces have 14 and 8 districts; a district beside a province has communes."""
    both = [area.code for area in parts_of(known.places, ["02", "13"])]
    assert both == list(known.places.districts.index)
    assert len(both) == 14 + 8
    mixed = [area.code for area in parts_of(known.places, ["0207", "13"])]
    assert mixed == [*(f"02070{n}" for n in range(1, 6)), *both[14:]]


def test_a_province_by_commune_and_the_country_by_district(known: Atlas) -> None:
    places = known.places
    assert {area.code for area in parts_of(places, ["02"], "commune")} == set(
        places.communes_within(["02"])
    )
    assert [area.code for area in parts_of(places, ["KH"], "district")] == list(
        places.districts.index
    )
    assert parts_of(places, ["02"], "province") == ()
    assert parts_of(places, ["020701"]) == ()  # villages have no page


def test_the_index_says_of_which_district_or_province_a_page_is(known: Atlas) -> None:
    parts = parts_of(known.places, ["0207", "0208", "13"])
    content = index_of(compose(known, ["0207", "0208", "13"], "en"), parts, known.places, 2)
    assert [group.title for group in content.legend[:3]] == [
        "Pages · Rattanak Mondul district, Battambang province",
        f"Pages · {known.places.area('0208').name_en} district, Battambang province",
        "Pages · Preah Vihear province",
    ]


def test_a_page_tells_what_its_area_belongs_to(known: Atlas) -> None:
    places = known.places
    name = places.area("020703").name_en
    assert subtitle_of(("020703",), places, ("en",)) == (
        f"{name} commune, Rattanak Mondul district, Battambang province"
    )
    assert subtitle_of(("0207", "13"), places, ("en",)) == (
        "Rattanak Mondul district, Preah Vihear province"
    )


def test_a_country_of_two_provinces_is_not_called_the_country(known: Atlas) -> None:
    """The embedded gazetteer has two of 25; with all of them nothing is added."""
    said = subtitle_of(("KH",), known.places, ("en",))
    assert said == (
        "Cambodia, as far as it is known here: Battambang province, Preah Vihear province"
    )
    whole = pd.concat([known.places.provinces] * 13).iloc[:25]
    assert subtitle_of(("KH",), replace(known.places, provinces=whole), ("en",)) == "Cambodia"
    kinds = {kind for kind, _ in named_areas(compose(known, ["KH"], "en").ground)}
    assert kinds >= {"province", "district"}


@pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
def test_a_long_list_stands_on_pages_of_its_own(known: Atlas, paper: Paper) -> None:
    parts = parts_of(known.places, ["02", "13"], "commune")
    assert len(parts) > BESIDE_MAP
    content = compose(known, ["02", "13"], "km", scripts=("km", "en"))
    index = index_of(content, parts, known.places, 9)
    assert not any(item.style == "words" for group in index.legend for item in group.items)
    pages = list(list_pages(content, parts, known.places, paper, 9))
    assert len(pages) == lists_of(parts, paper)
    drawn = [text.get_text() for page in pages for text in page.axes[0].texts]
    numbers = [int(words.split(GAP)[0]) for words in drawn if GAP in words]
    assert numbers == list(range(9, 9 + len(parts)))


def test_in_both_scripts_titles_and_legend_are_too(known: Atlas) -> None:
    parts = parts_of(known.places, ["0207"])
    content = compose(known, ["0207"], "km", layers=["slope_figures"], scripts=("km", "en"))
    alone = {one: compose(known, ["0207"], one, layers=["slope_figures"]) for one in LANGUAGES}
    assert content.title == f"{alone['km'].title}\n{alone['en'].title}"
    assert content.subtitle == f"{alone['km'].subtitle} · {alone['en'].subtitle}"
    index = index_of(content, parts, known.places, 2)
    assert index.title.split("\n")[1] == f"Atlas: {alone['en'].title}"
    assert index.legend[0].items[0].text.endswith(f"{parts[0].name_km} · {parts[0].name_en}")
    for both, km, en in zip(content.legend, alone["km"].legend, alone["en"].legend, strict=True):
        for item, first, second in zip(both.items, km.items, en.items, strict=True):
            assert item.text in (first.text, f"{first.text} · {second.text}")
            assert (item.text == first.text) == (first.text == second.text)


def test_a_quantity_without_breaks_is_cut_alike_on_all_pages(
    known: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fifths of all areas, not of each: read once for all pages."""
    layer = next(one for one in known.known.layers.values() if one.about.breaks is None)
    raster = replace(layer, geometry="raster")
    read: list[tuple[str, ...]] = []

    def values(_: object, codes: tuple[str, ...], __: object) -> xr.DataArray:
        read.append(codes)
        return xr.DataArray(np.arange(11.0))

    monkeypatch.setattr(surfaces, "_values", values)
    scale = surfaces.scale_over(raster, ("0207", "0208"), known.places)
    # zero is a class of its own; quarters of 1 to 10 are 3.25, 5.5, 7.75, told with two figures
    assert scale.breaks == (0.0, 3.2, 5.5, 7.8)
    assert read == [("0207", "0208")]
