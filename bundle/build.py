"""Make one zip that installs Deimap from a USB stick with no network.

It holds the sources at the last commit, the wheels of ``requirements.lock`` and
``requirements-assets.lock`` for each named platform and Python, and the installers.
"""

from __future__ import annotations

import argparse
import io
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parent.parent
WHEELS = PROJECT / ".cache" / "wheels"
INSTALLERS = "bundle/installers/"
LOCKS = ("requirements.lock", "requirements-assets.lock")
GLIBC_NEWEST = 28
"""glibc 2.28 (2018): Debian 10, Ubuntu 20.04 and newer."""


@dataclass(frozen=True)
class Platform:
    """What wheels for a platform are tagged with, and what markers say there."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]


PLATFORMS = {
    "linux": Platform(
        (
            "manylinux2014_x86_64",
            *(f"manylinux_2_{minor}_x86_64" for minor in range(5, GLIBC_NEWEST + 1)),
        ),
        {
            "sys_platform": "linux",
            "platform_system": "Linux",
            "platform_machine": "x86_64",
            "os_name": "posix",
        },
    ),
    "windows": Platform(
        ("win_amd64",),
        {
            "sys_platform": "win32",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
            "os_name": "nt",
        },
    ),
}


def main() -> None:
    """Download the wheels and write the zip."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    call = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    call.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=list(PLATFORMS))
    call.add_argument("--pythons", nargs="+", default=[own], metavar="3.N")
    options = call.parse_args()
    wheels: set[Path] = set()
    for platform in options.platforms:
        for python in options.pythons:
            wheels |= download(platform, python)
    target = write_bundle(wheels, "-".join([*options.platforms, *options.pythons]))
    print(f"{target.relative_to(PROJECT)}: {len(wheels)} wheels, {megabytes(target)} MB")


def download(platform: str, python: str) -> set[Path]:
    """Wheels of the locks for one platform and Python, each with a hash that the lock states."""
    print(f"Wheels for {platform}, Python {python}", flush=True)
    folder = WHEELS / f"{platform}-{python}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pinned = folder / "pinned.txt"
    locks = "".join((PROJECT / lock).read_text(encoding="utf-8") for lock in LOCKS)
    pinned.write_text("".join(applicable(locks, platform, python)), encoding="utf-8")
    tags = [word for tag in PLATFORMS[platform].tags for word in ("--platform", tag)]
    words = "-m pip --disable-pip-version-check --quiet download --no-deps --require-hashes"
    command = [sys.executable, *words.split(), "--only-binary", ":all:", "--python-version", python]
    run([*command, *tags, "--dest", str(folder), "--requirement", str(pinned)])
    return set(folder.glob("*.whl"))


def applicable(lock: str, platform: str, python: str) -> Iterator[str]:
    """The requirements of a lock that hold on a platform, one a line, without their markers.

    pip reads markers for the machine it runs on, not for the one it downloads for.
    """
    markers = {
        **PLATFORMS[platform].markers,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for line in requirement_lines(lock):
        words, _, hashes = line.partition(" --hash=")
        requirement = Requirement(words)
        if requirement.marker is None or requirement.marker.evaluate(markers):
            yield f"{requirement.name}{requirement.specifier} --hash={hashes}\n"


def requirement_lines(lock: str) -> list[str]:
    """The requirements of a lock, one a line, without comments."""
    return [
        " ".join(line.split())
        for line in lock.replace("\\\n", " ").splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    ]


def write_bundle(wheels: set[Path], name: str) -> Path:
    """Write sources, installers (to the top) and wheels into ``dist/``."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    folder = f"deimap-{settings['project']['version']}"
    target = PROJECT / "dist" / f"{folder}-{name}.zip"
    target.parent.mkdir(exist_ok=True)
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path, content, mode in committed_files():
            place = path.removeprefix(INSTALLERS)
            entry = zipfile.ZipInfo(f"{folder}/{place}", (2000, 1, 1, 0, 0, 0))
            entry.external_attr = (0o100000 | mode) << 16
            bundle.writestr(entry, content, zipfile.ZIP_DEFLATED)
        for wheel in sorted({wheel.name: wheel for wheel in wheels}.values()):
            bundle.write(wheel, f"{folder}/wheels/{wheel.name}", zipfile.ZIP_STORED)
    part.replace(target)
    return target


def committed_files() -> Iterator[tuple[str, bytes, int]]:
    """Path, content and mode of each file of the last commit."""
    if run(["git", "status", "--porcelain"]):
        print("Changes that are not committed are left out.", flush=True)
    archive = run(["git", "archive", "--format=tar", "HEAD"])
    with tarfile.open(fileobj=io.BytesIO(archive)) as sources:
        for member in sources:
            content = sources.extractfile(member) if member.isfile() else None
            if content is not None:
                yield member.name, content.read(), member.mode


def run(command: list[str]) -> bytes:
    """What a command prints; stop with its words when it fails."""
    done = subprocess.run(command, cwd=PROJECT, check=False, stdout=subprocess.PIPE)
    if done.returncode:
        sys.exit("This step failed: " + " ".join(command))
    return done.stdout


def megabytes(path: Path) -> int:
    return round(path.stat().st_size / 1e6)


if __name__ == "__main__":
    main()
