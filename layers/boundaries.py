"""Administrative areas of a workspace: the embedded outlines, or the official ones imported."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely
from pyogrio.errors import DataLayerError, DataSourceError

from gis.errors import CatalogueInvalid, FileMissing
from gis.grid import GEOGRAPHIC
from gis.unreadable import unreadable
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


KHMER = "[\u1780-\u17ff]"
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
    names = names_of(workspace)
    known = official(entry, names) if entry.is_file() else embedded(names)
    return with_records(known, workspace)


def embedded(names: pd.DataFrame) -> Gazetteer:
    """The areas that come with the project: Battambang and Preah Vihear."""
    communes = _embedded_communes()
    first = names[~names.index.duplicated()]
    return Gazetteer(
        communes=communes,
        districts=named(parents(communes, "district"), first),
        provinces=named(parents(communes, "province"), first),
        villages=_embedded_villages(),
        spellings=_spellings(names),
        edition="NCDD 2014, generalised to 700 m",
        source=SOURCE,
        licence=LICENCE,
        sha256=file_sha256(OUTLINES),
        year=2014,
    )


def official(entry: Path, names: pd.DataFrame) -> Gazetteer:
    """The areas of imported boundaries; the embedded spellings of their names stay known.

    Raises
    ------
    DataError
        When the table of the boundaries or their file does not hold.
    """
    stated = read_toml(entry)
    if missing := {"path", "source", "licence", "edition", "sha256"} - stated.keys():
        raise CatalogueInvalid(str(entry), min(missing), "missing")
    data = entry.parent / stated["path"]
    communes = _read_outlines(data, "commune")
    ours, villages = _embedded_communes(), _embedded_villages()
    first = names[~names.index.duplicated()]
    return Gazetteer(
        communes=communes.drop(columns="spellings"),
        districts=named(_read_outlines(data, "district"), first),
        provinces=named(_read_outlines(data, "province"), first),
        villages=villages[villages["commune"].isin(communes.index)],
        spellings=(
            *_spellings(names),
            *_spellings(communes),
            *zip(ours.index, ours["name_en"], strict=True),
            *zip(ours.index, ours["name_km"], strict=True),
        ),
        edition=stated["edition"],
        source=stated["source"],
        licence=stated["licence"],
        sha256=stated["sha256"],
        year=stated.get("year"),
        embedded=False,
    )


def names_of(workspace: Workspace) -> pd.DataFrame:
    """Names of districts and provinces, the imported ones first; a code may stand twice."""
    files = [names_file(workspace, level) for level in ("province", "district")]
    tables = [read_names(file) for file in (*files, NAMES) if file.is_file()]
    names = pd.concat(tables)[["name_en", "name_km", "spellings"]]
    spelt = names["spellings"].str.cat(names["name_en"], sep=";")
    return names.assign(spellings=spelt.str.cat(names["name_km"], sep=";"))


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
        districts=filled(known.districts, names),
        provinces=filled(known.provinces, names),
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


def filled(areas: gpd.GeoDataFrame, names: pd.DataFrame) -> gpd.GeoDataFrame:
    """Areas that bore only their code, with the first recorded name in each script."""
    khmer = names["spelling"].str.contains(KHMER)
    in_km = names[khmer].drop_duplicates("code").set_index("code")["spelling"]
    in_en = names[~khmer].drop_duplicates("code").set_index("code")["spelling"]
    unnamed = areas["name_en"] == areas.index
    return areas.assign(
        name_en=areas["name_en"].mask(unnamed, in_en.reindex(areas.index)).fillna(areas["name_en"]),
        name_km=areas["name_km"]
        .mask(areas["name_km"] == "", in_km.reindex(areas.index))
        .fillna(""),
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
        raise unreadable(path, error) from error


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
