"""What every room's tests share: the real data sets, where they are at hand, and a workspace."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from gis.analysis import LayerUse, Note, Outcome, Provenance, Result
from gis.classes import CLASSES
from gis.grid import CRS, analysis_grid, raster
from layers.workspace import Workspace

PROJECT = Path(__file__).resolve().parent.parent
# a busy machine is no fault of the program: nothing here is held to a time
settings.register_profile("house", settings(), deadline=None)
settings.load_profile("house")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public data sets of Cambodia, kept apart from the project."""
    folder = Path(os.environ.get("DEIMAP_TEST_DATA") or PROJECT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder} (DEIMAP_TEST_DATA names another folder)")
    return folder


def _found(program: str | None, what: str) -> Path:
    """The path of a program that tests ask; without it CI fails and a desk skips."""
    if program is not None and Path(program).exists():
        return Path(program)
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium; ``DEIMAP_CHROMIUM`` names another one than Debian's."""
    named = os.environ.get("DEIMAP_CHROMIUM") or "/usr/bin/chromium"
    return _found(named, f"the browser {named}")


@pytest.fixture(scope="session")
def soffice() -> Path:
    """LibreOffice without a window (Debian: libreoffice-writer-nogui)."""
    return _found(shutil.which("soffice"), "LibreOffice")


@pytest.fixture(scope="session")
def qgis_python() -> Path:
    """A Python that knows QGIS: that of the system (Debian: python3-qgis), not of ``.venv``."""
    python = Path("/usr/bin/python3")
    asked = [python, "-c", "import qgis.core"]
    knows = (
        python.exists() and not subprocess.run(asked, capture_output=True, check=False).returncode
    )
    return _found(str(python) if knows else None, "QGIS for the system's Python")


@pytest.fixture(scope="session", autouse=True)
def _nobodys_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the workspace of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEIMAP_WORKSPACE", str(tmp_path_factory.mktemp("nobody") / "workspace"))
        patch.delenv("DEIMAP_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def prepared_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace as first use leaves it, made once in each test process; not to be written."""
    from layers.prepare import prepare

    made = Workspace(tmp_path_factory.mktemp("prepared") / "workspace")
    prepare(made)
    return made


@pytest.fixture
def workspace(
    land_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Workspace:
    """A prepared workspace of the test's own; ``DEIMAP_WORKSPACE`` names it.

    Its example land is that of the process: made once, as most analyses read it.
    """
    made = shutil.copytree(land_workspace.root, tmp_path / "workspace", copy_function=_copied)
    own = Workspace(Path(made))
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(own.root))
    return own


def _copied(source: str, target: str) -> str:
    """Rasters that a test only reads stand there a second time, without their megabytes."""
    if Path(source).suffix == ".tif":
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


@pytest.fixture(scope="session")
def land_workspace(prepared_workspace: Workspace) -> Workspace:
    """The prepared workspace whose example land is made already; not to be written.

    It is a folder of its own: some tests ask what first use leaves, and whether land is made.
    """
    from layers.catalogue import catalogue
    from layers.generated import file_of

    made = prepared_workspace.root.with_name("land")
    own = Workspace(Path(shutil.copytree(prepared_workspace.root, made)))
    file_of(catalogue(own).layer("land_cover_example"))
    return own


HOSTILE = (
    "<img src=x onerror=window.top.ran=1>",
    "${window.top.ran=1}",
    "`${window.top.ran=1}`",
    "</script><script>window.top.ran=1</script>",
)
"""Texts that run as script where a map or page takes them for markup or a template."""


@pytest.fixture(scope="session")
def hostile() -> tuple[str, ...]:
    return HOSTILE


@pytest.fixture(scope="session")
def hostile_result(prepared_workspace: Workspace) -> Result:
    """Sites of a real district: all numbers made up here, and every text tries to run as script.

    West of the middle cells are S3, east of it S1; of the second commune no hectares are known.
    """
    from layers.boundaries import gazetteer

    own = gazetteer(prepared_workspace).communes_of(("0207",)).to_crs(CRS)
    grid = analysis_grid(own, 1000.0)
    cells = np.ones(grid.shape, dtype=np.int16)
    cells[:, : grid.shape[1] // 2] = 3
    classes = {code: f"criteria.class_{name.lower()}" for code, name in enumerate(CLASSES, 1)}
    words = dict(zip(("name_en", "name_km", "reason_km", "reason_en"), HOSTILE, strict=True))
    hectares = [1234.5, np.nan, *[9.5] * (len(own) - 2)]
    communes = pd.DataFrame(
        {**words, "district": "0207", "group": "firm", "hectares": hectares, "need": 0.25},
        index=pd.Index(own.index, name="code"),
    )
    sites = communes.iloc[:2].assign(rank=[1, 2], village_en=HOSTILE[3], village_km="")
    points = own.geometry.loc[sites.index].representative_point()
    features = {"sites": gpd.GeoDataFrame(sites.reset_index(), geometry=list(points), crs=CRS)}
    rasters = {
        "suitability_class": raster(cells, grid, "suitability_class", "class", classes=classes)
    }
    notes = (Note("sources.grid_finer", (("cell", 90.0), ("finest", 455))),)
    use = LayerUse(
        *("land_cover", "land_cover", (("en", HOSTILE[0]), ("km", HOSTILE[1]))),
        *(HOSTILE[3], "CC BY 4.0", "2026-1", 2023, "ab" * 32, True, 250.0),
    )
    made = Provenance(
        *("sites", ("0207",), {"track": "upland", "tracks": []}, (use,)),
        *("deimap 0", "2026-11-22T05:28:05+00:00", CRS, 1000.0, True),
    )
    outcome = Outcome(rasters, {"communes": communes, "sites": sites}, features, {}, notes)
    return Result(outcome, made, grid)
