"""A web map in one file: the surfaces of the printed map, nothing asked, no text that can run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gis.analysis import Result
from gis.errors import BadParameter
from layers.drawing import PictureSurface, UnitSurface
from layers.workspace import PROJECT, Workspace
from layers.write import write_result
from locales import LANGUAGES, Language
from reports.figure.compose import Atlas
from reports.figure.surfaces import surface_of_result
from reports.order import MAP, WEB, Order, endings, make
from reports.package import export
from reports.webmap.compose import CROWD, compose
from reports.webmap.content import WebMap
from reports.webmap.page import page
from reports.webmap.surfaces import variables
from reports.webmap.told import communes, headings_of, value

NBSP = "\u00a0"

pytestmark = pytest.mark.skipif(
    not (PROJECT / "static" / "leaflet" / "leaflet.js").is_file(),
    reason="map files are not installed: run `make app` once",
)


@pytest.fixture(scope="module")
def made(atlas: Atlas, hostile_result: Result) -> WebMap:
    return compose(atlas, hostile_result, "km")


@pytest.fixture(scope="module")
def read(made: WebMap) -> Read:
    return Read(page(made).decode())


class Read(HTMLParser):
    """A file as a browser parses it: its elements, and the text of scripts and styles."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inner: list[tuple[str, str]] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and data.strip():
            self.inner.append((self.tags[-1][0], data))

    def of(self, tag: str) -> list[str]:
        return [data for name, data in self.inner if name == tag]

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.of("script")[0])
        return found


