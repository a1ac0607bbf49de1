"""Making the environment: an old Python is told so, and nothing is done twice."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

import install


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    with pytest.raises(SystemExit, match=r"3\.11 or newer.* is Python 3\.9\.2.*PYTHON=python3\.11"):
        install.refuse_python()


def test_a_python_that_cannot_make_environments_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        install.refuse_python()


def test_a_folder_of_wheels_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"no folder of wheels at .*stick"):
        install.use_only(tmp_path / "stick")


def test_wheels_shut_out_every_other_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(install.os, "environ", environment := {"PIP_FIND_LINKS": "elsewhere"})
    install.use_only(tmp_path)
    assert environment["PIP_NO_INDEX"] == "1"
    assert environment["PIP_FIND_LINKS"] == tmp_path.as_uri()


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(install, "PROJECT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    (tmp_path / ".venv").mkdir()
    (tmp_path / "some.lock").write_text("one==1", encoding="utf-8")
    return tmp_path


def test_a_step_is_done_once_for_each_state_of_its_source(project: Path) -> None:
    done: list[str] = []
    for content in ("one==1", "one==1", "one==2", "one==2"):
        (project / "some.lock").write_text(content, encoding="utf-8")
        install.step("some.lock", lambda: done.append("done"))
    assert done == ["done", "done"]


def test_a_step_that_failed_is_done_again(project: Path) -> None:
    with pytest.raises(SystemExit, match="This step failed"):
        install.step("some.lock", lambda: install.run(sys.executable, "-c", "raise SystemExit(1)"))
    assert not install.stamp("some.lock").exists()
