"""Everything that is kept between reruns, by id and edition; never by array."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import streamlit as st

from gis.analysis import Result
from gis.grid import GEOGRAPHIC
from layers.backdrop import backdrop
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import Catalogue, catalogue
from layers.drawing import Backdrop
from layers.map import Served
from layers.prepare import prepare
from layers.runs import load_run
from layers.sources import read_features
from layers.workspace import Workspace
from registry.database import Database
from registry.records import adopters, events, providers, without_examples_where_real
from ui.state import data_version, workspace

_KEPT = 12


@st.cache_resource(max_entries=4)
def _ready(space: Workspace) -> Workspace:
    return prepare(space)


def ready() -> Workspace:
    """The workspace, made on first use."""
    return _ready(workspace())


def places() -> Gazetteer:
    return _places(ready(), data_version(workspace()))


@st.cache_resource(max_entries=2)
def _places(space: Workspace, version: str) -> Gazetteer:
    return gazetteer(space)


def known_layers() -> Catalogue:
    return _catalogue(ready(), data_version(workspace()))


@st.cache_resource(max_entries=2)
def _catalogue(space: Workspace, version: str) -> Catalogue:
    return catalogue(space)


def ground(codes: tuple[str, ...]) -> Backdrop:
    """The area under the map, with its roads."""
    return _ground(codes, data_version(ready()))


@st.cache_resource(max_entries=_KEPT)
def _ground(codes: tuple[str, ...], version: str) -> Backdrop:
    known = places()
    return backdrop(known, codes, roads(codes))


def roads(codes: tuple[str, ...]) -> gpd.GeoDataFrame | None:
    """Main roads in and around an area, from the best layer that has any."""
    for layer in known_layers().for_variable("roads"):
        found = read_features(layer, places().communes_of(codes), 30_000.0)
        if not found.empty:
            return found.rename(columns={layer.field: "road_class"}).to_crs(GEOGRAPHIC)
    return None


@st.cache_resource(max_entries=_KEPT)
def _records(version: str, season: str | None) -> Mapping[str, gpd.GeoDataFrame]:
    with Database.open(ready().database_url) as database:
        return {
            "adopter": adopters(database, season),
            "provider": providers(database),
            "event": events(database),
        }


def records(kind: str, codes: tuple[str, ...], season: str | None = None) -> gpd.GeoDataFrame:
    """Records of an area; example ones leave where real ones are."""
    found = _records(data_version(ready()), season if kind == "adopter" else None)[kind]
    inside = found[found["commune"].isin(places().communes_of(codes).index)]
    one_area = dict.fromkeys(inside["commune"], "area")
    return without_examples_where_real(inside, one_area)


@st.cache_resource(max_entries=6)
def result(identity: str) -> Result:
    """A kept result; its id names its content."""
    return load_run(identity, ready())


@st.cache_resource
def served() -> Served:
    """Addresses of what the map loads; the Latin font is the one that Streamlit ships."""
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    fonts = sorted(media.glob("SourceSansVF-Upright*.woff2"))
    latin = f"{prefix}/static/media/{fonts[0].name}" if fonts else ""
    return Served(f"{prefix}/app/static", latin)
