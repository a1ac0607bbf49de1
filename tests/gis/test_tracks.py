"""Tracks and parameters: what is refused, and what every number rests on."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from gis.analyses import ANALYSES, coverage, suitability
from gis.coverage.parameters import COVERAGE_BASES, CoverageParameters
from gis.errors import BadParameter, UnknownParameter
from gis.sites.parameters import SITES_BASES, SitesParameters
from gis.suitability_parameters import AxisWeights, Cutoffs, SuitabilityParameters
from gis.tracks import Criterion, Track
from layers.machinery import machinery
from layers.tracks import tracks


@pytest.mark.parametrize(
    "build",
    [
        lambda: AxisWeights(need=-1),
        lambda: AxisWeights(need=0, fit=0, service=0, spread=0),
        lambda: Cutoffs(s1=0.6, s2=0.6),
        lambda: Cutoffs(s1=1.2),
        lambda: SitesParameters(count=0),
        lambda: SitesParameters(reach_m=0),
        lambda: SitesParameters(objective="money"),  # type: ignore[arg-type]
        lambda: TypeAdapter(SitesParameters).validate_python({"coutn": 3}),
        lambda: TypeAdapter(SitesParameters).validate_python({"weights": {"needs": 3}}),
        lambda: AxisWeights(need=float("nan")),
    ],
)
def test_what_makes_no_sense_is_refused(build: Any) -> None:
    with pytest.raises(ValidationError):
        build()


def test_a_track_names_each_thing_once(sketch: SimpleNamespace) -> None:
    first = sketch.track.criteria[0]
    for twin in (first, replace(first, key="other")):
        with pytest.raises(ValidationError, match="twice"):
            replace(sketch.track, criteria=(first, twin))
    with pytest.raises(ValidationError):
        replace(sketch.track, criteria=())
    with pytest.raises(ValidationError):
        TypeAdapter(Criterion).validate_python({"key": "a", "wieght": 1})


def test_the_chosen_track(sketch: SimpleNamespace) -> None:
    given = SuitabilityParameters(tracks=(sketch.track,), criterion_weights={"poverty": 5})
    assert given.chosen.criteria[0].weight == 5
    assert given.chosen.criteria[1].weight == 1
    with pytest.raises(BadParameter, match="upland"):
        SuitabilityParameters(track="orchard", tracks=(sketch.track,)).chosen  # noqa: B018
    with pytest.raises(UnknownParameter, match="poverty"):
        replace(given, criterion_weights={"povrety": 5}).chosen  # noqa: B018


SCORED = tuple(spec for spec in ANALYSES if hasattr(spec.parameters(), "weights"))


def numbers(kind: Any, prefix: str = "") -> set[str]:
    found = set()
    for item in fields(kind):
        value = getattr(kind, item.name)
        if is_dataclass(value):
            found |= numbers(value, f"{prefix}{item.name}.")
        elif isinstance(value, int | float):
            found.add(prefix + item.name)
    return found


def test_every_default_states_what_it_rests_on() -> None:
    assert {basis.name for basis in SITES_BASES} == numbers(SitesParameters())
    assert all(basis.source and basis.units for basis in SITES_BASES)
    for basis in SITES_BASES:
        assert basis.working_value == basis.source.startswith("Working value")


def test_every_default_of_coverage_states_what_it_rests_on() -> None:
    """A change that nobody asked for, and the moves of the method, rest on nothing."""
    needed = numbers(CoverageParameters()) - {"neighbours"}
    needed = {name for name in needed if not name.startswith("what_if.")}
    assert needed | {"bands", "band_weights"} == {basis.name for basis in COVERAGE_BASES}
    assert all(basis.source and basis.units for basis in COVERAGE_BASES)


@pytest.mark.parametrize("track", tracks(), ids=lambda track: track.key)
def test_the_table_of_tracks(track: Track) -> None:
    assert {item.axis for item in track.criteria} == {"need", "fit", "service", "spread"}
    for item in track.criteria:
        assert item.source
        if not item.working_value:
            assert "orking value" not in item.source
    assert all(mask.source for mask in track.masks)


@pytest.mark.parametrize("spec", SCORED, ids=lambda spec: spec.name)
@pytest.mark.parametrize("track", tracks(), ids=lambda track: track.key)
def test_roles_name_every_variable_once(spec: Any, track: Track) -> None:
    stated = {"tracks": tracks(), "machinery": machinery()}
    roles = spec.roles(spec.parameters(track=track.key, **stated))
    names = [(role.beside, role.variable) for role in roles]
    assert len(set(names)) == len(names)
    own = {role.variable: role for role in roles if not role.beside}
    assert {"figures", "roads", "adopters", "slope", "soil_group"} <= set(own)
    kinds = {variable: role.kind for variable, role in own.items()}
    assert kinds["soil_group"] == "class"
    assert kinds["protected_zone"] == "class"
    assert own["slope"].units == "degree"
    with pytest.raises(BadParameter):
        spec.roles(spec.parameters(**stated | {"track": "orchard"}))


@pytest.mark.parametrize("track", tracks(), ids=lambda track: track.key)
def test_what_another_analysis_reads_is_read_as_that_one_reads_it(track: Track) -> None:
    """But for what only accompanies: made-up providers or series do not stamp real results."""
    given = SuitabilityParameters(track=track.key, tracks=tracks(), machinery=machinery())
    beside = [role for role in suitability.roles(given) if role.beside]
    assert all(role.accompanies for role in beside)
    known = {role.variable: role for role in coverage.roles(given.coverage)}
    ways = {role.variable: role for role in beside if role.beside == "coverage"}
    assert set(known) - set(ways) == {"figures"}
    for variable, role in ways.items():
        assert replace(role, beside="", accompanies=known[variable].accompanies) == known[variable]
    land = {role.variable: role for role in beside if role.beside == "land-degradation"}
    assert set(land) == {
        *("vegetation_index", "land_cover", "soil_carbon"),
        *("soil_group", "climate_zone"),
    }
    # Of the trend the newest period alone; stocks settle over all years of the land cover.
    assert (land["vegetation_index"].years[0], land["vegetation_index"].years[-1]) == (2008, 2023)
    assert (land["land_cover"].years[0], land["land_cover"].years[-1]) == (2000, 2023)
