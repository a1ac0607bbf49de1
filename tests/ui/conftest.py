"""Pages run by AppTest on a workspace of the test's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from layers import map as atlas
from layers.run import run
from layers.workspace import PROJECT, Workspace
from ui import running

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`alert(1)`",
    "</script><script>alert(1)</script>",
)
Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def static(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The static folder; where the map files are not installed, a copy with empty ones."""
    if (PROJECT / "static" / "leaflet" / "leaflet.js").is_file():
        return PROJECT / "static"
    copy = Path(shutil.copytree(PROJECT / "static", tmp_path_factory.mktemp("static") / "static"))
    (copy / "leaflet").mkdir(exist_ok=True)
    for name in ("leaflet.js", "leaflet.css"):
        (copy / "leaflet" / name).touch()
    return copy


@pytest.fixture(scope="session")
def read_only(prepared_workspace: Workspace) -> Iterator[Workspace]:
    """One workspace for all tests that only look."""
    yield prepared_workspace
    st.cache_resource.clear()


@pytest.fixture(scope="session", autouse=True)
def _components_are_looked_up_once() -> Iterator[None]:
    """Each AppTest asks every installed package for components; they stay the same meanwhile."""
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest,
    read_only: Workspace,
    static: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Open:
    """Opens a page with what its URL says; a test that writes asks for ``workspace`` too.

    What a page works out it works out on a coarse grid here: pages show it the same.
    """
    monkeypatch.setattr(running, "run", partial(run, resolution=500))
    monkeypatch.setattr(atlas, "STATIC", static)
    monkeypatch.chdir(PROJECT)
    if "workspace" not in request.fixturenames:
        monkeypatch.setenv("DEIMAP_WORKSPACE", str(read_only.root))

    def opened(page: str = "explore", **query: str) -> AppTest:
        test = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60)
        for name, value in query.items():
            test.query_params[name] = value
        if page != "explore":
            test.switch_page(f"ui/pages/{page}.py")
        return test.run()

    return opened


def map_arguments(test: AppTest) -> dict[str, Any]:
    """What the page hands to the map component."""
    (found,) = test.get("component_instance")
    arguments: dict[str, Any] = json.loads(found.proto.json_args)
    return arguments


def all_text(test: AppTest) -> str:
    """Every text and HTML of a page, one after the other."""
    kinds = ("html", "markdown", "caption", "subheader", "error", "button", "checkbox")
    return "\n".join(
        str(getattr(item, "label", "") or getattr(item.proto, "body", ""))
        for kind in kinds
        for item in test.get(kind)
    )


def hostile_plots(folder: Path) -> Path:
    """A file of plots whose references try to run as script."""
    squares = [
        shapely.box(102.80 + 0.01 * step, 12.85, 102.802 + 0.01 * step, 12.852)
        for step in range(len(HOSTILE))
    ]
    frame = gpd.GeoDataFrame(
        {"reference": HOSTILE, "commune": "020704", "track": "upland", "crop": "maize"},
        geometry=squares,
        crs="EPSG:4326",
    )
    path = folder / "hostile.geojson"
    frame.to_file(path, driver="GeoJSON")
    return path
