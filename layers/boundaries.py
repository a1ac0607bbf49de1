"""Administrative areas of a workspace: the embedded outlines, or the official ones imported."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from gis.grid import GEOGRAPHIC
from layers.files import file_sha256
from layers.gazetteer import COUNTRY, Area, Gazetteer, Level
from layers.workspace import EMBEDDED, Workspace

__all__ = ["COUNTRY", "Area", "Gazetteer", "Level", "dissolved", "gazetteer"]

FOLDER = EMBEDDED / "boundaries"
OUTLINES = FOLDER / "commune_outlines.geojson"
SOURCE = "geoBoundaries KHM ADM3, generalised; NCDD gazetteer 2014; MEF list 2025"
LICENCE = "CC BY 4.0"


def gazetteer(workspace: Workspace) -> Gazetteer:
    """All areas known in a workspace.

    Outlines are the official ones where they were imported, else the embedded ones; names and
    villages recorded in the registry are added.
    """
    return embedded()


def embedded() -> Gazetteer:
    """The areas that come with the project: Battambang and Preah Vihear."""
    communes = _embedded_communes()
    names = _read_table(FOLDER / "provinces_districts.csv")
    return Gazetteer(
        communes=communes,
        districts=parents(communes, "district", names),
        provinces=parents(communes, "province", names),
        villages=_embedded_villages(),
        spellings=tuple(
            (str(code), name)
            for code, spelt in names["spellings"].items()
            for name in spelt.split(";")
        ),
        edition="NCDD 2014, generalised to 700 m",
        source=SOURCE,
        licence=LICENCE,
        sha256=file_sha256(OUTLINES),
        year=2014,
    )


def parents(communes: gpd.GeoDataFrame, level: str, names: pd.DataFrame) -> gpd.GeoDataFrame:
    """Districts or provinces of communes, dissolved and named; unnamed ones bear their code.

    Parameters
    ----------
    communes
        A valid coverage with the columns ``district``, ``province`` and ``code_2025``.
    level
        ``district`` or ``province``.
    names
        Index ``code``, columns ``name_en`` and ``name_km``.
    """
    outlines = dissolved(communes, level)
    digits = len(outlines.index[0])
    by_parent = communes["code_2025"].str[:digits].groupby(communes[level])
    known = names.reindex(outlines.index)
    frame = gpd.GeoDataFrame(
        {
            "name_en": known["name_en"].fillna(outlines.index.to_series()),
            "name_km": known["name_km"].fillna(""),
            # the code that most of its communes bear in the list of 2025
            "code_2025": by_parent.agg(lambda codes: codes.mode().iloc[0]),
        },
        geometry=outlines,
    )
    if level == "district":
        frame.insert(0, "province", frame.index.str[:2])
    return frame


def dissolved(communes: gpd.GeoDataFrame, column: str) -> gpd.GeoSeries:
    """Outlines of the districts or provinces of communes that form a valid coverage."""
    groups = communes.geometry.groupby(communes[column])
    return gpd.GeoSeries(
        {code: shapely.coverage_union_all(shapes.to_numpy()) for code, shapes in groups},
        crs=communes.crs,
    ).rename_axis("code")


def _embedded_communes() -> gpd.GeoDataFrame:
    read = gpd.read_file(OUTLINES).set_index("code").sort_index()
    return read.assign(
        district=read["parent"],
        province=read.index.str[:2],
        name_km=read["name_km"].fillna(""),
        code_2025=read["code_mef2025"],
    )[["district", "province", "name_en", "name_km", "code_2025", "geometry"]]


def _embedded_villages() -> gpd.GeoDataFrame:
    table = _read_table(FOLDER / "villages.csv")
    points = gpd.points_from_xy(table["lon"].astype(float), table["lat"].astype(float))
    return gpd.GeoDataFrame(
        table[["commune", "name_en", "name_km"]], geometry=points, crs=GEOGRAPHIC
    )


def _read_table(path: Path) -> pd.DataFrame:
    """A small CSV, all text, missing as an empty string, index ``code``."""
    return pd.read_csv(path, dtype=str, keep_default_na=False, index_col="code").sort_index()
