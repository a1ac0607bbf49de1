"""Forms to take along: what stands on them, what stays empty, and who is never named."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from gis.analysis import Outcome, Result
from gis.errors import BadParameter
from layers.figures import commune_figures
from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, number, text, with_unit
from reports.company import requested_rows
from reports.document.commune_plan import commune_plan
from reports.document.company_sheet import company_page
from reports.document.content import Document, Map, Section, Table, Words, opening
from reports.document.field_sheet import CHECKS, ROLES, field_sheet
from reports.document.file import report_of
from reports.document.forms import FORMS
from reports.document.sheet import BOX, WRITE
from reports.document.situation import FIGURES
from reports.figure.compose import Atlas

from .printed import pages

AREA = "0207"
COMMUNES = ("020701", "020702", "020703", "020704", "020705")


@pytest.fixture(scope="module")
def sites(prepared_workspace: Workspace) -> Result:
    return run("sites", AREA, {"samples": 0}, resolution=1000, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def coverage(prepared_workspace: Workspace) -> Result:
    return run("coverage", AREA, resolution=1000, workspace=prepared_workspace)


@pytest.fixture(scope="module")
def field(atlas: Atlas, sites: Result) -> Document:
    return field_sheet(atlas, [AREA], [sites], "km")


def tables(section: Section) -> list[Table]:
    return [block for block in section.blocks if isinstance(block, Table)]


def test_every_proposed_site_has_a_page_of_its_own_in_the_order_of_ranks(
    field: Document, sites: Result
) -> None:
    found = sites.outcome.tables["sites"].sort_values("rank")
    pages = [section for section, opens in opening(field) if section.alone and opens]
    assert len(pages) == len(found) > 1
    for page, village in zip(pages, found["village_km"], strict=True):
        assert isinstance(village, float) or village in page.title
    (visits,) = tables(field.sections[0])
    assert [row[0] for row in visits.rows] == [str(place + 1) for place in range(len(found))]


def test_four_checks_have_boxes_and_the_council_has_none(field: Document) -> None:
    checks, villages = tables(field.sections[1])
    assert len(CHECKS) == 4
    for role, row in zip(ROLES, checks.rows, strict=True):
        assert row[0] == text(f"forms.role_{role}", "km")
        assert row[2:] == ((BOX if role in CHECKS else "",) * 3 + ("",))
    assert checks.height == villages.height == WRITE


def test_villages_are_named_and_what_is_written_by_hand_is_empty(
    field: Document, sites: Result
) -> None:
    first = sites.outcome.tables["sites"].sort_values("rank").iloc[0]
    villages = tables(field.sections[1])[1]
    assert villages.rows[0][0].startswith(first["village_km"])
    assert all(not cell for row in villages.rows for cell in row[1:])
    assert villages.rows[-1] == ("",) * len(villages.columns)


def test_the_map_of_a_site_shows_its_villages_with_their_names(
    field: Document, atlas: Atlas, sites: Result
) -> None:
    first = str(sites.outcome.tables["sites"].sort_values("rank").index[0])
    (drawn,) = (block for block in field.sections[1].blocks if isinstance(block, Map))
    named = [sign.title for sign in drawn.content.points if sign.sign == "village"]
    there = atlas.places.villages[atlas.places.villages["commune"] == first]
    assert len(named) == len(there) > 0
    assert all(named)


def test_a_page_tells_where_its_villages_lie(field: Document, atlas: Atlas, sites: Result) -> None:
    """Degrees of the official list, and the way to the nearest road of the map in UTM metres."""
    first = sites.outcome.tables["sites"].sort_values("rank").iloc[0]
    (said,) = (block.words for block in field.sections[1].blocks if isinstance(block, Words))
    place = atlas.places.villages.loc[[first["village"]]].geometry
    degrees = {"north": f"{place.y.iloc[0]:.4f}", "east": f"{place.x.iloc[0]:.4f}"}
    words = text("forms.ways_to", "km", village=first["village_km"], **degrees)
    assert said.startswith(words)
    (drawn,) = (block for block in field.sections[1].blocks if isinstance(block, Map))
    roads, (metres,) = drawn.content.roads, place.to_crs("EPSG:32648")
    assert roads is not None
    nearest = min(metres.distance(way) for way in roads.geometry) / 1000
    assert with_unit(nearest, "km", "km") in said


@pytest.mark.parametrize("name", ["field", "company"])
def test_a_form_without_its_result_is_refused(name: str, atlas: Atlas, sites: Result) -> None:
    other = replace(sites, provenance=replace(sites.provenance, analysis="suitability"))
    with pytest.raises(BadParameter):
        FORMS[name](atlas, [AREA], [other], "en")
    with pytest.raises(BadParameter):
        FORMS[name](atlas, [AREA], [], "en")


@pytest.mark.parametrize("name", ["field", "company", "plan"])
def test_a_form_of_another_area_is_refused(
    name: str, atlas: Atlas, sites: Result, coverage: Result
) -> None:
    with pytest.raises(BadParameter):
        FORMS[name](atlas, ["0208"], [coverage if name == "company" else sites], "en")


def test_an_area_without_a_site_says_so(atlas: Atlas, sites: Result) -> None:
    none = with_table(sites, "sites", sites.outcome.tables["sites"].iloc[:0])
    document = field_sheet(atlas, [AREA], [none], "en")
    said = [getattr(block, "words", "") for block in document.sections[0].blocks]
    assert text("forms.none_here", "en") in said
    assert not any(section.alone for section in document.sections)


def with_table(result: Result, name: str, table: pd.DataFrame) -> Result:
    outcome: Outcome = replace(result.outcome, tables={**result.outcome.tables, name: table})
    return replace(result, outcome=outcome)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_company_sheet_has_the_rows_of_its_workbook_and_empty_lines(
    language: Language, atlas: Atlas, coverage: Result
) -> None:
    document = company_page(atlas, [AREA], [coverage], language)
    _, asked, contacts = tables(document.sections[0])
    rows = requested_rows(coverage.outcome.tables["requested"], language)
    assert [row[-1] for row in asked.rows] == [
        number(hectares, language) for hectares in rows["hectares"]
    ]
    assert [row[0] for row in asked.rows] == rows[f"name_{language}"].tolist()
    assert all(not cell for row in contacts.rows for cell in row[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_company_sheet_adds_up_what_was_asked_for_by_year(
    language: Language, atlas: Atlas, coverage: Result
) -> None:
    """Machines, seasons and crops each add up to all of the year."""
    table = coverage.outcome.tables["requested"]
    totals = tables(company_page(atlas, [AREA], [coverage], language).sections[0])[0]
    years = sorted(table["year"].unique())
    assert [column.words for column in totals.columns[2:]] == list(map(str, years))
    assert totals.rows[0][2:] == tuple(
        number(table.loc[table["year"] == year, "hectares"].sum(), language) for year in years
    )
    by: dict[str, list[tuple[str, ...]]] = {}
    for head, _, *sums in totals.rows[1:]:
        by.setdefault(head or list(by)[-1], []).append(tuple(sums))
    assert len(by) == 3
    for rows in by.values():
        for place, whole in enumerate(totals.rows[0][2:]):
            added = sum(float(row[place].replace(",", "")) for row in rows)
            assert added == pytest.approx(float(whole.replace(",", "")), abs=0.5)


def requests(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Requests by code, district and hectares, all alike otherwise."""
    table = pd.DataFrame(rows, columns=["code", "district", "hectares"]).set_index("code")
    alike = {"crop": "maize", "season": "main-wet", "year": 2026, "machine": "", "meetings": 1}
    districts = dict.fromkeys(("district_en", "district_km"), "X")
    names = ["X" if len(code) == 6 else "" for code in table.index]
    return table.assign(**alike, **districts, name_en=names, name_km=names)


