"""Filling the roles of an analysis: for each the best layer that covers the area, on one grid."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox

from gis.analysis import LayerUse, Note, Progress, Role
from gis.errors import PeriodOutsideData, WrongUnit
from gis.grid import CRS, padded
from layers.boundaries import Gazetteer
from layers.catalogue import Catalogue, Layer, catalogue
from layers.recorded import Recorded, recorded
from layers.sources import coverage, read_features, read_figures, read_raster
from layers.workspace import Workspace
from locales import LANGUAGES, text

COVERS = 0.9
"""Share of the area that a layer must cover to count as present there: a working value."""


CELLS_AT_ONCE = 250_000_000
"""Cells, all years counted, that are read into memory at once: 1 GB as float32."""
CHUNK = 1024
"""Cells along a block where that is too much: 4 million cells and years take 100 MB."""


@dataclass(frozen=True)
class Place:
    """Where an analysis runs and what the workspace knows there."""

    grid: GeoBox
    communes: gpd.GeoDataFrame
    places: Gazetteer
    workspace: Workspace
    catalogue: Catalogue
    chunk: int | None = None
    pinned: frozenset[str] | None = None

    def may_read(self, layer: Layer, role: Role) -> bool:
        """Whether a layer is among those pinned; examples that would only accompany leave later."""
        if self.pinned is None or layer.id in self.pinned:
            return True
        rivals = (other.id for other in self.catalogue.for_variable(role.variable))
        return role.accompanies and layer.example and self.pinned.isdisjoint(rivals)


@dataclass(frozen=True)
class Filled:
    """What fills one role: nothing, when no layer of the workspace covers the area."""

    role: Role
    raster: xr.DataArray | None = None
    features: gpd.GeoDataFrame | None = None
    figures: pd.DataFrame | None = None
    uses: tuple[LayerUse, ...] = ()
    years: tuple[tuple[str, int | None], ...] = ()
    notes: tuple[Note, ...] = ()
    widest: float = 0.0
    """Share of the area that the widest layer covers, where none covers enough."""

    @property
    def absent(self) -> bool:
        return self.raster is None and self.features is None and self.figures is None


@dataclass(frozen=True)
class Gathered:
    """All roles filled, and where what fills them came from."""

    filled: tuple[Filled, ...]
    uses: tuple[LayerUse, ...]
    notes: tuple[Note, ...]

    def of(self, analysis: str = "") -> Gathered:
        """What one analysis asked for: the one that runs, or one that it rests on."""
        own = tuple(item for item in self.filled if item.role.beside == analysis)
        return replace(self, filled=own)

    @property
    def rasters(self) -> Mapping[str, xr.DataArray]:
        return {f.role.variable: f.raster for f in self.filled if f.raster is not None}

    @property
    def features(self) -> Mapping[str, gpd.GeoDataFrame]:
        return {f.role.variable: f.features for f in self.filled if f.features is not None}

    @property
    def figures(self) -> pd.DataFrame:
        return next((f.figures for f in self.filled if f.figures is not None), pd.DataFrame())

    @property
    def absent(self) -> tuple[str, ...]:
        return tuple(f.role.variable for f in self.filled if f.absent)

    @property
    def years(self) -> Mapping[str, int | None]:
        return {name: year for f in self.filled for name, year in f.years}


def gather(
    roles: tuple[Role, ...],
    grid: GeoBox,
    communes: gpd.GeoDataFrame,
    places: Gazetteer,
    workspace: Workspace,
    progress: Progress,
    chunk: int | None = None,
    pinned: frozenset[str] | None = None,
) -> Gathered:
    """Read what the roles ask for onto the grid.

    A role that no layer fills over at least ``COVERS`` of the area is left out, with a note.

    Parameters
    ----------
    chunk
        Cells along a block of dask arrays, which are read when they are needed; by default
        rasters are read now. Both have the same bits.
    pinned
        Ids of the layers that may be read; by default the best of all.

    Raises
    ------
    PeriodOutsideData
        When the best layer of a series holds none of the years asked for.
    DataError
        The named fault of a file.
    """
    place = Place(grid, communes, places, workspace, catalogue(workspace), chunk, pinned)
    known = recorded(roles, communes, workspace)
    filled = []
    for number, role in enumerate(roles, 1):
        progress("steps.reading", number, len(roles) + 1)
        own = known.get(role.variable)
        filled.append(fill(role, place) if own is None else _from_records(role, own))
    filled, left_out = _without_lone_examples(filled)
    uses = {use.id: use for item in filled for use in item.uses}
    uses |= {"boundaries": boundaries_use(places)}
    notes = [*left_out, *(note for item in filled for note in item.notes)]
    notes += [*_too_small(filled, place.catalogue), *_too_fine(grid, uses.values())]
    return Gathered(tuple(filled), tuple(uses.values()), tuple(notes))


def _without_lone_examples(filled: list[Filled]) -> tuple[list[Filled], list[Note]]:
    """Roles without the example content that would only accompany real layers."""
    lone = {item.role.variable for item in filled if item.role.accompanies and _example(item)}
    if not lone or any(_example(item) for item in filled if not item.role.accompanies):
        return filled, []
    gone = {use.id: use for item in filled if item.role.variable in lone for use in item.uses}
    titles = tuple(dict(use.title) for use in gone.values())
    left = [Filled(item.role) if item.role.variable in lone else item for item in filled]
    return left, [Note("sources.example_left_out", (("layers", titles),))]


def _example(item: Filled) -> bool:
    return any(use.example for use in item.uses)


def chunk_for(roles: Iterable[Role], grid: GeoBox) -> int | None:
    """Size of blocks for what the roles ask for, ``None`` where it fits into memory at once."""
    cells = 0
    for role in roles:
        if role.kind in ("quantity", "class"):
            rows, columns = padded(grid, role.margin_m).shape
            cells += max(len(role.years), 1) * rows * columns
    return CHUNK if cells > CELLS_AT_ONCE else None


def fill(role: Role, place: Place) -> Filled:
    """Fill one role, but one of records, with the best there is."""
    if role.variable == "villages":
        return _villages(role, place)
    if role.kind == "figures":
        return _figures(role, place)
    candidates = place.catalogue.for_variable(role.variable)
    shares = [(layer, coverage(layer, place.communes, place.places)) for layer in candidates]
    fitting = [layer for layer, share in shares if share >= COVERS]
    chosen = next((layer for layer in fitting if place.may_read(layer, role)), None)
    if chosen is None:
        best = max((share for _, share in shares if share < COVERS), default=0.0)
        return Filled(role, widest=best)
    return replace(_read(role, chosen, place), notes=_own_too_small(shares, chosen))


def _read(role: Role, chosen: Layer, place: Place) -> Filled:
    if role.kind == "features":
        features = read_features(chosen, place.communes, role.margin_m)
        return Filled(role, features=features, **_from(chosen))
    if role.kind == "quantity" and chosen.unit != role.units:
        raise WrongUnit(chosen.id, chosen.unit, role.units)
    grid = padded(place.grid, role.margin_m)
    if not role.years:
        read = read_raster(chosen, grid, place.places, chunk=place.chunk)
        return Filled(role, raster=read, **_from(chosen))
    years = tuple(sorted(set(role.years) & set(chosen.dated)))
    if not years and role.beside:
        # What only rests on the series does without; it says so itself.
        return Filled(role)
    if not years:
        period = f"{min(role.years)}-{max(role.years)}"
        raise PeriodOutsideData(chosen.id, period, tuple(sorted(role.years)))
    series = read_raster(chosen, grid, place.places, years, place.chunk)
    return Filled(role, raster=series, **_from(replace(chosen, year=years[-1])))


def use_of(layer: Layer) -> LayerUse:
    """Provenance of a layer."""
    return LayerUse(
        id=layer.id,
        variable=layer.variable,
        title=tuple(layer.title.items()),
        source=layer.source,
        licence=layer.licence,
        edition=layer.edition,
        year=layer.year,
        sha256=layer.sha256,
        example=layer.example,
        resolution_m=layer.resolution_m,
        coarse=layer.coarse,
    )


def boundaries_use(places: Gazetteer) -> LayerUse:
    """Provenance of the outlines that the area was made of."""
    title = tuple((language, text("terms.commune", language)) for language in LANGUAGES)
    return LayerUse(
        id="boundaries",
        variable="communes",
        title=title,
        source=places.source,
        licence=places.licence,
        edition=places.edition,
        year=places.year,
        sha256=places.sha256,
        example=False,
        resolution_m=None,
    )


def villages_use(places: Gazetteer, codes: Iterable[str]) -> LayerUse:
    """Provenance of the villages of an area, imported ones among them."""
    inside = places.villages.loc[sorted(codes)]
    title = tuple((language, text("terms.village", language)) for language in LANGUAGES)
    rows = inside[["commune", "name_en", "name_km"]].assign(place=inside.geometry.to_wkb(hex=True))
    return LayerUse(
        id="villages",
        variable="villages",
        title=title,
        source=places.source,
        licence=places.licence,
        edition=str(len(inside)),
        year=places.year,
        sha256=hashlib.sha256(rows.to_csv().encode()).hexdigest(),
        example=False,
        resolution_m=None,
    )


def _from_records(role: Role, own: Recorded) -> Filled:
    years = ((role.variable, own.use.year),)
    return Filled(role, features=own.frame, uses=(own.use,), years=years, notes=own.notes)


def _figures(role: Role, place: Place) -> Filled:
    figures = read_figures(place.workspace)
    table = figures.table.reindex(place.communes.index)
    return Filled(
        role,
        figures=table,
        uses=tuple(use_of(layer) for layer in figures.layers),
        years=tuple(figures.years.items()),
    )


def _villages(role: Role, place: Place) -> Filled:
    villages = place.places.villages.to_crs(CRS)
    inside = villages[villages["commune"].isin(place.communes.index)]
    return Filled(role, features=inside, uses=(villages_use(place.places, inside.index),))


def _from(layer: Layer) -> Any:
    return {"uses": (use_of(layer),), "years": ((layer.variable, layer.year),)}


def _own_too_small(shares: list[tuple[Layer, float]], chosen: Layer) -> tuple[Note, ...]:
    """What an office would else wonder about: its own layer is here and another one was read."""
    passed_over = [(layer, share) for layer, share in shares if layer.own and share < COVERS]
    if chosen.own or not passed_over:
        return ()
    return _note_of([(dict(layer.title), share) for layer, share in passed_over])


def _note_of(shares: list[tuple[dict[Any, str], float]]) -> tuple[Note, ...]:
    said = tuple(
        Note("sources.layer_share", (("layer", title), ("share", round(100 * share))))
        for title, share in shares
    )
    return (Note("sources.layers_too_small", (("layers", said),)),) if said else ()


def _too_small(filled: Iterable[Filled], known: Catalogue) -> tuple[Note, ...]:
    """What an analysis cannot know of an absent role: that there is a layer, too small."""
    absent = {item.role.variable: item.widest for item in filled if item.absent and item.widest > 0}
    return _note_of([(dict(known.variables[name].title), share) for name, share in absent.items()])


def _too_fine(grid: GeoBox, uses: Iterable[LayerUse]) -> list[Note]:
    """A warning when the grid is finer than anything that was read onto it."""
    sizes = [use.resolution_m for use in uses if use.resolution_m is not None]
    cell = abs(grid.resolution.x)
    if not sizes or cell >= min(sizes):
        return []
    return [Note("sources.grid_finer", (("cell", cell), ("finest", round(min(sizes)))))]
