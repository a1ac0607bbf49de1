"""What is committed: small, ours, without paths of a machine; the commands that README names."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
LARGEST = 1_000_000
SHELL_SCRIPTS = (
    ".ci/run",
    "bundle/try.sh",
    "bundle/installers/install.sh",
    "bundle/installers/start.sh",
)
DOCUMENTS = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/methods.md", "docs/reports.md"),
    *("docs/methods/sites.md", "docs/methods/land-degradation.md", "docs/methods/coverage.md"),
)


@pytest.fixture(scope="module")
def committed() -> list[Path]:
    if shutil.which("git") is None or not (PROJECT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, encoding="utf-8", check=True
    )
    paths = (PROJECT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def test_no_file_is_large(committed: list[Path]) -> None:
    assert [str(path) for path in committed if path.stat().st_size > LARGEST] == []


def test_no_browser_code_or_font_of_others(committed: list[Path]) -> None:
    fonts = [path for path in committed if path.suffix in {".ttf", ".otf", ".woff", ".woff2"}]
    scripts = [path for path in committed if path.suffix in {".js", ".css"}]
    foreign = re.compile(r"@preserve|@license|\bcopyright\b|sourceMappingURL", re.IGNORECASE)
    longest = 300
    assert fonts == []
    for path in scripts:
        source = path.read_text(encoding="utf-8")
        assert not foreign.search(source), path
        assert max(map(len, source.splitlines())) < longest, f"{path} seems minified"


def test_no_path_of_a_machine_and_no_package_address(committed: list[Path]) -> None:
    forbidden = re.compile(
        rb"(?<![\w.$~-])/(?:root|home|work|Users|opt)/\w|://[a-z.]*/(?:simple|packages)/"
    )
    ours = [path for path in committed if path != Path(__file__)]
    assert [str(path) for path in ours if forbidden.search(path.read_bytes())] == []


def test_every_command_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", read("Makefile"), re.MULTILINE))
    named = {
        target
        for document in DOCUMENTS
        for target in re.findall(r"(?:^ {4}|`)make ([a-z0-9-]+)", read(document), re.MULTILINE)
    }
    assert {"app", "test", "check", "bundle", "lock", "screenshots", "clean"} <= targets
    assert named <= targets


def test_windows_knows_the_two_commands() -> None:
    labels = set(re.findall(r"^:(\w+)", read("make.cmd"), re.MULTILINE))
    jumps = set(re.findall(r"goto (\w+)", read("make.cmd")))
    assert {"app", "test", "check", "bundle"} <= labels == jumps


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_points_to_is_there(document: str) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", read(document))
    missing = [t for t in targets if not ((PROJECT / document).parent / t).exists()]
    assert missing == []


def test_licence_is_whole() -> None:
    licence = read("LICENSE")
    assert "Apache License" in licence
    assert "END OF TERMS AND CONDITIONS" in licence


@pytest.mark.parametrize("script", SHELL_SCRIPTS)
def test_a_shell_script_parses(script: str) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no shell here")
    shell = "bash" if read(script).startswith("#!/usr/bin/env bash") else "sh"
    subprocess.run([shell, "-n", PROJECT / script], check=True)


def test_shell_scripts_are_clean() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    found = subprocess.run(
        ["shellcheck", *SHELL_SCRIPTS],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 0, found.stdout


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def test_notebooks_are_committed_without_output(committed: list[Path]) -> None:
    cells = [
        cell
        for path in committed
        if path.suffix == ".ipynb"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    assert not any(cell["outputs"] or cell["execution_count"] for cell in cells)
