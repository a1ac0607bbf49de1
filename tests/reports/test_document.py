"""A report of an area: what it says, and that it becomes pages with their fonts and pictures."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gis.analysis import Result
from gis.errors import BadParameter
from layers.run import run
from layers.workspace import Workspace
from locales import text
from reports.document.compose import compose
from reports.document.content import Chart, Document, Figures, Map, Table
from reports.document.file import report_of
from reports.figure.compose import Atlas


@pytest.fixture(scope="module")
def atlas(prepared_workspace: Workspace) -> Atlas:
    return Atlas.of(prepared_workspace)


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace) -> Result:
    return run("suitability", "0207", resolution=1000, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def document(atlas: Atlas, made: Result) -> Document:
    return compose(atlas, ["0207"], [made], "km")


def test_key_figures_are_those_of_the_row_of_the_area(document: Document, made: Result) -> None:
    (figures,) = (block for block in document.sections[0].blocks if isinstance(block, Figures))
    hectares = made.outcome.tables["districts"].loc["0207", "hectares"]
    assert figures.items[0][1] == f"{hectares:,.0f}"


def test_a_report_of_a_commune_tells_of_that_commune_alone(atlas: Atlas, made: Result) -> None:
    document = compose(atlas, ["020704"], [made], "en")
    tables = [block for block in document.sections[0].blocks if isinstance(block, Table)]
    assert [[row[0] for row in table.rows] for table in tables] == [["Traeng"]]


def test_bars_add_up_to_the_classes_of_their_commune(document: Document, made: Result) -> None:
    (chart,) = (block for block in document.sections[0].blocks if isinstance(block, Chart))
    table = made.outcome.tables["communes"].set_index("name_km")
    for place, name in enumerate(chart.places):
        whole = table.loc[name, ["S1", "S2", "S3", "N1", "N2", "excluded", "no_data"]].sum()
        assert sum(part.hectares[place] for part in chart.parts) == pytest.approx(whole)


def test_made_up_data_are_stamped_and_every_map_says_what_it_shows(document: Document) -> None:
    assert document.stamp == text("map.stamp", "km")
    maps = [block for section in document.sections for block in section.blocks]
    assert all(block.alt and block.caption for block in maps if isinstance(block, Map | Chart))


@pytest.mark.parametrize("given", [[], ["suitability", "suitability"], ["unheard-of"]])
def test_no_result_or_two_alike_is_refused(atlas: Atlas, made: Result, given: list[str]) -> None:
    results = [replace(made, provenance=replace(made.provenance, analysis=name)) for name in given]
    with pytest.raises(BadParameter):
        compose(atlas, ["0207"], results, "en")


def test_a_result_of_another_area_is_refused(atlas: Atlas, made: Result) -> None:
    with pytest.raises(BadParameter):
        compose(atlas, ["0208"], [made], "en")


def test_a_pdf_has_the_font_of_the_house_and_a_description_of_each_picture(
    document: Document,
) -> None:
    """Read as a reader does: objects, also those in compressed streams."""
    made = report_of(document, ".pdf")
    assert made.startswith(b"%PDF-")
    objects = made + b"".join(streams(made))
    assert b"DeimapKhmer" in objects
    assert objects.count(b"/S /Figure") + objects.count(b"/S/Figure") >= 2
    assert objects.count(b"/Alt") >= 2


def streams(pdf: bytes) -> Iterator[bytes]:
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            yield zlib.decompress(found[1])
        except zlib.error:
            continue
