"""The walls stand: imports point down, each room keeps to its tools, a breach is noticed."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sysconfig.get_path("scripts"))
ROOMS = ("cli", "ui", "reports", "layers", "registry", "gis", "locales")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [SCRIPTS / "lint-imports", "--no-cache", "--no-logo"]
    encoding = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", env=encoding, check=False
    )


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """The rooms without what is in them."""
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    for room in (*ROOMS, "registry/intake", "ui/pages"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    return tmp_path


def test_imports_keep_the_contracts() -> None:
    found = lint_imports(PROJECT)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("layers/map.py", "import folium"),
        ("layers/write.py", "import rasterio, pyogrio, pathlib, registry, gis, locales"),
        ("registry/database.py", "import sqlalchemy, sqlite3, gis"),
        ("ui/pages/explore.py", "import streamlit, reports, layers, registry, gis, locales"),
        ("cli/main.py", "import reports, layers, registry, gis, locales"),
    ],
)
def test_imports_that_point_down_pass(empty_house: Path, module: str, line: str) -> None:
    (empty_house / module).write_text(line + "\n", encoding="utf-8")
    found = lint_imports(empty_house)
    assert found.returncode == 0, found.stdout + found.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("gis/overlay.py", "import registry"),
        ("gis/overlay.py", "import layers.write"),
        ("gis/overlay.py", "from locales import text"),
        ("gis/overlay.py", "import rasterio"),
        ("gis/overlay.py", "from pathlib import Path"),
        ("registry/intake/plots.py", "import layers"),
        ("registry/intake/plots.py", "import locales"),
        ("layers/run.py", "import ui"),
        ("layers/run.py", "import reports"),
        ("layers/run.py", "import streamlit"),
        ("layers/run.py", "import folium"),
        ("layers/run.py", "import sqlalchemy"),
        ("layers/map.py", "import streamlit_folium"),
        ("reports/atlas.py", "import cli"),
        ("reports/atlas.py", "def draw():\n    import sqlite3"),
        ("ui/pages/explore.py", "import cli"),
        ("ui/pages/explore.py", "import folium"),
        ("cli/main.py", "import ui"),
        ("cli/main.py", "import psycopg"),
        ("locales/__init__.py", "import gis"),
    ],
)
def test_an_import_against_the_direction_is_noticed(
    empty_house: Path, module: str, line: str
) -> None:
    (empty_house / "layers/write.py").touch()
    (empty_house / module).write_text(line + "\n", encoding="utf-8")
    found = lint_imports(empty_house)
    assert found.returncode == 1, found.stdout + found.stderr
    assert " BROKEN" in found.stdout


STREAMLIT, FOLIUM, DATABASE, READING = (
    "import streamlit\n",
    "import folium\n",
    "from sqlalchemy import select\n",
    "from pandas import read_csv\n",
)


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("app.py", {STREAMLIT, FOLIUM, DATABASE, READING}),
        ("cli/any.py", set()),
        ("ui/any.py", {STREAMLIT}),
        ("ui/pages/any.py", {STREAMLIT}),
        ("reports/any.py", set()),
        ("layers/any.py", {READING}),
        ("layers/map.py", {STREAMLIT, FOLIUM, DATABASE, READING}),
        ("registry/any.py", {DATABASE}),
        ("registry/intake/any.py", {DATABASE, READING}),
        ("gis/any.py", set()),
        ("gis/analyses/any.py", set()),
        ("locales/any.py", set()),
    ],
)
def test_ruff_bans_what_a_room_may_not_touch(module: str, allowed: set[str]) -> None:
    """``app.py`` and ``layers/map.py`` are free here: import contracts and this file hold them."""
    passed = {
        source for source in (STREAMLIT, FOLIUM, DATABASE, READING) if ruff_passes(source, module)
    }
    assert passed == allowed


def ruff_passes(source: str, module: str) -> bool:
    command = [SCRIPTS / "ruff", "check", "--quiet", "--no-cache", "--select", "TID251"]
    found = subprocess.run(
        [*command, "--stdin-filename", module, "-"],
        cwd=PROJECT,
        input=source,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode in (0, 1), found.stderr
    return found.returncode == 0


def imported(path: Path) -> set[str]:
    """The packages that a file imports anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_the_web_door_imports_only_its_own_side() -> None:
    ours = imported(PROJECT / "app.py") - set(sys.stdlib_module_names)
    assert ours <= {"streamlit", "starlette", "ui", "layers", "locales"}


def calls(path: Path) -> set[str]:
    """Names called in a file, ``x`` for ``x()`` and ``.x`` for ``a.x()``."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Name(id=name):
                    found.add(name)
                case ast.Attribute(attr=name):
                    found.add("." + name)
    return found


READS = {"open", ".open", ".read_text", ".read_bytes", ".glob", ".iterdir"}
WRITES = {".write_text", ".write_bytes", ".to_file", ".to_parquet", ".to_excel", ".to_pickle"}


@pytest.mark.parametrize(
    ("room", "banned"),
    [("gis", READS | WRITES), ("registry", WRITES), ("ui", WRITES), ("cli", WRITES)],
)
def test_files_are_touched_in_their_own_rooms(room: str, banned: set[str]) -> None:
    touched = {
        f"{path.relative_to(PROJECT)}: {call}"
        for path in sorted((PROJECT / room).rglob("*.py"))
        for call in sorted(calls(path) & banned)
    }
    assert touched == set()
