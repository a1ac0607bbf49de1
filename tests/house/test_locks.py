"""The locks name no address and no folder, state a hash for each wheel, and fit the project."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bundle.build import applicable, requirement_lines

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-assets.lock")
HASHED = re.compile(r"^[a-z0-9-]+==\S+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+$")


def read(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def pins(name: str) -> list[Requirement]:
    return [Requirement(line.partition(" --hash")[0]) for line in requirement_lines(read(name))]


def declared(extra: str | None = None) -> list[Requirement]:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    words = project["optional-dependencies"][extra] if extra else project["dependencies"]
    return [Requirement(word) for word in words]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_folder(name: str) -> None:
    assert not re.search(r"://|index-url|find-links|(^|\s)(/|[A-Z]:\\)", read(name))


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_has_a_hash(name: str) -> None:
    lines = requirement_lines(read(name))
    assert lines
    assert [line for line in lines if not HASHED.match(line)] == []


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("requirements.lock", None),
        ("requirements-test.lock", None),
        ("requirements-test.lock", "test"),
    ],
)
def test_a_lock_holds_what_the_project_asks_for(name: str, extra: str | None) -> None:
    locked = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins(name)}
    unmet = [
        str(wanted)
        for wanted in declared(extra)
        if not wanted.specifier.contains(locked.get(wanted.name, "0"), prereleases=True)
    ]
    assert unmet == []


def test_what_runs_is_what_is_tested() -> None:
    run, test = ({str(pin) for pin in pins(name)} for name in LOCKS[:2])
    assert {line.partition(" ;")[0] for line in run} <= {line.partition(" ;")[0] for line in test}


def test_packages_of_assets_stay_out_of_the_environment() -> None:
    names = {pin.name for pin in pins("requirements-assets.lock")}
    assert names == {"django-leaflet", "fontpkg-noto-sans-khmer"}
    assert not names & {pin.name for pin in pins("requirements-test.lock")}


LOCK = """\
# made by hand
colorama==0.4 ; sys_platform == 'win32' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via click
numpy==2.4 ; python_full_version < '3.12' \\
    --hash=sha256:cc
numpy==2.5 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
uvloop==1.0 ; platform_system != 'Windows' and implementation_name == 'cpython' \\
    --hash=sha256:ee
"""


@pytest.mark.parametrize(
    ("platform", "python", "expected"),
    [
        ("linux", "3.11", ["numpy==2.4 --hash=sha256:cc", "uvloop==1.0 --hash=sha256:ee"]),
        ("linux", "3.12", ["numpy==2.5 --hash=sha256:dd", "uvloop==1.0 --hash=sha256:ee"]),
        (
            "windows",
            "3.13",
            ["colorama==0.4 --hash=sha256:aa --hash=sha256:bb", "numpy==2.5 --hash=sha256:dd"],
        ),
    ],
)
def test_a_bundle_reads_markers_for_the_machine_it_is_made_for(
    platform: str, python: str, expected: list[str]
) -> None:
    assert [line.strip() for line in applicable(LOCK, platform, python)] == expected
