"""Pages of documents: a brief has two in both languages and both formats, Word's are LibreOffice's.

The fullest brief that there can be: key figures of four results, three sites with long reasons.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.shared import RGBColor

from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from reports.document import sheet
from reports.document.brief import FIGURES, SITES, brief
from reports.document.content import Column, Document, Figures, Map, Section, Table, Words
from reports.document.field_sheet import field_sheet
from reports.document.file import report_of
from reports.document.picture import lies_across
from reports.document.template import template
from reports.figure.compose import Atlas

from .printed import pages, streams

LONG = {
    "en": "Adds 4,166 ha within 5 km that no early adopter within 2 km reaches yet. 63 % of this "
    "land lies in other communes: Traeng, Sdau. By the weights a hectare here counts 42 of 100, "
    "on average 32. What sets it apart most is Service (69 of 100, on average 39). It has fewest "
    "points for: Travel time of machines (Service).",
    "km": "បន្ថែមដីចម្ការ 4,166 ហិកតា ក្នុងចម្ងាយ 5 km ដែលមិនទាន់មានអ្នកអនុវត្តដំបូងក្នុងចម្ងាយ 2 km។ "
    "63 % នៃដីនេះស្ថិតក្នុងឃុំផ្សេង៖ ត្រែង, ស្ដៅ។ តាមទម្ងន់ដែលបានកំណត់ ដីមួយហិកតានៅទីនេះបាន 42 ពិន្ទុ "
    "លើ 100 (មធ្យមភាគ 32)។ អ្វីដែលលេចធ្លោជាងគេ លទ្ធភាពទទួលសេវា (69 លើ 100 ជាមធ្យម 39)។ "
    "ពិន្ទុទាបជាងគេ៖ រយៈពេលធ្វើដំណើររបស់គ្រឿងយន្ត (លទ្ធភាពទទួលសេវា)។",
}
RED = RGBColor(0xB0, 0x00, 0x20)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A logo of one transparent point."""


@pytest.fixture(scope="module")
def briefs(prepared_workspace: Workspace) -> dict[Language, Document]:
    made = run("suitability", "0207", resolution=1000, workspace=prepared_workspace)
    atlas = Atlas.of(prepared_workspace)
    return {one: full(brief(atlas, ["0207"], [made], one), one) for one in LANGUAGES}


def full(document: Document, language: Language) -> Document:
    """The brief as it is with four results and as many sites as it holds."""
    words = text("coverage_page.demand_requested", language)
    figures = Figures(((words, "12,345"),) * FIGURES)
    asked = Words(text("document.anonymous", language), small=True)
    title = text("workbook.analysis_coverage", language)
    # what was asked stands with coverage, and with new bases
    blocks = ((asked, figures), (figures,), (asked, figures), (figures,))
    parts = [Section(title, own) for own in blocks]
    columns = (Column("1", True, 0.5), Column("2", width=1.7), Column("3", True, 1.1))
    row = ("1", "Ou Dambang Muoy (Ou Dambang Muoy)", "4,166", LONG[language])
    table = Table(words, (*columns, Column("4", width=6.0)), (row,) * SITES)
    mapped = next(one for one in document.sections if isinstance(one.blocks[0], Map))
    first = Section(text("document.first_sites", language), (table, asked))
    return replace(document, sections=(*parts, first, mapped))


