"""Records as tables: each function reads one kind, places in EPSG:4326."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Boolean, Float, Integer, Select, func, or_, select

from registry.database import Database
from registry.models import (
    CRS,
    Base,
    Change,
    Event,
    Import,
    Machine,
    Name,
    Plot,
    PlotSeason,
    Provider,
    Request,
    Village,
)
from registry.vocabulary import NO_TILL_MACHINE, NOT_VISITED, SEASONS, parts

_ADOPTER = (
    *("reference", "commune", "track", "crop", "cover_crop", "principles", "status"),
    *("season", "year", "area_ha", "example", "geometry"),
)
_NOT_SHOWN = {"import_id", "geometry"}


def plots(database: Database) -> gpd.GeoDataFrame:
    """Plots of early adopters: outlines, crop, track, geodesic ``area_ha``."""
    return _places(database, select(*_columns(Plot), Plot.geometry).order_by(Plot.reference))


def plot_seasons(database: Database) -> pd.DataFrame:
    """What was seen on each plot, one row a plot and season, oldest first.

    ``commune``, ``track`` and, where the season states none, ``crop`` and ``cover_crop`` are the
    plot's; ``principles`` is a tuple, None when nobody stated them.
    """
    query = select(
        *_columns(PlotSeason, without=("crop", "cover_crop", "example")),
        or_(PlotSeason.example, Plot.example).label("example"),
        func.coalesce(PlotSeason.crop, Plot.crop).label("crop"),
        func.coalesce(PlotSeason.cover_crop, Plot.cover_crop).label("cover_crop"),
        Plot.commune,
        Plot.track,
    ).join(Plot, Plot.reference == PlotSeason.reference)
    found = table_of(database, query)
    found["principles"] = _tuples(found["principles"])
    rank = {season: place for place, season in enumerate(SEASONS)}
    order = found.assign(_season=found["season"].map(rank))
    return found.loc[order.sort_values(["year", "_season", "reference"]).index].reset_index(
        drop=True
    )


def adopters(
    database: Database, season: str | None = None, year: int | None = None
) -> gpd.GeoDataFrame:
    """One point a plot with its status when somebody was there last.

    A visit that did not take place says nothing: it does not undo what an earlier one saw. A plot
    that nobody visited in the season or year asked for is ``not-visited``. Points lie inside the
    plot.

    Returns
    -------
    geopandas.GeoDataFrame
        ``reference, commune, track, crop, cover_crop, principles, status, season, year, area_ha,
        example, geometry``.
    """
    seasons = plot_seasons(database)
    if season is not None:
        seasons = seasons[seasons["season"] == season]
    if year is not None:
        seasons = seasons[seasons["year"] == year]
    visited_last = seasons.assign(visited=seasons["status"] != NOT_VISITED)
    visited_last = visited_last.sort_values("visited", kind="stable")
    latest = visited_last.drop_duplicates("reference", keep="last").set_index("reference")
    found = plots(database).set_index("reference", drop=False)
    unseen = found[["crop", "cover_crop", "example"]].assign(
        principles=None, status=NOT_VISITED, season=season, year=year
    )
    seen = latest[unseen.columns].astype(object)
    state = unseen.astype(object)
    state.loc[seen.index] = seen
    found[state.columns] = state.astype({"example": bool})
    found["geometry"] = found.geometry.representative_point()
    return found.reset_index(drop=True)[list(_ADOPTER)]


def providers(database: Database) -> gpd.GeoDataFrame:
    """Service providers at their bases; ``machines`` is a tuple, ``no_till`` whether one plants."""
    found = _places(
        database, select(*_columns(Provider), Provider.geometry).order_by(Provider.reference)
    )
    owned = table_of(
        database, select(Machine.provider, Machine.machine).order_by(Machine.machine).distinct()
    )
    kinds = owned.groupby("provider")["machine"].agg(tuple).to_dict()
    owns = [kinds.get(reference, ()) for reference in found["reference"]]
    found["machines"] = pd.Series(owns, index=found.index, dtype=object)
    found["no_till"] = pd.Series(
        [NO_TILL_MACHINE in own for own in owns], index=found.index, dtype=bool
    )
    return found


def machines(database: Database) -> gpd.GeoDataFrame:
    """Machines with the commune and the base of their provider; ``crops`` is a tuple."""
    query = (
        select(
            *_columns(Machine, without=("example",)),
            or_(Machine.example, Provider.example).label("example"),
            Provider.commune,
            Provider.geometry,
        )
        .join(Provider, Provider.reference == Machine.provider)
        .order_by(Machine.reference)
    )
    found = _places(database, query)
    found["crops"] = _tuples(found["crops"])
    return found


def events(database: Database) -> gpd.GeoDataFrame:
    """Events with attendance; ``requested_ha`` is what was asked for there, NaN when nothing."""
    asked = (
        select(Request.reference, func.sum(Request.hectares).label("requested_ha"))
        .group_by(Request.reference)
        .subquery()
    )
    query = (
        select(*_columns(Event), asked.c.requested_ha, Event.geometry)
        .outerjoin(asked, asked.c.reference == Event.reference)
        .order_by(Event.date, Event.reference)
    )
    return _places(database, query)


def requests(database: Database) -> pd.DataFrame:
    """Hectares requested by event, crop, season and machine, with the event's commune and date.

    ``farmers`` is the attendance as far as it was counted, NaN where nobody counted.
    """
    query = (
        select(
            *_columns(Request, without=("example",)),
            or_(Request.example, Event.example).label("example"),
            *(Event.commune, Event.date, Event.women, Event.men),
        )
        .join(Event, Event.reference == Request.reference)
        .order_by(Request.reference, Request.year, Request.season, Request.crop, Request.machine)
    )
    found = table_of(database, query)
    counted = found[["women", "men"]].astype("float64")
    return found.drop(columns=["women", "men"]).assign(farmers=counted.sum(axis=1, min_count=1))


def villages(database: Database) -> gpd.GeoDataFrame:
    """Village points, index = official code."""
    query = select(*_columns(Village), Village.geometry).order_by(Village.code)
    return _places(database, query).set_index("code")


def names(database: Database) -> pd.DataFrame:
    """Further spellings of areas."""
    return table_of(database, select(*_columns(Name)).order_by(Name.code, Name.spelling))


def imports(database: Database) -> pd.DataFrame:
    """The audit trail: what came in when, newest last."""
    return table_of(database, select(*Import.__table__.columns).order_by(Import.id))


def changes(database: Database) -> pd.DataFrame:
    """What replaced records said before, oldest first; ``before`` is a mapping."""
    return table_of(database, select(*Change.__table__.columns).order_by(Change.id))


def without_examples_where_real(
    frame: gpd.GeoDataFrame, area_of: Mapping[str, str] | None = None
) -> gpd.GeoDataFrame:
    """The records without the example ones of areas that hold real ones.

    Parameters
    ----------
    frame
        Records with ``commune`` and ``example``.
    area_of
        Commune -> area; without it, or for a commune it lacks, the commune is the area.
    """
    example = frame["example"].astype(bool)
    known = area_of or {}
    areas = pd.Series([known.get(code, code) for code in frame["commune"]], index=frame.index)
    real = set(areas[~example])
    return frame[~(example & areas.isin(real))]


def _columns(model: type[Base], without: tuple[str, ...] = ()) -> list[Any]:
    hidden = {*_NOT_SHOWN, *without}
    return [item for item in model.__table__.columns if item.key not in hidden]


def table_of(database: Database, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    """The rows of a query, a column of its own kind for each of the database."""
    with database.read() as connection:
        rows = connection.execute(query).all()
    chosen = query.selected_columns
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(chosen)
    return pd.DataFrame(
        {
            str(item.key): pd.Series(values, dtype=_dtype(item))
            for item, values in zip(chosen, cells, strict=True)
        }
    )


def _dtype(column: Any) -> str:
    if isinstance(column.type, Float):
        return "float64"
    if getattr(column, "nullable", True):
        return "object"
    if isinstance(column.type, Boolean):
        return "bool"
    return "int64" if isinstance(column.type, Integer) else "object"


def _places(database: Database, query: Select[*tuple[Any, ...]]) -> gpd.GeoDataFrame:
    table = table_of(database, query)
    outlines = shapely.from_wkb(np.asarray(table.pop("geometry"), dtype=object))
    return gpd.GeoDataFrame(table, geometry=outlines, crs=CRS)


def _tuples(cells: pd.Series[Any]) -> pd.Series[Any]:
    return pd.Series(
        [None if cell is None else parts(cell) for cell in cells], index=cells.index, dtype=object
    )
