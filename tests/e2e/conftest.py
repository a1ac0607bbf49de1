"""The app as a user meets it: a server of its own, headless Chromium, no internet asked."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import geopandas as gpd
import pytest
import shapely
from playwright.sync_api import Browser, Error, FrameLocator, Page, Request, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from layers.boundaries import gazetteer
from layers.workspace import PROJECT, Workspace
from registry.database import Database
from registry.intake import intake

HOSTILE = (
    "<img src=x onerror=window.top.ran=1>",
    "${window.top.ran=1}",
    "`${window.top.ran=1}`",
    "</script><script>window.top.ran=1</script>",
)
OWN_HOSTS = ("127.0.0.1", "localhost")
READY = ".st-key-map iframe"


@pytest.fixture(scope="session")
def browser(chromium: Path) -> Iterator[Browser]:
    """Chromium, where the map files are installed."""
    if not (PROJECT / "static" / "leaflet" / "leaflet.js").is_file():
        pytest.skip("map files are not installed: run `make app` once")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def server(
    prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The app on a free port, with plots whose references try to run as script."""
    folder = tmp_path_factory.mktemp("browser")
    space = Workspace(Path(shutil.copytree(prepared_workspace.root, folder / "workspace")))
    with Database.open(space.database_url) as database:
        intake(_hostile_plots(folder), "plots", database, gazetteer(space))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = [f"--server.port={port}", "--server.headless=true", "--server.fileWatcherType=none"]
    with (folder / "log.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py"), *options],
            cwd=PROJECT,
            env=os.environ | {"DEIMAP_WORKSPACE": str(space.root)},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for(f"{address}/_stcore/health", process)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=20)


def _hostile_plots(folder: Path) -> Path:
    boxes = [
        shapely.box(102.80 + 0.02 * step, 12.85, 102.802 + 0.02 * step, 12.852)
        for step in range(len(HOSTILE))
    ]
    table = {"reference": HOSTILE, "commune": "020704", "track": "upland", "crop": "maize"}
    path = folder / "plots.geojson"
    gpd.GeoDataFrame(table, geometry=boxes, crs="EPSG:4326").to_file(path, driver="GeoJSON")
    return path


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError(address)


class Visit:
    """One page view: the page, its map, every host it asked."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.asked: list[str] = []
        self.faults: list[str] = []
        page.on("request", self._asked)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _asked(self, request: Request) -> None:
        self.asked.append(request.url)

    @property
    def outside(self) -> list[str]:
        """Requests to other hosts than this machine."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme not in ("data", "blob")
            and urlsplit(url).hostname not in OWN_HOSTS
        ]

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(READY)

    def open(self, path: str) -> Visit:
        self.page.goto(self.address + path)
        self.drawn(1)
        return self

    def drawn(self, times: int) -> None:
        """Wait until the map has been drawn so often."""
        try:
            self.page.wait_for_selector(READY, timeout=90_000)
        except PlaywrightTimeout:
            said = self.page.locator("body").inner_text()
            raise AssertionError(f"no map; the page says: {said} {self.faults}") from None
        self.map.locator("body[data-drawn]").wait_for(state="attached", timeout=60_000)
        for _ in range(300):
            if int(self.map.locator("body").get_attribute("data-drawn") or 0) >= times:
                return
            self.page.wait_for_timeout(100)
        raise TimeoutError("the map was not drawn again")

    def inside(self, code: str) -> object:
        """The value of JavaScript inside the map."""
        return self.map.locator("body").evaluate(f"() => {{ {code} }}")

    def until(self, condition: str) -> None:
        """Wait until a condition in JavaScript holds inside the map.

        A page that is drawn anew replaces its map: each look asks for the one that is there.
        """
        for _ in range(120):
            with suppress(Error):
                frame = self.page.wait_for_selector(READY).content_frame()
                if frame and frame.evaluate(f"() => Boolean({condition})"):
                    return
            self.page.wait_for_timeout(500)
        raise AssertionError(condition)

    def click_at(self, lon: float, lat: float) -> None:
        """Click a place on the map."""
        x, y = self.inside(  # type: ignore[misc]
            f"const p = window.map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y];"
        )
        self.map.locator("#map_div").click(position={"x": x, "y": y})


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[[str], Visit]]:
    """Opens a path of the app at the size of a small laptop."""
    pages: list[Page] = []

    def opened(path: str) -> Visit:
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        pages.append(page)
        return Visit(page, server).open(path)

    yield opened
    for page in pages:
        page.close()