@pytest.mark.parametrize(
    ("area", "hectares"),
    [
        # a district has what is told of it and, as all of the area, what is told of that
        (AREA, ["100", "20", "3"]),
        # of a commune alone, both may be somebody else's
        ("020704", ["100"]),
        ("020701", []),
    ],
)
def test_requests_without_commune_stand_only_where_all_they_may_be_of_lies_inside(
    area: str, hectares: list[str], atlas: Atlas, coverage: Result
) -> None:
    asked = requests(("020704", AREA, 100.0), (AREA, AREA, 20.0), ("", "", 3.0))
    document = company_page(atlas, [area], [with_table(coverage, "requested", asked)], "en")
    # after the totals, before the lines for contact
    told = tables(document.sections[0])[1:-1]
    assert [row[-1] for table in told for row in table.rows] == hectares


def test_the_map_of_requests_tells_of_the_newest_year_alone(atlas: Atlas, coverage: Result) -> None:
    asked = pd.concat(
        [
            requests(("020704", AREA, 100.0), ("020704", AREA, 250.0), ("020701", AREA, 3.0)),
            requests(("020702", AREA, 900.0)).assign(year=2025),
        ]
    )
    document = company_page(atlas, [AREA], [with_table(coverage, "requested", asked)], "en")
    (drawn,) = (block for block in document.sections[0].blocks if isinstance(block, Map))
    steps = drawn.content.surface.steps  # type: ignore[union-attr]
    assert {code for code, step in steps.items() if step >= 0} == {"020701", "020704"}
    assert steps["020704"] > steps["020701"]


