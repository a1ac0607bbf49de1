"""A result folder made ready to travel: its GeoPackage styled, a QGIS project, the Khmer font."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from gis.analysis import Result
from gis.errors import FileMissing
from gis.unreadable import unreadable
from layers.assets import STATIC
from layers.folder import writing
from layers.runs import read_result, run_id
from layers.write import VECTORS, write_result
from locales import Language
from reports.exchange.geopackage import about_table, write_geopackage
from reports.exchange.looks import NOT_RANKED, Look, look_of
from reports.exchange.project import PROJECT, Extent, ProjectLayer, project
from reports.exchange.qml import feature_style
from reports.exchange.rasters import STYLE, main_of, title_of
from reports.exchange.unranked import with_unranked
from reports.headings import analysis_title, sheet_title
from reports.stamps import stamp_of

FONTS = "fonts"
"""Folder with the font of the labels: QField takes it from there, a computer installs it."""
FONT_FILES = ("DeimapKhmer-Regular.ttf", "DeimapKhmer-LICENSE.txt")
SHAPES = {"point": "Point", "line": "Line", "polygon": "Polygon"}
_OVER = (
    *("sites", "new_bases", "bases", "service_providers", "plots"),
    *("hotspots", "communes", "districts", "provinces", NOT_RANKED),
)
"""Layers in the order in which they lie over one another; others come below."""
_SHOWN = ("sites", "new_bases", "bases", "service_providers", "plots", "communes", NOT_RANKED)


def parcel(result: Result, name: str, language: Language) -> bytes:
    """A result that may leave the house, as a zipped folder that opens styled elsewhere.

    Raises
    ------
    FileMissing
        When the font was never prepared.
    OutputUnwritable
        When there is no room to write it.
    """
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        folder = Path(place) / name
        write_result(result, folder)
        furnish(folder, language)
        return packed(folder)


def packed(folder: Path) -> bytes:
    """The files of a folder zipped, under its name."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            package.write(file, Path(folder.name) / file.relative_to(folder))
    return content.getvalue()


def furnish(folder: Path, language: Language) -> None:
    """Add to the files of a result what lets them open styled elsewhere.

    Parameters
    ----------
    folder
        A copy of a result folder as it may leave the house; its GeoPackage is written anew.

    Raises
    ------
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one, or the font was never prepared.
    OutputUnwritable
        When there is no room for more.
    """
    result = with_unranked(read_result(folder))
    write_geopackage(result, folder, language)
    layers = (*_features(result, language), *_rasters(result, folder, language))
    for name in FONT_FILES:
        if not (STATIC / name).is_file():
            raise FileMissing(str(STATIC / name))
    with writing(folder):
        if layers:
            (folder / PROJECT).write_text(_project(result, layers, language), encoding="utf-8")
        (folder / FONTS).mkdir(exist_ok=True)
        for name in FONT_FILES:
            shutil.copyfile(STATIC / name, folder / FONTS / name)


def _project(result: Result, layers: Sequence[ProjectLayer], language: Language) -> str:
    made = result.provenance
    lines = about_table(result, language)
    return project(
        analysis_title(made, language),
        layers,
        run_id(made),
        stamp=stamp_of(result, language),
        sources=_sources(result, language),
        about="\n".join(" ".join(row).strip() for row in lines.itertuples(index=False)),
    )


def _sources(result: Result, language: Language) -> str:
    """Titles with licence and year, once each, and what made the result."""
    made = result.provenance
    used = []
    for use in made.layers:
        stated = ", ".join(filter(None, (str(use.year or ""), use.licence)))
        used.append(f"{dict(use.title)[language]} ({stated})")
    return " · ".join((*dict.fromkeys(used), made.software, made.created[:10], run_id(made)))


def _features(result: Result, language: Language) -> Iterator[ProjectLayer]:
    found = result.outcome.features
    drawn = main_of(f"{name}.tif" for name in result.outcome.rasters) != ""
    for name in (
        *(one for one in _OVER if one in found),
        *(one for one in found if one not in _OVER),
    ):
        frame = found[name]
        if frame.empty:
            continue
        look = look_of(name, frame, result.provenance)
        yield ProjectLayer(
            name,
            _title(name, language),
            f"./{VECTORS}|layername={name}",
            feature_style(look, frame, name, language, filled=not _over_map(look, drawn)),
            _extent_of(tuple(float(edge) for edge in frame.total_bounds)),
            SHAPES[look.shape],
            shown=name in _SHOWN,
        )


def _over_map(look: Look, drawn: bool) -> bool:
    """Whether polygons must let a raster beneath them show."""
    return drawn and look.shape == "polygon" and look.scale is not None


def _title(name: str, language: Language) -> str:
    named = {"bases": "providers", "new_bases": "sites"}.get(name, name)
    return sheet_title(named, language)


def _rasters(result: Result, folder: Path, language: Language) -> Iterator[ProjectLayer]:
    """Rasters that have a style, the map first; the others stay files of the folder."""
    rasters = result.outcome.rasters
    main = main_of(f"{name}.tif" for name in rasters)
    for name in (
        *(one for one in rasters if one == main),
        *(one for one in rasters if one != main),
    ):
        style = folder / f"{name}{STYLE}"
        if not style.is_file():
            continue
        box = rasters[name].odc.geobox.boundingbox
        yield ProjectLayer(
            name,
            title_of(name, result.provenance.parameters, language),
            f"./{name}.tif",
            _read_style(style),
            _extent_of((box.left, box.bottom, box.right, box.top)),
            shown=name == main,
        )


def _read_style(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314 - our own
    except (OSError, UnicodeDecodeError, ElementTree.ParseError) as error:
        raise unreadable(path, error) from error


def _extent_of(edges: tuple[float, ...]) -> Extent:
    west, south, east, north = edges
    return west, south, east, north
