"""What only a browser can tell: the map is drawn, nothing is asked outside, nothing runs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Route

from .conftest import HOSTILE, Visit

pytestmark = pytest.mark.e2e
Open = Callable[[str], Visit]

PAINTED = """
[...document.querySelectorAll("canvas")].reduce((sum, box) => {
  const pen = box.getContext("2d");
  const cells = pen.getImageData(0, 0, box.width, box.height).data;
  for (let i = 3; i < cells.length; i += 400) sum += cells[i] > 0;
  return sum;
}, 0)
"""


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/?lang=km", "/land", "/land?lang=km"),
        *("/coverage", "/coverage?lang=km", "/sites", "/sites?lang=km"),
    ],
)
def test_the_map_is_drawn_without_any_outside_request(visit: Open, path: str) -> None:
    seen = visit(path)
    seen.until(f"{PAINTED} > 300")
    seen.map.locator(".deimap-name").nth(2).wait_for(state="attached", timeout=30_000)
    assert seen.outside == []
    assert seen.faults == []


def test_the_whole_area_is_shown_though_the_style_comes_late(browser: Browser, server: str) -> None:
    """Without its style a legend is as wide as the map, and leaves the area no room."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    held: list[Route] = []
    page.route("**/app/static/**/*.css", lambda route: held.append(route))
    seen = Visit(page, server).open("/?area=0207")
    assert held
    whole = "map.getBounds().contains(deimapAtlas.base.bounds)"
    near = "map.getZoom() > 9"
    for route in held:
        route.continue_()
    seen.until(f"{whole} && {near} && deimapAtlas.legend.box.offsetWidth < 300")
    page.close()


def test_khmer_is_drawn_with_our_font_and_shaped(visit: Open) -> None:
    seen = visit("/?area=0207&lang=km")
    loaded = seen.page.evaluate(
        "async () => { await document.fonts.ready;"
        " return document.fonts.check(\"16px 'Deimap Khmer'\", 'ត្រែង'); }"
    )
    assert loaded
    assert seen.inside(
        "return [...document.fonts].filter((face) => face.family.includes('Deimap Khmer')"
        " && face.status === 'loaded').length >= 2;"
    )
    # a shaped cluster takes less room than its signs one by one
    together, apart = seen.inside(
        "const pen = document.createElement('canvas').getContext('2d');"
        "pen.font = \"600 20px 'Deimap Khmer'\";"
        "const word = 'ស្តៅ';"
        "return [pen.measureText(word).width,"
        " [...word].reduce((sum, sign) => sum + pen.measureText(sign).width, 0)];"
    )  # type: ignore[misc]
    assert together < 0.8 * apart
    assert "ត្រែង" in seen.map.locator(".deimap-name").all_text_contents()


def test_a_click_reads_the_layers_and_keeps_the_view(visit: Open) -> None:
    seen = visit("/?area=0207")
    before = seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];")
    seen.click_at(102.78, 12.88)
    seen.page.get_by_text("ត្រែង · Traeng").wait_for(timeout=30_000)
    seen.page.get_by_text("112\N{NO-BREAK SPACE}m").wait_for()
    seen.drawn(2)
    assert (
        seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];") == before
    )
    seen.page.wait_for_url("**selected=at*")


def test_language_and_layer_change_under_an_unmoved_map(visit: Open) -> None:
    seen = visit("/?area=0207&layer=slope_figures")
    seen.inside("map.setZoom(map.getZoom() + 1, {animate: false}); return 1;")
    before = seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];")
    seen.page.locator(".st-key-language button").click()
    seen.page.get_by_text("ពណ៌លើផែនទី").wait_for(timeout=30_000)
    seen.drawn(2)
    seen.page.wait_for_url("**lang=km*")
    assert "ជម្រាល" in seen.map.locator(".deimap-legend").inner_text()
    assert (
        seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];") == before
    )