def test_a_plan_has_one_page_a_commune_and_costs_where_the_result_has_them(
    atlas: Atlas, sites: Result
) -> None:
    table = sites.outcome.tables["sites"].copy()
    dear = str(table.sort_values("rank").index[0])
    table["cost_usd"] = table["cost_usd"].where(table.index != dear)
    document = commune_plan(atlas, [AREA], [with_table(sites, "sites", table)], "en")
    pages = [section for section in document.sections if section.alone]
    assert len(pages) == len(COMMUNES)
    proposed = dict(zip(COMMUNES, (tables(page)[1] for page in pages), strict=True))
    for code, shown in proposed.items():
        costs = [row[3] for row in shown.rows if row[0]]
        wanted = (
            [
                "" if code == dear else number(cost, "en", 0)
                for cost in table.loc[[code], "cost_usd"]
            ]
            if code in table.index
            else []
        )
        assert costs == wanted
        assert shown.rows[-1] == ("",) * len(shown.columns)


def test_a_plan_from_example_figures_is_stamped_and_names_them(
    atlas: Atlas, sites: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first table is made of them, whatever the result rests on."""
    figures = commune_figures(atlas.known)
    made_up = tuple(replace(layer, example=True) for layer in figures.layers)
    real = replace(sites, provenance=replace(sites.provenance, example=False))
    plan = "reports.document.commune_plan"
    for layers, stamp in ((figures.layers, ""), (made_up, text("map.stamp", "en"))):
        given = replace(figures, layers=layers)
        monkeypatch.setattr(f"{plan}.commune_figures", lambda _, given=given: given)
        document = commune_plan(atlas, ["020701"], [real], "en")
        assert document.stamp == stamp
        (rests,) = tables(document.sections[-1])
        assert layers[0].title["en"] in [row[0] for row in rests.rows]


def test_reported_hectares_that_cannot_be_are_unknown(atlas: Atlas, sites: Result) -> None:
    """Twice the commune may be two seasons; more than that cannot be."""
    document = commune_plan(atlas, [AREA], [sites], "en")
    figures = commune_figures(atlas.known).table
    names = [name for name, _ in FIGURES]
    pages = [section for section in document.sections if section.alone]
    for code, page in zip(COMMUNES, pages, strict=True):
        values = [row[1] for row in tables(page)[0].rows][: len(names)]
        for name, shown in zip(names, values, strict=True):
            reported = figures.loc[code, name]
            crop = name in ("maize_ha", "cassava_ha", "rice_ha")
            possible = reported <= 2 * figures.loc[code, "area_ha"]
            told = number(reported, "en", None if name.endswith("_ha") else 0)
            assert shown == (told if possible or not crop else text("terms.unknown", "en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_takes_one_page(language: Language, atlas: Atlas, sites: Result) -> None:
    """The list and the first two sites."""
    document = field_sheet(atlas, [AREA], [sites], language)
    short = replace(document, sections=document.sections[:3])
    assert pages(report_of(short, ".pdf")) == 3


def test_a_site_and_a_commune_take_one_page_in_word_too(
    atlas: Atlas, sites: Result, field: Document, soffice: Path, tmp_path: Path
) -> None:
    """The first of each, as LibreOffice prints them; with a profile of its own."""
    plan = commune_plan(atlas, [AREA], [sites], "km")
    words = {tmp_path / "field.docx": field, tmp_path / "plan.docx": plan}
    for word, document in words.items():
        word.write_bytes(report_of(replace(document, sections=document.sections[:2]), ".docx"))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    asked = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, *words]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    assert [pages(word.with_suffix(".pdf").read_bytes()) for word in words] == [2, 2]


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_tables_to_write_in_are_ruled_and_high_enough_in_word(field: Document) -> None:
    page = replace(field.sections[1], blocks=tuple(tables(field.sections[1])))
    word = report_of(replace(field, sections=(page,)), ".docx")
    with zipfile.ZipFile(BytesIO(word)) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))  # noqa: S314
    twips = round(WRITE / 25.4 * 1440)
    for table in body.iter(f"{W}tbl"):
        borders = table.find(f"{W}tblPr/{W}tblBorders")
        assert borders is not None
        assert borders.find(f"{W}insideV") is not None
        for row in table.findall(f"{W}tr")[1:]:
            height = row.find(f"{W}trPr/{W}trHeight")
            assert height is not None
            assert abs(int(height.get(f"{W}val", "0")) - twips) <= 1
            assert height.get(f"{W}hRule") == "atLeast"
