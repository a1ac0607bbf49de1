"""Make the pictures of the README: every page in both languages, on the embedded example.

Run ``make screenshots``; Chromium must be installed (``DEIMAP_CHROMIUM`` names another one).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent
PICTURES = PROJECT / "docs" / "pictures"
CHROMIUM = os.environ.get("DEIMAP_CHROMIUM") or "/usr/bin/chromium"
SIZE = {"width": 1366, "height": 768}
VIEWS = {
    "explore_en": "/?layer=poor_share_figures",
    "explore_km": "/?area=0207&lang=km&layer=poor_share_figures",
    "land_en": "/land?area=0207&selected=at%3A102.78%2C12.88",
    "land_km": "/land?lang=km&layer=status",
    "soil_en": "/land?area=0207&tab=soil&selected=area%3A020704",
    "coverage_en": "/coverage?area=0207",
    "coverage_km": "/coverage?lang=km&layer=travel_time",
    "sites_en": "/sites",
    "sites_km": "/sites?lang=km",
}
REPORTS = {
    "page_report_en": "/report?area=0207&lang=en",
    "page_report_km": "/report?area=0207&lang=km&tab=map",
}
NEW_BASE = (102.79, 12.79)
"""Where a base is tried out: longitude, latitude."""
COMMAND = (
    sys.executable,
    "-m",
    "streamlit",
    "run",
    str(PROJECT / "app.py"),
    "--server.headless=true",
)
MAP = ".st-key-map iframe"


@contextmanager
def app() -> Iterator[str]:
    """The app on a free port and a fresh workspace."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [*COMMAND, f"--server.port={port}"],
            cwd=PROJECT,
            env=os.environ | {"DEIMAP_WORKSPACE": f"{folder}/workspace"},
        )
        try:
            wait_for(f"{address}/_stcore/health")
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(address: str) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  this machine
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(address)


def run_analyses(browser: Browser, address: str) -> None:
    """Run each analysis once, so that its page opens on a result."""
    page = browser.new_page(viewport=SIZE)
    for area in ("", "?area=0207"):
        page.goto(f"{address}/land{area}")
        page.locator(".shares").wait_for(timeout=120_000)
        page.goto(f"{address}/coverage{area}")
        page.locator(".amounts").wait_for(timeout=120_000)
    page.goto(f"{address}/sites")
    page.get_by_role("button", name="Find sites").click(timeout=60_000)
    page.locator(".bars").wait_for(timeout=120_000)
    page.close()


def take(browser: Browser, address: str, name: str, path: str) -> None:
    page = browser.new_page(viewport=SIZE)
    page.goto(address + path)
    shoot(page, name)
    page.close()


def take_what_if(browser: Browser, address: str) -> None:
    """The page Coverage after somebody tried out a base: no address alone leads there."""
    page = browser.new_page(viewport=SIZE)
    page.goto(f"{address}/coverage?area=0207&tab=what-if")
    page.get_by_text("Click the map to add a base").wait_for(timeout=60_000)
    body = page.frame_locator(MAP).locator("body[data-drawn]")
    body.wait_for(state="attached", timeout=60_000)
    lon, lat = NEW_BASE
    find = f"() => {{ const p = map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }}"
    x, y = body.evaluate(find)
    page.frame_locator(MAP).locator("#map_div").click(position={"x": x, "y": y})
    page.get_by_text("New: Base").wait_for(timeout=60_000)
    page.get_by_role("button", name="Compare with now").click()
    page.wait_for_url("**layer=travel_time_change*", timeout=120_000)
    shoot(page, "coverage_what_if_en")
    page.close()


def take_report(browser: Browser, address: str, name: str, path: str) -> None:
    """The page Report: no map of the browser's, but the first page as it will be."""
    page = browser.new_page(viewport=SIZE)
    page.goto(address + path)
    page.locator(".st-key-preview img").first.wait_for(timeout=120_000)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


def shoot(page: Page, name: str) -> None:
    page.wait_for_selector(MAP, timeout=60_000)
    page.frame_locator(MAP).locator("body[data-drawn]").wait_for(state="attached", timeout=60_000)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(2500)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with app() as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        run_analyses(browser, address)
        for name, path in VIEWS.items():
            take(browser, address, name, path)
        for name, path in REPORTS.items():
            take_report(browser, address, name, path)
        take_what_if(browser, address)
        browser.close()


if __name__ == "__main__":
    main()
