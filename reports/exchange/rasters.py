"""The raster that tells most of a result, and what rasters are called in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gis.errors import FileMissing
from gis.unreadable import unreadable
from layers.cogs import COLOURED
from locales import Language, text

MAIN = ("suitability_class", "indicator", "travel_time")
"""The first that a result has is its map."""
TITLES: Mapping[str, str] = {
    "suitability_class": "sites.suitability",
    "limiting": "workbook.limiting",
    "travel_time": "coverage_page.surface_travel_time",
    "travel_time_change": "coverage_page.surface_travel_time_change",
    "nearest_base": "workbook.base",
    "off_road_share": "coverage_page.off_road",
    "indicator": "land.part_indicator",
    "status": "land.part_status",
    "productivity": "land.part_productivity",
    "land_cover": "land.part_land_cover",
    "soil_carbon": "land.part_soil_carbon",
    "water": "degradation.cover_7",
}
"""Raster -> text key of its title; of a period other than the newest, its name follows."""
STYLE = ".qml"


def title_of(name: str, parameters: Mapping[str, Any], language: Language) -> str:
    """What a raster is called; one that nobody named keeps its own name.

    >>> title_of("travel_time", {}, "en")
    'Travel time from the nearest base'
    """
    if name in TITLES:
        return text(TITLES[name], language)
    for period in ("baseline", "report_1", "report_2"):
        part, years = name.removesuffix(f"_{period}"), parameters.get(period)
        if part != name and part in TITLES and isinstance(years, Mapping):
            when = text(
                f"land.period_{period}", language, years=f"{years['first']}–{years['last']}"
            )
            return f"{text(TITLES[part], language)} · {when}"
    return name


def main_of(names: Iterable[str]) -> str:
    """The raster that is the map of a result; of others the first, empty where there is none."""
    known = [Path(name).stem for name in names if name.endswith(".tif")]
    plain = [name for name in known if not name.endswith(COLOURED)]
    return next((name for name in MAIN if name in plain), plain[0] if plain else "")


def main_file(folder: Path, files: Iterable[str], ending: str) -> bytes:
    """The map of a result as its folder holds it, or its style for QGIS.

    The map is a Cloud-Optimised GeoTIFF and says by its own tags whether anything is made up.

    Raises
    ------
    FileMissing, FileUnreadable
        When the result has no map, or its file cannot be read.
    """
    path = folder / f"{main_of(files) or 'result'}{ending}"
    if not path.is_file():
        raise FileMissing(str(path))
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