def printed(soffice: Path, folder: Path, *words: Path) -> list[bytes]:
    """Word files as LibreOffice prints them; with a profile of its own, as tests run at once."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    asked = [soffice, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *words]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    return [(folder / word.with_suffix(".pdf").name).read_bytes() for word in words]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_brief_has_two_pages(
    briefs: dict[Language, Document], language: Language
) -> None:
    assert pages(report_of(briefs[language], ".pdf")) == 2


def test_word_files_are_printed_with_khmer_and_as_many_pages(
    briefs: dict[Language, Document], soffice: Path, tmp_path: Path
) -> None:
    words = [tmp_path / f"{one}.docx" for one in LANGUAGES]
    for language, word in zip(LANGUAGES, words, strict=True):
        word.write_bytes(report_of(briefs[language], ".docx"))
    for made in printed(soffice, tmp_path, *words):
        assert pages(made) == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_site_with_the_longest_reasons_keeps_to_its_page(
    prepared_workspace: Workspace, language: Language
) -> None:
    made = run("sites", "0207", {"samples": 0}, resolution=1000, workspace=prepared_workspace)
    said = {f"{name}_{language}": LONG[language] for name in ("reason", "against")}
    sites = made.outcome.tables["sites"].iloc[:2].assign(**said)
    outcome = replace(made.outcome, tables={**made.outcome.tables, "sites": sites})
    atlas = Atlas.of(prepared_workspace)
    sheets = field_sheet(atlas, ["0207"], [replace(made, outcome=outcome)], language)
    # without the section of the layers that it rests on
    sheets = replace(sheets, sections=sheets.sections[: 1 + len(sites)])
    assert pages(report_of(sheets, ".pdf")) == 1 + len(sites)


def lying(document: Document, across: bool = True) -> Document:
    """The document with its maps on pages that lie across."""
    sections = [
        replace(
            section,
            blocks=tuple(
                replace(block, across=across) if isinstance(block, Map) else block
                for block in section.blocks
            ),
        )
        for section in document.sections
    ]
    return replace(document, sections=tuple(sections))


def test_a_wide_map_lies_across_and_no_empty_page_follows(
    briefs: dict[Language, Document], soffice: Path, tmp_path: Path
) -> None:
    """Millimetres of the pages as both formats have them; words after it stand upright again."""
    across = lying(briefs["en"])
    after = replace(across, sections=(*across.sections, Section("", (Words("After."),))))
    words = {tmp_path / "across.docx": across, tmp_path / "after.docx": after}
    for word, document in words.items():
        word.write_bytes(report_of(document, ".docx"))
    upright, wide = (210, 297), (297, 210)
    wanted = ([upright, wide], [upright, upright, wide])
    for made, sizes in zip(printed(soffice, tmp_path, *words), wanted, strict=True):
        assert sizes_of(made) == sizes
    for document, sizes in zip(words.values(), wanted, strict=True):
        assert sizes_of(report_of(document, ".pdf")) == sizes


def sizes_of(pdf: bytes) -> list[tuple[int, int]]:
    """Width and height of all pages in millimetres, in the order of their sizes."""
    found = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf + b"".join(streams(pdf)))
    points = [tuple(round(float(side) / 72 * 25.4) for side in one) for one in found]
    # that of all pages together is no page
    return sorted((width, height) for width, height in points if width != height)


@pytest.mark.parametrize("large", [True, False])
def test_the_map_of_a_large_area_leaves_the_words_of_a_form(
    briefs: dict[Language, Document], large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "LARGE_M", 0.0 if large else 1e9)
    drawn = next(b for one in briefs["en"].sections for b in one.blocks if isinstance(b, Map))
    found = sheet.fitted(replace(drawn, height=100.0, across=False))
    assert (found.height is None) == large
    assert found.across == (large and lies_across(drawn.content))


def test_an_officer_changes_a_colour_and_adds_a_logo(
    briefs: dict[Language, Document], tmp_path: Path
) -> None:
    """The template is given back as Word saves it; the report has its looks."""
    changed, logo = tmp_path / "changed.docx", BytesIO(PNG)
    word = docx.Document(BytesIO(template("en")))
    word.styles["Heading 1"].font.color.rgb = RED
    word.sections[0].header.paragraphs[0].add_run().add_picture(logo)
    word.save(str(changed))
    bare = replace(briefs["en"], sections=(Section("A heading", ()),), cover=True)
    made = report_of(bare, ".docx", changed)
    read = docx.Document(BytesIO(made))
    (heading,) = (one for one in read.paragraphs if one.style.name == "Heading 1")
    assert (heading.text, heading.style.font.color.rgb) == ("A heading", RED)
    with zipfile.ZipFile(BytesIO(made)) as package:
        assert any(name.startswith("word/media/") for name in package.namelist())


def test_a_table_of_five_hundred_rows_runs_over_pages_under_its_head() -> None:
    rows = tuple((str(row), "Why.") for row in range(500))
    table = Table("Sites", (Column("No.", True, 0.3), Column("Reason", width=5.0)), rows)
    document = Document("en", "T", "S", "M", (Section("Sites", (table,)),), cover=False)
    assert pages(report_of(document, ".pdf")) > 8
    with zipfile.ZipFile(BytesIO(report_of(document, ".docx"))) as package:
        body = package.read("word/document.xml").decode()
    assert body.count("<w:tr>") + body.count("<w:tr ") == 501
    assert body.count("w:tblHeader") == 1


def test_captions_are_counted_by_word_and_contents_are_a_field(
    briefs: dict[Language, Document],
) -> None:
    whole = replace(briefs["en"], cover=True)
    with zipfile.ZipFile(BytesIO(report_of(whole, ".docx"))) as package:
        body = package.read("word/document.xml").decode()
    assert body.count("SEQ Table") == 1
    assert body.count("SEQ Figure") == 1
    assert "TOC \\o" in body
    kinds = re.findall(r'w:fldCharType="(\w+)"', body)
    assert kinds == ["begin", "separate", "end"]


def test_the_contents_find_the_page_of_each_heading(briefs: dict[Language, Document]) -> None:
    """By its bookmark; Word counts when the file is opened. A brief has no contents to count."""
    whole = replace(briefs["en"], cover=True)
    headings = sum(bool(section.title) for section in whole.sections)
    for document, counted in ((whole, True), (briefs["en"], False)):
        with zipfile.ZipFile(BytesIO(report_of(document, ".docx"))) as package:
            body = package.read("word/document.xml").decode()
            settings = package.read("word/settings.xml").decode()
        asked = re.findall(r'PAGEREF (\w+) \\h"', body)
        marked = re.findall(r'bookmarkStart w:id="(\d+)" w:name="(\w+)"', body)
        assert len(marked) == len(set(marked)) == headings
        assert asked == ([name for _, name in marked] if counted else [])
        assert ("w:updateFields" in settings) == counted


def test_of_many_areas_the_head_of_a_page_is_the_title(briefs: dict[Language, Document]) -> None:
    """A line, however many areas a report is of."""
    document = briefs["en"]
    assert document.head == f"{document.title} · {document.subtitle}"
    assert replace(document, subtitle="district, " * 20).head == document.title
