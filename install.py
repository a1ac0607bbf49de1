"""Make the environment of Deimap in ``.venv``; run by ``make`` and by the installers.

Uses the standard library only and takes the same steps on Linux and Windows. A step is skipped
when nothing it depends on has changed since it last succeeded. An old Python still parses this
file, so that it can say what is missing.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

OLDEST = (3, 11)
PROJECT = Path(__file__).resolve().parent
VENV = PROJECT / ".venv"
ASSETS = PROJECT / ".cache" / "assets"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STATIC = ("leaflet/leaflet.js", "leaflet/leaflet.css", "DeimapKhmer-Regular.ttf")


def main() -> None:
    """Make the environment; stop with one sentence when a step fails."""
    call = argparse.ArgumentParser(description="Make the environment of Deimap in .venv.")
    call.add_argument("--test", action="store_true", help="add what the tests need")
    call.add_argument("--wheels", type=Path, help="folder of wheels; nothing is downloaded")
    options = call.parse_args()
    refuse_python()
    if options.wheels:
        use_only(options.wheels)
    make_venv()
    lock = "requirements-test.lock" if options.test else "requirements.lock"
    step(lock, lambda: install_packages(lock))
    step("pyproject.toml", install_project)
    if not all((PROJECT / "static" / name).exists() for name in STATIC):
        stamp("requirements-assets.lock").unlink(missing_ok=True)
    step("requirements-assets.lock", install_assets)


def refuse_python() -> None:
    """Say which Python is needed, and whether this one can make environments."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        sys.exit(
            f"Deimap needs Python 3.11 or newer, and {sys.executable} is Python {found}. "
            "Install a newer one and name it: make app PYTHON=python3.11"
        )
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            f"{sys.executable} cannot make environments: its module ensurepip is missing. "
            "On Debian and Ubuntu: apt install python3-venv"
        )


def use_only(wheels: Path) -> None:
    """Bind pip to a folder of wheels."""
    if not wheels.is_dir():
        sys.exit(f"There is no folder of wheels at {wheels}.")
    os.environ.update(
        PIP_CONFIG_FILE=os.devnull,
        PIP_EXTRA_INDEX_URL="",
        PIP_FIND_LINKS=wheels.resolve().as_uri(),
        PIP_NO_INDEX="1",
    )


def make_venv() -> None:
    """Make ``.venv``, anew when another Python made it or the project has moved."""
    mark, made_by = VENV / ".made-by", f"{sys.version_info[:2]} {PROJECT}"
    if PYTHON.exists() and read(mark) == made_by:
        return
    say("Making the environment in .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    run(sys.executable, "-m", "venv", VENV)
    mark.write_text(made_by, encoding="utf-8")


def install_packages(lock: str) -> None:
    """Install a lock: wheels only, each with a hash that the lock states."""
    say(f"Installing the packages of {lock} (takes some minutes the first time)")
    pip("install", "--require-hashes", "--only-binary", ":all:", "-r", lock)


def install_project() -> None:
    """Install the project itself, editable, with the build tool that the lock has brought."""
    pip("install", "--no-deps", "--no-build-isolation", "--no-index", "--editable", ".")


def install_assets() -> None:
    """Unpack the packages that hold Leaflet and the Khmer font, and take the files out."""
    say("Preparing the map files and the Khmer font")
    shutil.rmtree(ASSETS, ignore_errors=True)
    lock = "requirements-assets.lock"
    pip("install", "--no-deps", "--require-hashes", "--target", ASSETS, "-r", lock)
    run(PYTHON, "-m", "layers.assets")


def step(source: str, work: Callable[[], None]) -> None:
    """Do the work unless it was done for these very bytes of its source file."""
    digest = hashlib.sha256((PROJECT / source).read_bytes()).hexdigest()
    if read(stamp(source)) != digest:
        work()
        stamp(source).write_text(digest, encoding="utf-8")


def stamp(source: str) -> Path:
    """The file that remembers what a step was last done for; it goes with the environment."""
    return VENV / f".done-{source}"


def pip(*words: str | Path) -> None:
    """Run the environment's pip."""
    run(PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet", *words)


def run(*words: str | Path) -> None:
    """Run a command in the project folder; stop with its words when it fails."""
    command = [str(word) for word in words]
    if subprocess.run(command, cwd=PROJECT, check=False).returncode:
        sys.exit("This step failed: " + " ".join(command))


def read(path: Path) -> str:
    """The text of a file, empty when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
