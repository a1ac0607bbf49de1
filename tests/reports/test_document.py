"""A report of an area: what it says, and that it becomes pages with their fonts and pictures."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest

from cli.reports import FORMS as COMMAND_FORMS
from gis.analysis import Result
from gis.errors import BadParameter, FileUnreadable
from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from reports.document.brief import brief
from reports.document.compose import compose
from reports.document.content import Chart, Column, Document, Figures, Map, Section, Table
from reports.document.file import report_of
from reports.document.forms import FORMS
from reports.document.template import template
from reports.document.word_styles import STYLES
from reports.figure.compose import Atlas
from reports.order import Order, looks_of

from .printed import pages, streams


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


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def written(document: Document) -> bytes:
    return report_of(document, ".docx")


def part(word: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(BytesIO(word)) as package:
        return ElementTree.fromstring(package.read(f"word/{name}.xml"))  # noqa: S314


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_style_that_the_template_sets_knows_khmer(language: Language) -> None:
    """Word takes font, size and weight of Khmer from the complex-script ones alone."""
    styles = {
        str(style.find(f"{W}name").get(f"{W}val")).casefold(): style  # type: ignore[union-attr]
        for style in part(template(language), "styles").iter(f"{W}style")
    }
    for name, look in STYLES.items():
        looks = styles[name.casefold()].find(f"{W}rPr")
        assert looks is not None
        assert looks.find(f"{W}rFonts").get(f"{W}cs")  # type: ignore[union-attr]
        for tag, value in {"szCs": f"{2 * look.points:g}", "bCs": f"{look.bold:d}"}.items():
            assert looks.find(f"{W}{tag}").get(f"{W}val") == value  # type: ignore[union-attr]
        assert looks.find(f"{W}lang").get(f"{W}bidi") == "km-KH"  # type: ignore[union-attr]


def test_a_word_file_says_all_that_the_content_says(document: Document, written: bytes) -> None:
    body = part(written, "document")
    said = "".join(body.itertext())
    assert "{{" not in said
    assert "{%" not in said
    for section in document.sections:
        assert section.title in said
        for block in section.blocks:
            if isinstance(block, Table):
                assert all(cell in said for row in block.rows for cell in row)
    alts = [node.get("descr") for node in body.iter() if node.tag.endswith("}docPr")]
    pictures = [block for one in document.sections for block in one.blocks]
    assert alts == [block.alt for block in pictures if isinstance(block, Map | Chart)]


def test_words_that_look_like_code_stay_words(document: Document) -> None:
    """In both: typst's ``#``, tags of the template, and the signs of XML."""
    hostile = "#panic() $x$ {{ 7*7 }} <b>&amp;"
    table = Table(hostile, (Column(hostile),), ((hostile,),))
    bare = replace(document, sections=(Section(hostile, (table,)),))
    said = "".join(part(report_of(bare, ".docx"), "document").itertext())
    assert said.count(hostile) == 5  # a heading stands among the contents too
    assert report_of(bare, ".pdf").startswith(b"%PDF-")


def test_a_template_of_an_officer_is_taken_and_a_damaged_one_refused(
    document: Document, tmp_path: Path
) -> None:
    bare = replace(document, sections=())
    changed = tmp_path / "changed.docx"
    word = docx.Document(BytesIO(template("km")))
    word.add_paragraph("{{ subtitle }} 1234")
    word.save(str(changed))
    said = "".join(part(report_of(bare, ".docx", changed), "document").itertext())
    assert f"{document.subtitle} 1234" in said
    changed.write_bytes(b"no Word file")
    with pytest.raises(FileUnreadable):
        report_of(bare, ".docx", changed)


@pytest.mark.parametrize(
    "tag",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.__init__.__globals__ }}",
        "{% for one in range(10 ** 9) %}{% endfor %}",
        "{{ sections.clear() }}",
        "{{ 1 / 0 }}",
        "{{ title + 1 }}",
    ],
)
def test_a_template_reaches_nothing_but_the_words(
    tag: str, document: Document, tmp_path: Path
) -> None:
    word, hostile = docx.Document(BytesIO(template("km"))), tmp_path / "hostile.docx"
    word.add_paragraph(tag)
    word.save(str(hostile))
    with pytest.raises(FileUnreadable, match="hostile"):
        report_of(replace(document, sections=()), ".docx", hostile)


def test_the_template_of_the_office_is_taken_where_none_is_given(tmp_path: Path) -> None:
    space, given = Workspace(tmp_path), tmp_path / "given.docx"
    order = Order("brief", ("0207",), ".docx", "km")
    assert looks_of(order, space) is None
    space.templates.mkdir()
    own = space.templates / "report_km.docx"
    own.write_bytes(template("km"))
    assert looks_of(order, space) == own
    assert looks_of(replace(order, looks=given), space) == given
    assert looks_of(replace(order, language="en"), space) is None
    assert looks_of(replace(order, ending=".pdf"), space) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_has_two_pages(atlas: Atlas, made: Result, language: Language) -> None:
    """The page tree of the file tells how many."""
    assert pages(report_of(brief(atlas, ["0207"], [made], language), ".pdf")) == 2


def test_the_command_knows_every_form() -> None:
    assert tuple(FORMS) == COMMAND_FORMS
