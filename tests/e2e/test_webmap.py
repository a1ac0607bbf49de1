"""The one-file web map as it lies on a USB stick: opened from disk, with no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gis.analysis import Result
from layers.spelling import folded
from layers.workspace import Workspace
from reports.figure.compose import Atlas
from reports.webmap.file import web_map

pytestmark = pytest.mark.e2e
LAPTOP, PHONE = (1366, 768), (390, 844)


@pytest.fixture(scope="module")
def atlas(prepared_workspace: Workspace) -> Atlas:
    return Atlas.of(prepared_workspace)


@pytest.fixture(scope="module")
def file(atlas: Atlas, hostile_result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("stick") / "map.html"
    path.write_bytes(web_map(hostile_result, "km", atlas=atlas))
    return path


class Opened:
    """The file in a browser without a network: what it asked for, what went wrong."""

    def __init__(self, page: Page, file: Path) -> None:
        self.page, self.asked, self.faults = page, [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text))
        page.goto(file.as_uri())
        page.wait_for_selector("body[data-drawn]")

    def click_at(self, lon: float, lat: float) -> None:
        x, y = self.page.evaluate(
            f"(() => {{ const p = deimapAtlas.map.latLngToContainerPoint([{lat}, {lon}]);"
            " return [p.x, p.y]; })()"
        )
        self.page.locator("#map").click(position={"x": x, "y": y})


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[[tuple[int, int]], Opened]]:
    """Opens the file at a size; nothing but the file was asked for, and nothing went wrong."""
    found: list[Opened] = []

    def on(size: tuple[int, int]) -> Opened:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        found.append(Opened(context.new_page(), file))
        return found[-1]

    yield on
    for one in found:
        outside = [url for url in one.asked if not url.startswith("data:")]
        assert (outside, one.faults) == ([file.as_uri()], [])
        assert one.page.evaluate("window.top.ran") is None
        one.page.context.close()


def test_the_file_speaks_both_languages_and_keeps_its_view(
    opened: Callable[[tuple[int, int]], Opened], hostile: tuple[str, ...]
) -> None:
    page = opened(LAPTOP).page
    assert page.locator("h1").inner_text() == "ទីតាំងពង្រីក"
    assert page.evaluate("document.fonts.check('16px \"Deimap Khmer\"', 'ក')")
    view = "[deimapAtlas.map.getZoom(), deimapAtlas.map.getCenter().lat]"
    before = page.evaluate(view)
    page.click("#language")
    assert page.locator("h1").inner_text() == "Expansion sites"
    assert page.evaluate(view) == before
    assert page.locator("#answer .sites button").count() == 2
    assert page.locator("#variable option").count() == 3
    page.locator("#answer .sites button").first.click()
    assert hostile[3] in page.locator("#answer").inner_text()
    page.hover("#map", position={"x": 500, "y": 400})


def test_a_click_tells_the_figures_of_a_commune_and_of_the_place(
    opened: Callable[[tuple[int, int]], Opened], atlas: Atlas
) -> None:
    stick = opened(LAPTOP)
    stick.page.click("#language")
    middle = atlas.places.communes.geometry["020703"].representative_point()
    stick.click_at(middle.x, middle.y)
    told = stick.page.locator("#answer").inner_text
    stick.page.get_by_text("Where you clicked:").wait_for()
    assert "S3 marginally suitable" in told()
    assert "020703" in told()
    assert "9.5" in told()
    stick.page.select_option("#variable", "2")
    assert stick.page.locator("dt.shown").inner_text() == "Need (0–100)"
    stick.click_at(103.05, 13.05)
    assert told() == "This place lies outside the area of the map."


def test_a_commune_is_found_in_both_scripts_on_a_phone(
    opened: Callable[[tuple[int, int]], Opened], atlas: Atlas
) -> None:
    page = opened(PHONE).page
    for words in ("ស្ដៅ", "sdau", "020701"):
        page.fill("#search", words)
        assert page.locator("#found button").count() == 1
        page.keyboard.press("Enter")
        assert "020701" in page.locator("#answer").inner_text()
    page.fill("#search", "zzz")
    assert page.locator("#found button").count() == 0
    width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]
    names = [*atlas.places.communes["name_en"], *atlas.places.communes["name_km"], "ឃុំ១២", "É-a"]
    spelt = [name for name in names if isinstance(name, str)]
    assert page.evaluate("names => names.map(deimap.folded)", spelt) == [
        folded(name) for name in spelt
    ]


def test_communes_stand_by_their_value_and_the_unknown_one_comes_last(
    opened: Callable[[tuple[int, int]], Opened],
) -> None:
    page = opened(LAPTOP).page
    page.click("#language")
    page.select_option("#variable", "1")
    values = page.locator("#answer .value").all_inner_texts()
    assert [value.replace("\u00a0", " ") for value in values] == [
        *("1,234 ha", "9.5 ha", "9.5 ha", "9.5 ha", "unknown")
    ]
