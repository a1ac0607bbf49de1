"""Administrative areas of a workspace: the embedded outlines, or the official ones imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from gis.errors import FileMissing, FileUnreadable
from gis.grid import GEOGRAPHIC
from layers.files import file_sha256, read_toml
from layers.gazetteer import COUNTRY, Area, Gazetteer, Level
from layers.workspace import EMBEDDED, Workspace
from registry import records
from registry.database import Database

__all__ = ["COUNTRY", "Area", "Gazetteer", "Level", "dissolved", "gazetteer"]

FOLDER = EMBEDDED / "boundaries"
OUTLINES = FOLDER / "commune_outlines.geojson"
NAMES = FOLDER / "provinces_districts.csv"
SOURCE = "geoBoundaries KHM ADM3, generalised; NCDD gazetteer 2014; MEF list 2025"
LICENCE = "CC BY 4.0"


ENTRY = "boundaries.toml"
"""Table in a workspace's layer folder that names its official outlines."""


def gazetteer(workspace: Workspace) -> Gazetteer:
    """All areas known in a workspace.

    Outlines are the official ones where they were imported, else the embedded ones; names and
    villages recorded in the registry are added.

    Raises
    ------
    DataError
        When imported boundaries or the registry cannot be read.
    """
    entry = workspace.layers / ENTRY
    known = official(workspace) if entry.is_file() else embedded()
    return with_records(known, workspace)


def embedded() -> Gazetteer:
    """The areas that come with the project: Battambang and Preah Vihear."""
    communes = _embedded_communes()
    names = read_names(NAMES)
    return Gazetteer(
        communes=communes,
        districts=named(parents(communes, "district"), names),
        provinces=named(parents(communes, "province"), names),
        villages=_embedded_villages(),
        spellings=_spellings(names),
        edition="NCDD 2014, generalised to 700 m",
        source=SOURCE,
        licence=LICENCE,
        sha256=file_sha256(OUTLINES),
        year=2014,
    )


def official(workspace: Workspace) -> Gazetteer:
    """The areas of the boundaries that were imported into a workspace."""
    stated = read_toml(workspace.layers / ENTRY)
    data = workspace.layers / stated["path"]
    communes = _read_outlines(data, "commune")
    names = read_names(NAMES)
    for level in ("province", "district"):
        file = names_file(workspace, level)
        if file.is_file():
            names = pd.concat([read_names(file), names])
    first = names[~names.index.duplicated()]
    ours = _embedded_communes()
    return Gazetteer(
        communes=communes.drop(columns="spellings"),
        districts=named(_read_outlines(data, "district"), first),
        provinces=named(_read_outlines(data, "province"), first),
        villages=_embedded_villages(),
        spellings=(
            *_spellings(names),
            *zip(names.index, names["name_en"], strict=True),
            *zip(ours.index, ours["name_en"], strict=True),
            *_spellings(communes),
        ),
        edition=stated["edition"],
        source=stated["source"],
        licence=stated["licence"],
        sha256=stated["sha256"],
        year=stated.get("year"),
        embedded=False,
    )


def with_records(known: Gazetteer, workspace: Workspace) -> Gazetteer:
    """A gazetteer with the names and villages of the registry; a village's record counts more."""
    if not workspace.has_registry:
        return known
    with Database.open(workspace.database_url) as database:
        names, recorded = records.names(database), records.villages(database)
    columns = ["commune", "name_en", "name_km", "geometry"]
    recorded = recorded.assign(name_km=recorded["name_km"].fillna(""))[columns]
    others = known.villages[~known.villages.index.isin(recorded.index)]
    villages = pd.concat([others, recorded]) if len(recorded) else others
    return replace(
        known,
        villages=villages[villages["commune"].isin(known.communes.index)].sort_index(),
        spellings=(*known.spellings, *zip(names["code"], names["spelling"], strict=True)),
    )


def parents(communes: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Districts or provinces of communes, dissolved.

    Parameters
    ----------
    communes
        A valid coverage with the columns ``district``, ``province`` and ``code_2025``.
    level
        ``district`` or ``province``.

    Returns
    -------
    GeoDataFrame
        Index ``code``; ``code_2025`` is the one that most of its communes bear.
    """
    outlines = dissolved(communes, level)
    digits = len(outlines.index[0])
    by_parent = communes["code_2025"].str[:digits].groupby(communes[level])
    most = by_parent.agg(lambda codes: codes.mode().iloc[0])
    frame = gpd.GeoDataFrame({"code_2025": most.reindex(outlines.index)}, geometry=outlines)
    if level == "district":
        frame.insert(0, "province", frame.index.str[:2])
    return frame


def named(areas: gpd.GeoDataFrame, names: pd.DataFrame) -> gpd.GeoDataFrame:
    """Areas with their names; one that nobody named bears its code."""
    known = names.reindex(areas.index)
    return areas.assign(
        name_en=known["name_en"].fillna(areas.index.to_series()),
        name_km=known["name_km"].fillna(""),
    )


def names_file(workspace: Workspace, level: str) -> Path:
    """Where the imported names of districts or provinces lie."""
    return workspace.layers / f"boundaries_{level}.csv"


def read_names(path: Path) -> pd.DataFrame:
    """A small CSV, all text, missing as an empty string, index ``code``."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, index_col="code").sort_index()


def dissolved(communes: gpd.GeoDataFrame, column: str) -> gpd.GeoSeries:
    """Outlines of the districts or provinces of communes that form a valid coverage."""
    groups = communes.geometry.groupby(communes[column])
    return gpd.GeoSeries(
        {code: shapely.coverage_union_all(shapes.to_numpy()) for code, shapes in groups},
        crs=communes.crs,
    ).rename_axis("code")


def _read_outlines(path: Path, level: str) -> gpd.GeoDataFrame:
    if not path.is_file():
        raise FileMissing(str(path))
    try:
        return gpd.read_file(path, layer=level).set_index("code")
    except (DataSourceError, DataLayerError, KeyError) as error:
        raise FileUnreadable(str(path), str(error)) from error


def _spellings(names: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(code), name)
        for code, spelt in names["spellings"].items()
        for name in spelt.split(";")
        if name
    )


def _embedded_communes() -> gpd.GeoDataFrame:
    read = gpd.read_file(OUTLINES).set_index("code").sort_index()
    return read.assign(
        district=read["parent"],
        province=read.index.str[:2],
        name_km=read["name_km"].fillna(""),
        code_2025=read["code_mef2025"],
    )[["district", "province", "name_en", "name_km", "code_2025", "geometry"]]


def _embedded_villages() -> gpd.GeoDataFrame:
    table = read_names(FOLDER / "villages.csv")
    points = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float))
    return gpd.GeoDataFrame(
        table[["commune", "name_en", "name_km"]], geometry=points, crs=GEOGRAPHIC
    )
