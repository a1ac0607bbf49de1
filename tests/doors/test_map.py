"""`deimap map`: one page as a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import exit_code
from layers.run import run
from layers.workspace import Workspace
from layers.write import write_result
from locales import text


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "made"
    write_result(run("suitability", "0207", resolution=500, workspace=prepared_workspace), folder)
    return folder


@pytest.fixture(autouse=True)
def _workspace(prepared_workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(prepared_workspace.root))


@pytest.mark.parametrize(
    ("name", "begins"), [("a.pdf", b"%PDF"), ("b/a.png", b"\x89PNG"), ("a.svg", b"<?xml")]
)
def test_a_page_is_written(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, begins: bytes
) -> None:
    out = tmp_path / name
    call = ["map", "--area", "0207", "--result", str(made), "--lang", "km", "--dpi", "150"]
    assert exit_code([*call, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(begins)
    assert [path.name for path in out.parent.iterdir()] == [out.name]
    assert str(out) in capsys.readouterr().out


def test_a_layer_colours_a_slide_with_names_in_both_scripts(tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    call = ["map", "--area", "0201", "--layers", "slope_figures,adopters,providers"]
    call += ["--lang", "both", "--paper", "slide", "--dpi", "150", "--out", str(out)]
    assert exit_code(call) == 0
    assert out.stat().st_size > 20_000


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--area", "9999"], 2, "9999"),
        (["--area", "0207", "--layers", "nothing"], 2, "nothing"),
        (["--area", "0207", "--layers", "slope_figures,elevation_figures"], 2, "one surface"),
        (["--area", "0207", "--variable", "need"], 2, "--result"),
        (["--area", "0207", "--out", "a.docx"], 2, ".pdf, .png, .svg"),
        (["--area", "0207", "--dpi", "72"], 2, "150"),
    ],
)
def test_words_that_are_off_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    out = [] if "--out" in words else ["--out", str(tmp_path / "a.png")]
    assert exit_code(["map", *words, *out]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_result_must_cover_the_area_and_have_the_variable(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--result", str(made), "--out", str(tmp_path / "a.png")]
    assert exit_code(["map", "--area", "0208", *out]) == 2
    said = capsys.readouterr().err
    assert "0208" in said
    assert "areas within 0207" in said
    assert exit_code(["map", "--area", "0207", "--variable", "rain", *out]) == 2
    assert "suitability_class" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["map", "atlas"])
def test_two_results_are_refused_where_one_is_shown(
    command: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last one would stand for both, and nobody would see which."""
    twice = ["--result", str(made), "--result", str(made)]
    assert exit_code([command, "--area", "0207", *twice, "--out", str(tmp_path / "a.pdf")]) == 2
    assert text("allowed.one_result", "en") in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_template_is_for_word(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    looks = tmp_path / "office.docx"
    words = ["--area", "0207", "--result", str(made), "--template", str(looks)]
    assert exit_code(["report", *words, "--out", str(tmp_path / "a.pdf")]) == 2
    said = capsys.readouterr().err
    assert "--template" in said
    assert text("allowed.looks_of_word", "en") in said
    assert list(tmp_path.iterdir()) == []


def test_a_form_names_the_result_that_it_needs(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--form", "company", "--area", "0207", "--result", str(made)]
    assert exit_code(["report", *words, "--out", str(tmp_path / "a.pdf")]) == 2
    assert "deimap run coverage" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine.png"
    out.write_text("mine")
    assert exit_code(["map", "--area", "0207", "--out", str(out)]) == 3
    assert out.read_text() == "mine"
    assert "--overwrite" in capsys.readouterr().err
