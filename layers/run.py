"""The one place where reading meets computing: area code in, ``Result`` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import geopandas as gpd
import pandas as pd

from gis.analyses import ANALYSES
from gis.analysis import Analysis, Inputs, Note, Outcome, Progress, Provenance, Result, silent
from gis.errors import BadParameter, UnknownAnalysis
from gis.grid import CRS, RESOLUTION_M, analysis_grid
from layers.boundaries import Area, Gazetteer, gazetteer
from layers.gather import Gathered, gather
from layers.gazetteer import COUNTRY
from layers.parameters import parameters_of
from layers.prepare import prepare
from layers.tracks import tracks
from layers.workspace import Workspace
from locales import LANGUAGES, text

LEVELS = ("country", "province", "district", "commune")


def run(
    analysis: str,
    area: str | Sequence[str],
    params: Mapping[str, Any] | None = None,
    *,
    resolution: float | None = None,
    workspace: Workspace | None = None,
    progress: Progress = silent,
) -> Result:
    """Run an analysis over areas.

    Parameters
    ----------
    analysis
        Name of an analysis (``suitability``, ``sites``).
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

    Raises
    ------
    UsageError
        When the words of the call are off.
    DataError
        When the data are refused.
    """
    spec = analysis_named(analysis)
    parameters = parameters_of(spec.parameters, _with_tracks(params))
    workspace = prepare(workspace or Workspace.default())
    places = gazetteer(workspace)
    areas = _areas(places, area)
    codes = [item.code for item in areas]
    communes = places.communes_of(codes).to_crs(CRS)
    size = resolution or max(RESOLUTION_M[item.level] for item in areas)
    grid = analysis_grid(communes, size)
    roles = spec.roles(parameters)
    gathered = gather(roles, grid, communes, places, workspace, progress)
    steps = len(roles) + 1
    progress("steps.computing", steps, steps)
    inputs = Inputs(
        grid=grid,
        communes=communes,
        districts=_districts(places, communes),
        rasters=gathered.rasters,
        features=gathered.features,
        figures=gathered.figures,
        absent=gathered.absent,
        years=gathered.years,
    )
    notes = (*_in_part(places, codes), *gathered.notes)
    outcome = _in_words(spec.compute(inputs, parameters, progress), notes)
    return Result(outcome, _provenance(spec, parameters, codes, gathered, size), grid)


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


def _with_tracks(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Parameters over the tables of the house; a caller may bring tracks of their own."""
    return {"tracks": tracks()} | dict(params or {})


def _areas(places: Gazetteer, words: str | Sequence[str]) -> tuple[Area, ...]:
    names = words.split(",") if isinstance(words, str) else list(words)
    found = {
        area.code: area for area in (places.find(name.strip()) for name in names if name.strip())
    }
    if not found:
        raise BadParameter("area", ",".join(names), "0207,0208,0201,13")
    return tuple(found.values())


def _districts(places: Gazetteer, communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    codes = sorted(set(communes["district"]))
    return places.districts.loc[codes].to_crs(CRS)


def _in_part(places: Gazetteer, codes: Sequence[str]) -> tuple[Note, ...]:
    """A warning when the country was asked for and the embedded outlines are not all of it."""
    if COUNTRY not in codes or not places.embedded:
        return ()
    names = tuple(
        {"en": row["name_en"], "km": row["name_km"] or row["name_en"]}
        for _, row in places.provinces.sort_index().iterrows()
    )
    return (Note("sources.country_in_part", (("provinces", names),)),)


def _in_words(outcome: Outcome, notes: tuple[Note, ...]) -> Outcome:
    """Reasons as sentences in every language, and the warnings of reading before the others."""
    return replace(
        outcome,
        tables={name: _sentences(table) for name, table in outcome.tables.items()},
        features={name: _sentences(frame) for name, frame in outcome.features.items()},
        warnings=(*notes, *outcome.warnings),
    )


def _sentences(table: pd.DataFrame) -> pd.DataFrame:
    if "reason" not in table:
        return table
    place = list(table.columns).index("reason")
    said = table.drop(columns="reason")
    for offset, language in enumerate(LANGUAGES):
        sentences = [
            " ".join(text(note.key, language, **dict(note.values)) for note in notes)
            for notes in table["reason"]
        ]
        said.insert(place + offset, f"reason_{language}", sentences)
    return said


def _provenance(
    spec: Analysis, parameters: Any, codes: Sequence[str], gathered: Gathered, size: float
) -> Provenance:
    stated = asdict(parameters)
    stated["tracks"] = [track for track in stated["tracks"] if track["key"] == parameters.track]
    return Provenance(
        analysis=spec.name,
        areas=tuple(codes),
        parameters=stated,
        layers=gathered.uses,
        software=f"deimap {version('deimap')}",
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        crs=CRS,
        resolution_m=size,
        example=any(use.example for use in gathered.uses),
    )