def test_every_variable_is_a_choice_that_of_the_printed_map_first(
    made: WebMap, hostile_result: Result
) -> None:
    assert [choice.key for choice in made.choices] == ["suitability_class", "hectares", "need"]
    assert [choice.by_cell for choice in made.choices] == [True, False, False]
    assert variables(hostile_result, "need")[0] == ("need", False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_surface_has_the_title_legend_and_colours_of_the_printed_map(
    made: WebMap, hostile_result: Result, atlas: Atlas, language: Language
) -> None:
    own = atlas.places.communes_of(("0207",))
    for choice in made.choices:
        printed = surface_of_result(hostile_result, choice.key, own, language)
        drawing = choice.drawings[language]
        assert drawing.legend[-1] == printed.legend
        assert choice.names[language] == printed.title
        if isinstance(drawing.surface, UnitSurface):
            assert set(drawing.surface.colours.values()) <= set(printed.field.colours)


def test_a_commune_of_which_nothing_is_known_has_a_hatch_and_no_colour(made: WebMap) -> None:
    drawing = made.choices[1].drawings["en"]
    assert isinstance(drawing.surface, UnitSurface)
    assert drawing.surface.unknown == ("020702",)
    assert "020702" not in drawing.surface.colours
    assert len(drawing.surface.colours) == 4
    assert drawing.hatch


def test_cells_are_a_picture_inside_the_file(made: WebMap) -> None:
    surface = made.choices[0].drawings["en"].surface
    assert isinstance(surface, PictureSurface)
    kind, content = surface.url.split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(content).startswith(b"\x89PNG")


def test_values_have_units_and_what_is_not_known_says_so(made: WebMap) -> None:
    first, second = made.communes["020701"], made.communes["020702"]
    assert first.figures["en"] == (f"1,234{NBSP}ha", "25", "Firm")
    assert first.figures["km"][0] == f"1,234{NBSP}ហិកតា"
    assert second.figures["en"][0] == "unknown"
    assert [words for _, words in made.spoken["en"].headings] == [
        "Hectares",
        "Need (0–100)",
        "Data",
    ]


def test_a_ratio_stays_one_and_a_share_is_told_in_percent(hostile_result: Result) -> None:
    told = {
        name: value(name, 0.575, "communes", hostile_result, "en")
        for name in ("supply_demand_ratio", "need", "share_60", "median_minutes")
    }
    assert told == {
        "supply_demand_ratio": "0.57",
        "need": "57",
        "share_60": f"57{NBSP}%",
        "median_minutes": f"1{NBSP}min",
    }
    assert headings_of(("median_minutes",), "communes", "en") == (
        ("median_minutes", "Median travel time"),
    )


def test_what_only_the_house_knows_is_withheld_not_unknown(hostile_result: Result) -> None:
    table = hostile_result.outcome.tables["communes"].assign(hectares=np.nan)
    outcome = replace(hostile_result.outcome, tables={"communes": table})
    public = replace(hostile_result, outcome=outcome)
    districts = table.iloc[:0]
    told = communes(hostile_result, public, ("020701", "020702"), districts)
    assert [told[code].figures["en"][0] for code in told] == ["withheld", "unknown"]


def test_no_text_becomes_markup_and_every_text_arrives(
    read: Read, hostile: tuple[str, ...]
) -> None:
    names = [tag for tag, _ in read.tags]
    assert names.count("script") == 2
    assert "img" not in names
    site = read.data["sites"]["020701"][0]
    assert site["commune"]["en"] == hostile[0]
    assert site["commune"]["km"] == hostile[1]
    assert site["sentences"]["en"] == [hostile[3]]
    assert read.data["communes"]["020701"]["remark"]["km"] == hostile[2]
    assert read.data["spoken"]["en"]["sources"][1][2] == hostile[3]


def test_the_file_has_no_address_but_those_that_hold_their_content(read: Read) -> None:
    for _, attributes in read.tags:
        assert not {"src", "srcset", "action", "data"} & set(attributes)
        assert (attributes.get("href") or "data:").startswith("data:")
    found = re.findall(r"url\(([^)]*)", "".join(read.of("style")))
    assert all(address.startswith(("data:", "#")) for address in found)
    assert len(found) > 4
    assert "sourceMappingURL" not in read.of("script")[1]


def test_the_policy_allows_one_script_by_its_checksum_and_no_other_place(read: Read) -> None:
    policies = [
        attributes["content"]
        for tag, attributes in read.tags
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in str(policies[0]).split("; "))
    checksum = base64.b64encode(hashlib.sha256(read.of("script")[1].encode()).digest()).decode()
    assert rules["script-src"] == f"'sha256-{checksum}'"
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == rules["font-src"] == "data:"


def test_what_several_surfaces_show_stands_once(read: Read) -> None:
    parts = [json.dumps(part, sort_keys=True) for part in read.data["parts"]]
    used = {
        part
        for choice in read.data["choices"]
        for drawing in choice["drawings"].values()
        for part in drawing.values()
    }
    assert used == set(range(len(parts)))
    pictures = [part for part in parts if '"kind": "image"' in part]
    assert len(pictures) == 1


def test_both_languages_and_all_provenance_are_in_the_file(read: Read) -> None:
    spoken = read.data["spoken"]
    assert read.data["language"] == "km"
    assert spoken["en"]["title"] == "Expansion sites"
    assert spoken["km"]["subtitle"] == "ស្រុករតនមណ្ឌល, ខេត្តបាត់ដំបង"
    facts = dict(spoken["en"]["facts"])
    assert facts["Software"] == "deimap 0"
    assert facts["Grid"] == "1000 m, EPSG:32648"
    assert spoken["en"]["sources"][1][3] == "CC BY 4.0"
    assert spoken["en"]["inputs"] == "Years of the data: 2023"
    assert read.data["example"] is True
    assert all("opyright" in licence for licence in read.data["licences"])


def test_an_example_is_stamped_across_the_map(made: WebMap) -> None:
    for choice in made.choices:
        assert choice.drawings["en"].stamp == "Example: not for decisions"
        assert choice.drawings["en"].chips == ("Example data",)


def test_pins_bear_rank_and_name_and_a_part_of_the_area_only_its_own(
    made: WebMap, atlas: Atlas, hostile_result: Result, hostile: tuple[str, ...]
) -> None:
    pins = made.choices[0].drawings["en"].pins
    assert [pin.title for pin in pins] == [f"2 · {hostile[0]}", f"1 · {hostile[0]}"]
    part = compose(atlas, hostile_result, "en", ["020701"], "need")
    assert [pin.number for pin in part.choices[0].drawings["en"].pins] == ["1"]
    assert set(part.communes) == {"020701"}
    assert set(part.sites) == {"020701"}
    assert part.choices[0].key == "need"


def test_an_area_that_the_result_does_not_cover_is_refused(
    atlas: Atlas, hostile_result: Result
) -> None:
    with pytest.raises(BadParameter):
        compose(atlas, hostile_result, "en", ["1308"])


def test_a_result_without_any_site_has_no_pins_and_no_word_of_them(
    atlas: Atlas, hostile_result: Result
) -> None:
    outcome = hostile_result.outcome
    tables = {name: table.iloc[:0] if name == "sites" else table
              for name, table in outcome.tables.items()}  # fmt: skip
    empty = {"sites": outcome.features["sites"].iloc[:0]}
    bare = replace(hostile_result, outcome=replace(outcome, tables=tables, features=empty))
    found = compose(atlas, bare, "en")
    drawing = found.choices[0].drawings["en"]
    assert (drawing.pins, dict(found.sites)) == ((), {})
    assert "site-proposed" not in {item.sign for group in drawing.legend for item in group.items}


def test_export_writes_the_file(
    hostile_result: Result,
    prepared_workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(prepared_workspace.root))
    write_result(hostile_result, tmp_path / "result")
    export(tmp_path / "result", tmp_path / "map.html", "en")
    content = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert content.startswith('<!doctype html>\n<html lang="en">')
    assert Read(content).data["language"] == "en"


def test_a_map_ordered_as_html_is_this_file_and_needs_a_result(
    hostile_result: Result, prepared_workspace: Workspace, tmp_path: Path
) -> None:
    write_result(hostile_result, tmp_path / "result")
    order = Order(MAP, ("020701",), WEB, "en", results=(tmp_path / "result",), variable="need")
    data = Read(make(order, prepared_workspace).content.decode()).data
    assert (list(data["communes"]), data["choices"][0]["key"]) == (["020701"], "need")
    with pytest.raises(BadParameter):
        make(replace(order, results=(), variable=None), prepared_workspace)
    assert WEB in endings(MAP)


def test_more_pins_than_have_room_say_that_some_are_dots(
    atlas: Atlas, hostile_result: Result
) -> None:
    outcome = hostile_result.outcome
    ranks = list(range(1, CROWD + 2))
    sites = outcome.tables["sites"].iloc[[0] * len(ranks)].assign(rank=ranks)
    points = outcome.features["sites"].iloc[[0] * len(ranks)].assign(rank=ranks)
    crowd = replace(
        outcome,
        tables={**outcome.tables, "sites": sites},
        features={"sites": points.reset_index(drop=True)},
    )
    for outcome, there in ((crowd, True), (hostile_result.outcome, False)):
        found = compose(atlas, replace(hostile_result, outcome=outcome), "en")
        legend = found.choices[0].drawings["en"].legend
        assert any(item.sign == "dot-site" for group in legend for item in group.items) is there