def test_back_returns_to_the_former_place(visit: Open) -> None:
    seen = visit("/?area=0207")
    seen.click_at(102.78, 12.88)
    seen.page.wait_for_url("**selected=at*12.8*", timeout=30_000)
    seen.click_at(102.79, 12.99)
    seen.page.wait_for_url("**selected=at*12.9*", timeout=30_000)
    seen.page.go_back()
    seen.page.get_by_text("ត្រែង · Traeng").wait_for(timeout=30_000)
    seen.page.go_back()
    seen.page.get_by_text("Colour by").wait_for(timeout=30_000)
    assert "selected" not in seen.page.url


def test_hostile_references_never_run(visit: Open) -> None:
    seen = visit("/?area=0207")
    plots = seen.inside(
        "return deimapAtlas.points.drawn.filter(({item}) => item.id.includes('ran=1'))"
        ".map(({item, x, y}) => [item.id, x, y]);"
    )
    assert {plot[0] for plot in plots} == set(HOSTILE)  # type: ignore[attr-defined]
    for times, (reference, x, y) in enumerate(plots, 2):  # type: ignore[call-overload, arg-type]
        seen.map.locator("#map_div").hover(position={"x": x, "y": y})
        assert seen.map.locator(".deimap-tip").text_content() == reference
        seen.map.locator("#map_div").click(position={"x": x, "y": y})
        seen.page.locator(".heading", has_text="ran=1").wait_for(timeout=30_000)
        seen.drawn(times)
        assert reference in (seen.page.locator(".heading").text_content() or "")
    field = seen.page.locator(".st-key-explore-search input")
    field.fill("ran=1")
    field.press("Enter")
    seen.page.locator(".st-key-hits button").first.wait_for(timeout=30_000)
    seen.page.wait_for_timeout(500)
    assert seen.page.evaluate("() => window.ran") is None
    assert seen.page.locator("img[src='x']").count() == 0
    assert seen.map.locator("img[src='x']").count() == 0


def test_sites_are_found_and_pinned(visit: Open) -> None:
    seen = visit("/sites?area=0207")
    seen.page.get_by_role("button", name="Find sites").click()
    seen.page.get_by_text("communes reach").wait_for(timeout=150_000)
    seen.page.locator(".bars").wait_for()
    seen.map.locator(".deimap-pins g").first.wait_for(state="attached", timeout=30_000)
    assert seen.map.locator(".deimap-picture").count() == 1
    assert any("/pictures/" in url for url in seen.asked)
    seen.page.locator(".pieces").wait_for()
    seen.page.get_by_role("radio", name="Not here").click()
    again = seen.page.get_by_role("button", name="Find sites again")
    again.wait_for(timeout=30_000)
    box = again.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768
    panel = seen.page.locator(".st-key-panel")
    assert panel.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    assert seen.outside == []
    assert seen.faults == []


def test_a_run_can_be_stopped_and_leaves_nothing(visit: Open) -> None:
    seen = visit("/sites?area=02,13")
    seen.page.get_by_role("button", name="Find sites").click()
    seen.page.locator(".st-key-stop button").click(timeout=30_000)
    seen.page.locator(".st-key-stop").wait_for(state="detached", timeout=60_000)
    seen.page.get_by_role("button", name="Find sites").wait_for()
    assert "result=" not in seen.page.url


def test_land_is_worked_out_at_the_first_visit_and_answers(visit: Open) -> None:
    seen = visit("/land?area=0207")
    seen.page.locator(".shares").wait_for(timeout=90_000)
    seen.map.locator(".deimap-picture").wait_for(state="attached", timeout=30_000)
    assert "Degraded" in seen.map.locator(".deimap-legend").inner_text()
    bars = seen.page.locator(".st-key-land-bars button")
    assert bars.count() == 5
    before = seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];")
    bars.filter(has_text="Traeng").click()
    seen.page.get_by_text("ត្រែង · Traeng").wait_for(timeout=30_000)
    seen.page.wait_for_url("**selected=area*020704*")
    assert seen.page.get_by_test_id("stVegaLiteChart").count() == 0
    seen.click_at(102.78, 12.88)
    seen.page.get_by_test_id("stVegaLiteChart").wait_for(timeout=30_000)
    seen.page.get_by_text("Trend 2008–2023").wait_for()
    assert (
        seen.inside("return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];") == before
    )
    primary = seen.page.get_by_role("button", name="Download tables").bounding_box()
    assert primary is not None
    assert primary["y"] + primary["height"] <= 768
    assert seen.outside == []
    assert seen.faults == []


