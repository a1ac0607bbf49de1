"""Roles that records of the registry fill: who and what was recorded in and around an area."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from gis.analysis import LayerUse, Note, Role
from gis.grid import CRS
from layers.workspace import Workspace
from locales import LANGUAGES, text
from registry.database import Database
from registry.management import management
from registry.records import adopters, machines, providers, requests

PROVIDERS = ("reference", "commune", "organisation", "since_year", "example", "geometry")
MACHINES = (
    *("reference", "provider", "machine", "count", "crops"),
    *("field_capacity_ha_day", "field_capacity_basis", "commune", "example", "geometry"),
)
REQUESTS = (
    *("reference", "commune", "crop", "season", "year", "machine"),
    *("hectares", "farmers", "date", "example"),
)


@dataclass(frozen=True)
class Recorded:
    """Records that fill a role (points where they have a place), and where they came from."""

    frame: Any
    use: LayerUse
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class _Kind:
    """One kind of records: how it is read around communes, its title, its column of years.

    Kinds of one ``family`` are real together or examples together.
    """

    read: Callable[[Database, Role, gpd.GeoDataFrame], Any]
    title: str
    year: str
    family: str


def recorded(
    roles: Iterable[Role], communes: gpd.GeoDataFrame, workspace: Workspace
) -> Mapping[str, Recorded]:
    """What the roles of records ask for, by variable; roles of layers are passed over.

    Where one real record of a family is found, all its example ones leave: results of a run never
    mix the two. Where nobody recorded anything the frame is empty and has its columns.

    Parameters
    ----------
    communes
        The area, index = code, in metres.
    """
    asked = {role.variable: role for role in roles if role.variable in KINDS}
    if not asked:
        return {}
    with Database.open(workspace.database_url) as database:
        near = {
            name: KINDS[name].read(database, role, communes).astype({"example": bool})
            for name, role in asked.items()
        }
    found: dict[str, Any] = {}
    for family in {KINDS[name].family for name in near}:
        found |= _one_or_the_other(
            {name: frame for name, frame in near.items() if KINDS[name].family == family}
        )
    return {
        name: Recorded(found[name], _use(name, found[name]), _unseen(role, found[name]))
        for name, role in asked.items()
    }


def _one_or_the_other(frames: Mapping[str, Any]) -> dict[str, Any]:
    """Frames of a family without their examples, where one of them holds a real record."""
    real = any((~frame["example"]).any() for frame in frames.values())
    return {
        name: (frame[~frame["example"]] if real else frame).reset_index(drop=True)
        for name, frame in frames.items()
    }


def _near(known: gpd.GeoDataFrame, communes: gpd.GeoDataFrame, margin_m: float) -> gpd.GeoDataFrame:
    """Points at most so far from communes, in the CRS of analysis grids."""
    points = known.to_crs(CRS)
    area = communes.union_all()
    shapely.prepare(area)
    return points[shapely.dwithin(area, points.geometry.to_numpy(), margin_m)]


def _adopters(database: Database, role: Role, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return _near(adopters(database, role.season, role.year), communes, role.margin_m)


def _management(database: Database, role: Role, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    known = management(database)
    return known[known["commune"].isin(communes.index)]


def _providers(database: Database, role: Role, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    found = _near(providers(database), communes, role.margin_m)[list(PROVIDERS)]
    return found.astype({"since_year": "float64"})


def _machines(database: Database, role: Role, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return _near(machines(database), communes, role.margin_m)[list(MACHINES)]


def _requests(database: Database, role: Role, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    known = requests(database)
    return known.loc[known["commune"].isin(communes.index), list(REQUESTS)]


KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "adopters": _Kind(_adopters, "terms.early_adopter", "year", "adopters"),
        "management": _Kind(_management, "terms.plot", "year", "management"),
        "providers": _Kind(_providers, "terms.service_provider", "since_year", "service"),
        "machines": _Kind(_machines, "terms.agricultural_machinery", "", "service"),
        "requests": _Kind(_requests, "sources.requests", "year", "service"),
    }
)
"""Variables that come from records of the registry."""


def _use(name: str, found: Any) -> LayerUse:
    kind = KINDS[name]
    years = found[kind.year].dropna() if kind.year else ()
    return LayerUse(
        id=name,
        variable=name,
        title=tuple((language, text(kind.title, language)) for language in LANGUAGES),
        source=text("sources.registry", "en"),
        licence=text("sources.own_records", "en"),
        edition=str(found["reference"].nunique()),
        year=max((int(year) for year in years), default=None),
        sha256=_fingerprint(found),
        example=bool(found["example"].any()),
        resolution_m=None,
    )


def _fingerprint(found: Any) -> str:
    rows = found.to_wkb(hex=True) if isinstance(found, gpd.GeoDataFrame) else found
    rows = rows.sort_values("reference", kind="stable")
    return hashlib.sha256(rows.to_csv(index=False).encode()).hexdigest()


def _unseen(role: Role, found: Any) -> tuple[Note, ...]:
    """A warning when a season was asked for of which nobody recorded anything here."""
    if role.variable != "adopters":
        return ()
    asked = " ".join(str(part) for part in (role.season, role.year) if part is not None)
    if not asked or (found["status"] != "not-visited").any():
        return ()
    return (Note("sources.season_unseen", (("season", asked),)),)
