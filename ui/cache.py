"""Everything that is kept between reruns, by id and edition; never by array."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import pandas as pd
import streamlit as st

from gis.analysis import Result, Role
from gis.grid import CRS, GEOGRAPHIC
from gis.suitability_parameters import SuitabilityParameters
from layers.backdrop import backdrop
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import Catalogue, Layer, catalogue
from layers.drawing import Backdrop
from layers.map import Served
from layers.prepare import prepare
from layers.recorded import recorded
from layers.run import contributions
from layers.runs import load_run
from layers.sources import read_features
from layers.workspace import Workspace
from registry.database import Database
from registry.records import adopters, events, providers, without_examples_where_real
from ui.state import data_version, workspace

if TYPE_CHECKING:
    from reports.figure.compose import Atlas

_MOST = 96
_FEW = 6
T = TypeVar("T")


def kept(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """What ``make`` gives, made once for a key of ids and editions."""
    found: T = _kept(key, make)
    return found


def held(key: tuple[object, ...], make: Callable[[], T]) -> T:
    """As :func:`kept`, of what is large: only the few that were asked for last stay."""
    found: T = _held(key, make)
    return found


def is_held(key: tuple[object, ...]) -> bool:
    """Whether something is held under a key."""
    try:
        held(key, _nothing)
    except LookupError:
        return False
    return True


def _nothing() -> None:
    raise LookupError


@st.cache_resource(max_entries=_FEW, show_spinner=False)
def _held(key: tuple[object, ...], _make: Callable[[], object]) -> object:
    return _make()


@st.cache_resource(max_entries=_MOST, show_spinner=False)
def _kept(key: tuple[object, ...], _make: Callable[[], object]) -> object:
    return _make()


def ready() -> Workspace:
    """The workspace, made on first use."""
    space = workspace()
    return kept(("ready", space.root, space.database_url), lambda: prepare(space))


def edition() -> str:
    """Names the present content of the workspace."""
    return data_version(ready())


def places() -> Gazetteer:
    return kept(("places", edition()), lambda: gazetteer(ready()))


def atlas() -> Atlas:
    """What every printed map shares."""
    # pages without printed maps are not to wait for matplotlib
    from reports.figure.compose import Atlas

    return kept(("atlas", edition()), lambda: Atlas.of(ready()))


def known_layers() -> Catalogue:
    return kept(("catalogue", edition()), lambda: catalogue(ready()))


def readable_layers() -> list[Layer]:
    """Quantity and class layers, one variable after the other, the best of each first.

    Those that the program made up stay on the page Land, which says so: beside what is known of a
    place they would pass for it.
    """
    known = known_layers()
    return [
        layer
        for variable in known.variables.values()
        if variable.kind in ("quantity", "class")
        for layer in known.for_variable(variable.key)
        if not layer.generated
    ]


def ground(codes: tuple[str, ...]) -> Backdrop:
    """The area under the map, with its roads."""
    return kept(("ground", codes, edition()), lambda: backdrop(places(), codes, roads(codes)))


def roads(codes: tuple[str, ...]) -> gpd.GeoDataFrame | None:
    """Main roads in and around an area, from the best layer that has any."""
    for layer in known_layers().for_variable("roads"):
        found = read_features(layer, places().communes_of(codes), 30_000.0)
        if not found.empty:
            return found.to_crs(GEOGRAPHIC)
    return None


def _records(season: str | None) -> Mapping[str, gpd.GeoDataFrame]:
    with Database.open(ready().database_url) as database:
        return {
            "adopter": adopters(database, season),
            "provider": providers(database),
            "event": events(database),
        }


def records(kind: str, codes: tuple[str, ...], season: str | None = None) -> gpd.GeoDataFrame:
    """Records of an area; example ones leave where real ones are."""
    every = kept(("records", season, edition()), lambda: _records(season))
    found = every[kind]
    inside = found[found["commune"].isin(places().communes_of(codes).index)]
    one_area = dict.fromkeys(inside["commune"], "area")
    return without_examples_where_real(inside, one_area)


def service(codes: tuple[str, ...], margin_m: float) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Providers and their machines in and around an area, as an analysis reads them."""
    roles = tuple(Role(name, "features", "", margin_m) for name in ("providers", "machines"))
    communes = places().communes_of(codes).to_crs(CRS)
    found = kept(
        ("service", codes, margin_m, edition()), lambda: recorded(roles, communes, ready())
    )
    return found["providers"].frame, found["machines"].frame


def result(identity: str) -> Result:
    """A kept result; its id names its content."""
    return kept(("result", identity, workspace().root), lambda: load_run(identity, ready()))


def contributions_of(identity: str, code: str) -> pd.DataFrame:
    """What each criterion adds in a commune, by the parameters of a kept result."""
    made = result(identity).provenance
    params = {item.name: made.parameters[item.name] for item in fields(SuitabilityParameters)}
    return kept(
        ("contributions", identity, code, edition()),
        lambda: contributions(
            made.areas, code, params, resolution=made.resolution_m, workspace=ready()
        ),
    )


def served() -> Served:
    """Addresses of what the map loads; the Latin font is the one that Streamlit ships."""
    return kept(("served",), _served)


def _served() -> Served:
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    media = Path(st.__file__).parent / "static" / "static" / "media"
    fonts = sorted(media.glob("SourceSansVF-Upright*.woff2"))
    latin = f"{prefix}/static/media/{fonts[0].name}" if fonts else ""
    return Served(f"{prefix}/app/static", latin)
