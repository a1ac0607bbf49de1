"""Results that the web keeps, by what their summaries state."""

from __future__ import annotations

import json
import os
from pathlib import Path

from layers.folder import SUMMARY
from layers.kept import kept_results
from layers.workspace import Workspace

FILES = ("suitability.tif", "communes.csv")


def keep(space: Workspace, name: str, age: int) -> Path:
    """A result of which only the summary can be read."""
    folder = space.runs / name
    folder.mkdir(parents=True)
    stated = {"analysis": "suitability", "areas": ["0207"], "files": FILES}
    (folder / SUMMARY).write_text(json.dumps(stated), encoding="utf-8")
    os.utime(folder / SUMMARY, (1e9 - age, 1e9 - age))
    for file in FILES:
        (folder / file).touch()
    return folder


def test_the_newest_is_first_and_one_that_lost_a_file_is_passed_over(tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    older, newest = keep(space, "b", age=60), keep(space, "a", age=1)
    assert [one.folder for one in kept_results(space)] == [newest, older]
    (newest / FILES[0]).unlink()
    assert [one.folder for one in kept_results(space)] == [older]
    (older / SUMMARY).write_text("{", encoding="utf-8")
    assert list(kept_results(space)) == []