def test_land_changes_language_without_asking_for_another_run(visit: Open) -> None:
    seen = visit("/land?area=0207&layer=status")
    seen.page.locator(".classes").wait_for(timeout=90_000)
    seen.page.locator(".st-key-language button").click()
    seen.page.get_by_text("ឱនភាពបន្តបន្ទាប់").first.wait_for(timeout=30_000)
    seen.page.get_by_role("radio", name="2004–2019").click()
    seen.page.wait_for_url("**layer=status_report_1*")
    assert seen.page.locator(".stale").count() == 0
    panel = seen.page.locator(".st-key-panel")
    assert panel.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    seen.page.go_back()
    seen.page.wait_for_url("**layer=status&**")


def test_the_first_visit_of_land_can_be_stopped(visit: Open) -> None:
    seen = visit("/land?area=02,13")
    seen.page.locator(".st-key-stop button").click(timeout=60_000)
    seen.page.locator(".st-key-stop").wait_for(state="detached", timeout=60_000)
    seen.page.get_by_role("button", name="Work out degradation").wait_for()
    assert "result=" not in seen.page.url


def test_coverage_is_worked_out_and_another_base_is_compared_with_now(visit: Open) -> None:
    seen = visit("/coverage?area=0207")
    seen.page.locator(".amounts").wait_for(timeout=120_000)
    seen.map.locator(".deimap-picture").wait_for(state="attached", timeout=30_000)
    assert "Travel time" in seen.map.locator(".deimap-legend").inner_text()
    primary = seen.page.get_by_role("button", name="Company sheet").bounding_box()
    assert primary is not None
    assert primary["y"] + primary["height"] <= 768
    seen.page.get_by_role("radio", name="What if").click()
    seen.page.get_by_text("Click the map to add a base").wait_for(timeout=30_000)
    view = "return [map.getZoom(), map.getCenter().lat, map.getCenter().lng];"
    before = seen.inside(view)
    seen.click_at(102.70, 12.80)  # no commune is known there
    seen.page.get_by_text("No commune is known there").wait_for(timeout=30_000)
    assert seen.page.locator(".st-key-changes").count() == 0
    seen.click_at(102.80, 12.78)
    seen.page.locator(".st-key-changes").get_by_text("New: Base").wait_for(timeout=30_000)
    assert "102.8" not in seen.page.url
    seen.page.get_by_role("button", name="Compare with now").click()
    seen.page.wait_for_url("**layer=travel_time_change*", timeout=120_000)
    seen.page.get_by_text("now ", exact=False).first.wait_for(timeout=30_000)
    seen.map.get_by_text("Travel time: difference").wait_for(timeout=30_000)
    assert seen.inside(view) == before
    seen.page.get_by_role("button", name="Start over").click()
    seen.page.wait_for_url("**layer=travel_time&**", timeout=30_000)
    assert seen.outside == []
    assert seen.faults == []


def test_coverage_fits_its_panel_in_khmer(visit: Open) -> None:
    seen = visit("/coverage?lang=km")
    seen.page.locator(".amounts").wait_for(timeout=120_000)
    panel = seen.page.locator(".st-key-panel")
    for tab in ("បច្ចុប្បន្ន", "បើសាកកែប្រែ"):
        seen.page.get_by_role("radio", name=tab).click()
        seen.page.wait_for_timeout(1500)
        assert panel.evaluate("box => box.scrollWidth <= box.clientWidth + 1")


def test_the_first_visit_of_coverage_can_be_stopped(visit: Open) -> None:
    seen = visit("/coverage?area=02,13")
    seen.page.locator(".st-key-stop button").click(timeout=60_000)
    seen.page.locator(".st-key-stop").wait_for(state="detached", timeout=60_000)
    seen.page.get_by_role("button", name="Work out coverage").wait_for()
    assert "result=" not in seen.page.url
