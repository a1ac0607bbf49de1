"""The one place where reading meets computing: area code in, ``Result`` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from importlib.metadata import version
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from gis.analyses import ANALYSES
from gis.analyses.suitability import contributions_at
from gis.analysis import (
    Analysis,
    Inputs,
    Note,
    Outcome,
    Progress,
    Provenance,
    Result,
    Role,
    silent,
)
from gis.errors import BadParameter, GridTooLarge, OutsideArea, UnknownAnalysis
from gis.grid import (
    COARSEST_M,
    CRS,
    GEOGRAPHIC,
    MAX_CELLS,
    MAX_CELLS_IN_BLOCKS,
    RESOLUTION_M,
    analysis_grid,
)
from gis.overview import MOST_CELLS, Overview, overview
from gis.terrain import cells_at
from gis.zonal import NO_ZONE, zone_of_cells
from layers.boundaries import Area, Gazetteer, gazetteer
from layers.gather import Gathered, chunk_for, gather
from layers.machinery import machinery
from layers.parameters import parameters_of
from layers.prepare import prepare
from layers.tracks import tracks
from layers.wording import in_part, in_words
from layers.workspace import Workspace

LEVELS = ("country", "province", "district", "commune")
TABLES: Mapping[str, Callable[[], Any]] = MappingProxyType(
    {"tracks": tracks, "machinery": machinery}
)
"""Tables of the house: each fills the parameter of its name."""


def run(
    analysis: str,
    area: str | Sequence[str],
    params: Mapping[str, Any] | None = None,
    *,
    resolution: float | None = None,
    workspace: Workspace | None = None,
    progress: Progress = silent,
    chunk: int | None = None,
    pinned: frozenset[str] | None = None,
) -> Result:
    """Run an analysis over areas.

    Parameters
    ----------
    analysis
        Name of an analysis (``suitability``, ``land-degradation``, ``sites``).
    area
        Codes or names, one or several (a text is split at commas); ``KH`` is the country.
    params
        Parameters by name; what is not given keeps its default.
    resolution
        Cell size in metres; by default that of the coarsest level of the areas.
    workspace
        Where layers and records live; by default the one that the environment names.
    progress
        Called at each step; what it raises stops the run.
    chunk
        Cells along the blocks in which rasters are read and computed, for areas that memory does
        not hold; the bits are those of a run without.
    pinned
        Ids of the layers that may be read, to repeat an earlier run; by default the best of all.

    Raises
    ------
    UsageError
        When the words of the call are off.
    DataError
        When the data are refused.
    """
    job = _read(analysis, area, params, resolution, workspace, progress, chunk, pinned=pinned)
    outcome = job.spec.compute(job.inputs, job.parameters, progress)
    notes = (*in_part(job.places, job.codes), *job.gathered.notes)
    said = _with_outlines(in_words(outcome, notes), job.inputs)
    return Result(said, _provenance(job), job.inputs.grid)


def contributions(
    area: str | Sequence[str],
    at: str | tuple[float, float],
    params: Mapping[str, Any] | None = None,
    *,
    resolution: float | None = None,
    workspace: Workspace | None = None,
) -> pd.DataFrame:
    """What each criterion adds to the suitability of a place, computed when it is asked for.

    Parameters
    ----------
    area, params, resolution, workspace
        As of the run that the question is about.
    at
        Code or name of an area inside it, or longitude and latitude of a cell.

    Returns
    -------
    DataFrame
        As :func:`gis.analyses.suitability.contributions_at`.

    Raises
    ------
    OutsideArea
        When the place has no cell of the area.
    """
    job = _read("suitability", area, params, resolution, workspace, silent)
    cells = _cells(job, at)
    if not cells.any():
        raise OutsideArea(str(at), ",".join(job.codes))
    return contributions_at(job.inputs, job.parameters, cells)


def ground_of_overview(
    area: str | Sequence[str],
    params: Mapping[str, Any] | None = None,
    *,
    resolution: float | None = None,
    workspace: Workspace | None = None,
    progress: Progress = silent,
) -> Overview:
    """The scored criteria of an area, read once and coarsely, to be combined anew for any weights.

    Parameters
    ----------
    area, params, workspace, progress
        As of a run of ``sites``; its goal, weights and cut-offs do not matter.
    resolution
        As of a run; coarser where the grid would have more than ``MOST_CELLS``.

    Raises
    ------
    UsageError, DataError
        As of a run.
    """
    asked = {**(params or {}), "goal": "adopters"}
    while True:
        try:
            job = _read("sites", area, asked, resolution, workspace, progress, most=MOST_CELLS)
        except GridTooLarge as error:
            resolution = error.coarser
            continue
        return overview(job.inputs, job.parameters, any(use.example for use in job.gathered.uses))


@dataclass(frozen=True)
class _Job:
    """An analysis with everything read that it needs."""

    spec: Analysis
    parameters: Any
    places: Gazetteer
    codes: tuple[str, ...]
    gathered: Gathered
    inputs: Inputs

    @property
    def resolution_m(self) -> float:
        return abs(float(self.inputs.grid.resolution.x))


def _read(
    analysis: str,
    area: str | Sequence[str],
    params: Mapping[str, Any] | None,
    resolution: float | None,
    workspace: Workspace | None,
    progress: Progress,
    chunk: int | None = None,
    most: int | None = None,
    pinned: frozenset[str] | None = None,
) -> _Job:
    spec = analysis_named(analysis)
    parameters = parameters_of(spec.parameters, _with_tables(spec, params))
    workspace = prepare(workspace or Workspace.default())
    places = gazetteer(workspace)
    areas = _areas(places, area)
    codes = tuple(item.code for item in areas)
    communes = places.communes_of(codes).to_crs(CRS)
    if resolution is not None and not 0 < resolution <= COARSEST_M:
        raise BadParameter("resolution", f"{resolution:g}", f"1-{COARSEST_M:g}")
    cell = resolution or max(RESOLUTION_M[item.level] for item in areas)
    most = most or (MAX_CELLS_IN_BLOCKS if spec.chunkable else MAX_CELLS)
    grid = analysis_grid(communes, cell, most)
    roles = spec.roles(parameters)
    chunk = _chunk(spec, chunk, roles, grid)
    gathered = gather(roles, grid, communes, places, workspace, progress, chunk, pinned)
    steps = len(roles) + 1
    progress("steps.computing", steps, steps)
    bare = Inputs(
        grid=grid,
        communes=communes,
        districts=_parents(places.districts, communes["district"]),
        rasters={},
        features={},
        figures=pd.DataFrame(),
        areas=codes,
        provinces=_parents(places.provinces, communes["province"]),
    )
    rested_on = {role.beside for role in roles if role.beside}
    beside = {name: _filled(bare, gathered.of(name)) for name in sorted(rested_on)}
    inputs = replace(_filled(bare, gathered.of()), beside=beside)
    return _Job(spec, parameters, places, codes, gathered, inputs)


def _filled(bare: Inputs, gathered: Gathered) -> Inputs:
    """The inputs of one analysis with what was read for it."""
    return replace(
        bare,
        rasters=gathered.rasters,
        features=gathered.features,
        figures=gathered.figures,
        absent=gathered.absent,
        years=gathered.years,
        resolutions={
            use.variable: use.resolution_m for item in gathered.filled for use in item.uses
        },
    )


def _chunk(spec: Analysis, asked: int | None, roles: tuple[Role, ...], grid: GeoBox) -> int | None:
    """Cells along a block, where the analysis can work so; by default where memory asks for it."""
    if asked is None:
        return chunk_for(roles, grid) if spec.chunkable else None
    if not spec.chunkable:
        able = ", ".join(one.name for one in ANALYSES if one.chunkable)
        raise BadParameter("chunk", str(asked), able)
    if asked < 1:
        raise BadParameter("chunk", str(asked), Note("allowed.greater_than_equal", (("ge", "1"),)))
    return asked


def _cells(job: _Job, at: str | tuple[float, float]) -> NDArray[np.bool_]:
    """Cells of the area that a place holds."""
    inside: NDArray[np.bool_] = zone_of_cells(job.inputs.communes, job.inputs.grid) != NO_ZONE
    if isinstance(at, str):
        zone = job.places.communes_of([job.places.find(at).code]).to_crs(CRS)
        inside &= zone_of_cells(zone, job.inputs.grid) != NO_ZONE
        return inside
    point = gpd.GeoSeries.from_xy([at[0]], [at[1]], crs=GEOGRAPHIC).to_crs(CRS)
    (row,), (column,) = cells_at(np.column_stack([point.x, point.y]), job.inputs.grid)
    held: NDArray[np.bool_] = np.zeros_like(inside)
    if row >= 0:
        held[row, column] = inside[row, column]
    return held


def analysis_named(name: str) -> Analysis:
    """The analysis of a name.

    Raises
    ------
    UnknownAnalysis
        When there is none.
    """
    for spec in ANALYSES:
        if spec.name == name:
            return spec
    raise UnknownAnalysis(name, tuple(spec.name for spec in ANALYSES))


def _with_tables(spec: Analysis, params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameters over the tables of the house; a caller may bring tables of their own."""
    wanted = {item.name for item in fields(spec.parameters)} & TABLES.keys()
    return {name: TABLES[name]() for name in sorted(wanted)} | dict(params or {})


