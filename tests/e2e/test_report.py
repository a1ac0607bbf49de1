"""The page Report in a browser: how it will look, made in the background, taken along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from .conftest import OWN_HOSTS

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1366, "height": 768})
    opened.set_default_timeout(90_000)
    yield opened
    opened.close()


@pytest.mark.parametrize(("language", "make"), [("en", "Make it"), ("km", "បង្កើត")])
def test_a_map_is_seen_made_in_the_background_told_of_and_taken_along(
    page: Page, server: str, language: str, make: str
) -> None:
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{server}/report?area=0207&tab=map&lang={language}")
    picture = page.locator(".st-key-preview img")
    picture.wait_for()
    assert picture.evaluate("img => img.complete && img.naturalHeight > 1000")
    # as it is, not pulled out of shape
    assert picture.evaluate(
        "img => Math.abs(img.width / img.height - img.naturalWidth / img.naturalHeight) < 0.01"
    )
    button = page.get_by_role("button", name=make, exact=True)
    box = button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 768
    for part in ("panel", "last"):
        inside = page.locator(f".st-key-{part}")
        assert inside.evaluate("box => box.scrollWidth <= box.clientWidth + 1")
    made = page.locator(".st-key-last a.take")
    before = made.count()
    button.click()
    page.locator(".st-key-last [class*='st-key-stop-'] button").wait_for()
    page.wait_for_function(
        "before => document.querySelectorAll('.st-key-last a.take').length > before",
        arg=before,
    )
    with page.expect_download() as taken:
        made.first.click()
    # a result that another test left in the workspace is named too
    assert re.fullmatch(rf"deimap-map-(.+-)?0207-{language}\.pdf", taken.value.suggested_filename)
    with Path(taken.value.path()).open("rb") as file:
        assert file.read(5) == b"%PDF-"
    page.locator(".st-key-last [class*='st-key-remove-'] button").first.click()
    made.nth(before).wait_for(state="detached")
    assert not [url for url in asked if urlsplit(url).hostname not in (*OWN_HOSTS, None)]
    assert faults == []
