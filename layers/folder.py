"""The folder of a result: free to be written, filled whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyogrio
from rasterio.errors import RasterioError

from gis.errors import OutputForeign, OutputNotEmpty, OutputUnwritable

SUMMARY = "result.json"
_STAGING = ".deimap-"
_OF_VIEWERS = (".aux.xml", "-wal", "-shm", "-journal")
"""What a GIS leaves beside a file that it has opened."""
_FAULTS_OF_WRITING = (
    OSError,
    RasterioError,
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.GeometryError,
)


def require_free(directory: Path, overwrite: bool = False) -> None:
    """Check that a result may be written here, before the work is done.

    Raises
    ------
    OutputNotEmpty, OutputForeign, OutputUnwritable
        When it may not.
    """
    try:
        if directory.is_symlink() and not directory.exists():
            raise OutputUnwritable(str(directory), os.strerror(errno.ENOENT))
        if directory.exists() and not directory.is_dir():
            raise OutputUnwritable(str(directory), os.strerror(errno.ENOTDIR))
        found = _contents(directory)
    except OSError as error:
        raise _unwritable(directory, error) from error
    if found and not (overwrite and SUMMARY in found):
        raise OutputNotEmpty(str(directory))
    if foreign := tuple(sorted(found - _of_result(directory))) if found else ():
        raise OutputForeign(str(directory), foreign)
    parent = next(place for place in (directory, *directory.parents) if place.exists())
    if not parent.is_dir():
        raise OutputUnwritable(str(parent), os.strerror(errno.ENOTDIR))
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputUnwritable(str(parent), os.strerror(errno.EACCES))


def _contents(directory: Path) -> set[str]:
    """Names in a folder; what a killed run left there is nobody's and does not count."""
    if not directory.is_dir():
        return set()
    return {item.name for item in directory.iterdir() if not item.name.startswith(_STAGING)}


def _of_result(directory: Path) -> set[str]:
    """Names that belong to the result in a folder, by what its summary lists."""
    try:
        files = json.loads((directory / SUMMARY).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    names = {str(name) for name in files} if isinstance(files, list) else set()
    return names | {name + ending for name in names for ending in _OF_VIEWERS}


@contextmanager
def staged(directory: Path, overwrite: bool = False) -> Iterator[Path]:
    """A folder beside ``directory`` that takes its place when the block ends well."""
    staging: Path | None = None
    try:
        directory = directory.resolve()
        directory.parent.mkdir(parents=True, exist_ok=True)
        # An empty folder may be one we may not replace (a mount, the working directory): fill it.
        empty = directory.is_dir() and not _contents(directory)
        place = directory if empty else directory.parent
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=place))
        yield staging
        staging.chmod(0o755)
        # Another run may have filled it meanwhile.
        require_free(directory, overwrite)
        _take_place(staging, directory)
    except _FAULTS_OF_WRITING as error:
        raise _unwritable(directory, error) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Say what cannot be written into a folder as a fault with a name.

    Raises
    ------
    OutputUnwritable
        When the block fails for the disk or for a library that writes there.
    """
    try:
        yield
    except _FAULTS_OF_WRITING as error:
        raise _unwritable(directory, error) from error


def _take_place(staging: Path, directory: Path) -> None:
    if not directory.exists():
        staging.rename(directory)
        return
    if not _contents(directory):
        for item in sorted(staging.iterdir(), key=lambda path: path.name == SUMMARY):
            item.rename(directory / item.name)
        return
    former = Path(tempfile.mkdtemp(prefix=_STAGING, dir=directory.parent))
    directory.rename(former / "former")
    staging.rename(directory)
    shutil.rmtree(former)


def _unwritable(directory: Path, error: Exception) -> OutputUnwritable:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return OutputUnwritable(str(directory), reason)