def _areas(places: Gazetteer, words: str | Sequence[str]) -> tuple[Area, ...]:
    names = words.split(",") if isinstance(words, str) else list(words)
    found = {
        area.code: area for area in (places.find(name.strip()) for name in names if name.strip())
    }
    if not found:
        raise BadParameter("area", ",".join(names), "0207,0208,0201,13")
    return tuple(found.values())


def _parents(units: gpd.GeoDataFrame, codes: pd.Series[str]) -> gpd.GeoDataFrame:
    """Districts or provinces that hold the communes."""
    return units.loc[sorted(set(codes))].to_crs(CRS)


def _with_outlines(outcome: Outcome, inputs: Inputs) -> Outcome:
    """The tables of areas as map layers too, beside the features of the analysis."""
    outlines = {
        "communes": inputs.communes,
        "districts": inputs.districts,
        "provinces": inputs.provinces,
    }
    drawn = {
        name: gpd.GeoDataFrame(
            table, geometry=outlines[name].geometry.reindex(table.index), crs=inputs.communes.crs
        )
        for name, table in outcome.tables.items()
        if name in outlines
    }
    return replace(outcome, features={**outcome.features, **drawn})


def _provenance(job: _Job) -> Provenance:
    parameters, uses = job.parameters, job.gathered.uses
    stated = asdict(parameters)
    # The machines of a provider serve all tracks: with them every track counts.
    if "tracks" in stated and "machinery" not in stated:
        chosen = parameters.track
        stated["tracks"] = [track for track in stated["tracks"] if track["key"] == chosen]
    return Provenance(
        analysis=job.spec.name,
        areas=job.codes,
        parameters=stated,
        layers=uses,
        software=f"deimap {version('deimap')}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        crs=CRS,
        resolution_m=job.resolution_m,
        example=any(use.example for use in uses),
    )
