"""Notebooks are kept without outputs: they are made anew wherever they run."""

import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_no_outputs_are_kept(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    kept = [cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")]
    assert kept == []


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
