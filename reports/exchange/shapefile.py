"""Shapefiles for programs that read nothing else, with a file that says what they lose."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import pandas as pd

from gis.analysis import Result
from gis.errors import TableMissing
from layers.folder import writing
from locales import LANGUAGES, Language, text
from reports.exchange.geopackage import about_table
from reports.headings import heading

WARNING = "READ_ME.txt"
LONGEST_NAME, LONGEST_TEXT = 10, 254
"""Of a column in characters; of a text in bytes, of which a Khmer letter takes three."""
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def shapefiles(result: Result, language: Language) -> bytes:
    """The features of a result as zipped Shapefiles, one a layer.

    Raises
    ------
    TableMissing
        When it has no features.
    OutputUnwritable
        When there is no room to write them.
    """
    found = result.outcome.features
    if not found:
        raise TableMissing("communes", result.provenance.analysis, "suitability")
    content = BytesIO()
    with (
        tempfile.TemporaryDirectory(prefix="deimap-") as place,
        writing(Path(place)),
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for name, frame in found.items():
            marked = frame.assign(example=result.provenance.example)
            written = _with_short_names(marked)
            written.to_file(
                Path(place) / f"{name}.shp",
                driver="ESRI Shapefile",
                engine="pyogrio",
                encoding="utf-8",
                index=False,
            )
            for part in _PARTS:
                if (file := Path(place) / f"{name}{part}").is_file():
                    package.write(file, file.name)
        # with a BOM: the editor of Windows takes it for Khmer
        package.writestr(WARNING, warning(result, language).encode("utf-8-sig"))
    return content.getvalue()


def warning(result: Result, language: Language) -> str:
    """What the format loses, in both languages, the columns by their whole names, the sources."""
    lines = [text("exchange.shapefile", one) for one in LANGUAGES]
    for name, frame in result.outcome.features.items():
        lines += ["", f"{name}.shp"]
        columns = _columns(_flat(frame.assign(example=result.provenance.example)))
        for short, whole in zip(short_names(columns), columns, strict=True):
            lines.append(
                f"  {short:<{LONGEST_NAME}}  {whole}: {heading(whole, language, name).words}"
            )
    lines.append("")
    told = about_table(result, language)
    lines += [" ".join(row).strip() for row in told.itertuples(index=False)]
    return "\r\n".join(lines) + "\r\n"


def _flat(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame if frame.index.name is None else frame.reset_index()


def _columns(frame: gpd.GeoDataFrame) -> list[str]:
    return [str(one) for one in frame.columns if one != frame.geometry.name]


def _with_short_names(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    flat = _flat(frame)
    columns = _columns(flat)
    cells: Mapping[str, pd.Series] = {
        short: _cut(flat[whole]) for short, whole in zip(short_names(columns), columns, strict=True)
    }
    return gpd.GeoDataFrame(cells, geometry=flat.geometry.to_numpy(), crs=frame.crs)


def _cut(column: pd.Series) -> pd.Series:
    """Texts of at most 254 bytes; yes and no as 1 and 0, which the format has no kind for."""
    if pd.api.types.is_bool_dtype(column):
        return column.astype("int32")
    if pd.api.types.is_numeric_dtype(column):
        return column
    return column.map(lambda value: None if pd.isna(value) else cut(str(value))).astype(object)


def cut(words: str) -> str:
    """A text as far as 254 bytes hold it, never in the middle of a letter.

    >>> cut("ក" * 100) == "ក" * 84
    True
    """
    return words.encode("utf-8")[:LONGEST_TEXT].decode("utf-8", "ignore")


def short_names(columns: Iterable[str]) -> tuple[str, ...]:
    """Names of at most ten characters, each once in whatever letters.

    >>> short_names(["name_km", "status_degraded_share", "status_degraded_hectares"])
    ('name_km', 'status_deg', 'status_d_1')
    """
    taken: set[str] = set()
    names = []
    for column in columns:
        name = next(one for one in _candidates(column) if one.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)


def _candidates(column: str) -> Iterator[str]:
    yield column[:LONGEST_NAME]
    for number in range(1, 10_000):
        ending = f"_{number}"
        yield column[: LONGEST_NAME - len(ending)] + ending
