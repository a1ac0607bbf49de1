"""Parameters of the coverage analysis, and what each default rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from gis.coverage.machinery import HectaresPerDay, KmPerHour, Machinery, Word
from gis.errors import BadParameter, UnknownParameter
from gis.membership import STRICT
from gis.parameters import Basis, Metres, Season
from gis.tracks import Track

DemandKind: TypeAlias = Literal["crop-area", "scenario", "requested"]
DEMANDS: tuple[DemandKind, ...] = ("crop-area", "scenario", "requested")
Decay: TypeAlias = Literal["bands", "gaussian"]
Minutes = Annotated[float, Field(gt=0, le=1440)]
Factor = Annotated[float, Field(gt=0, le=10)]
Share = Annotated[float, Field(ge=0, le=1)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]

BREAK_EVEN_HA = (113.0, 116.0)
"""Hectares a year at which tractor hire breaks even: 72 owners, Banan 2019. Not no-till."""


@dataclass(frozen=True, config=STRICT)
class NewBase:
    """A base that is not there: where, and which machines it would have.

    ``hectares_a_day`` of one machine, by default that of the table; ``crops`` by default all that
    its kind serves, those of other tracks too. It has as many tractors as machines that do
    anything in the season.
    """

    lon: Longitude
    lat: Latitude
    machine: Word = "no-till-planter"
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    hectares_a_day: HectaresPerDay | None = None
    crops: tuple[Word, ...] = ()


@dataclass(frozen=True, config=STRICT)
class MovedBase:
    """A provider's base somewhere else."""

    provider: str
    lon: Longitude
    lat: Latitude


@dataclass(frozen=True, config=STRICT)
class MoreMachines:
    """Machines that a provider would have on top, each with a tractor of its own."""

    provider: str
    machine: Word = "no-till-planter"
    count: Annotated[int, Field(ge=1, le=1000)] = 1
    hectares_a_day: HectaresPerDay | None = None
    crops: tuple[Word, ...] = ()


@dataclass(frozen=True, config=STRICT)
class WhatIf:
    """Changes to the present; without any of them a run shows the present.

    Attributes
    ----------
    bases, closed, moved, more_machines
        Bases added, references of providers that stop or move, machines bought.
    speed_factor, capacity_factor
        Multiply every speed and every field capacity.
    speeds
        Key of a row of the table -> km/h in the season of the run.
    """

    bases: tuple[NewBase, ...] = ()
    closed: tuple[str, ...] = ()
    moved: tuple[MovedBase, ...] = ()
    more_machines: tuple[MoreMachines, ...] = ()
    speed_factor: Factor = 1.0
    capacity_factor: Factor = 1.0
    speeds: dict[str, KmPerHour] = field(default_factory=dict)

    @property
    def nothing(self) -> bool:
        """True when everything stays as it is."""
        return self == WhatIf()


@dataclass(frozen=True, config=STRICT)
class Ranges:
    """Low and high factors with which every headline is worked out again."""

    speed_low: Factor = 0.5
    speed_high: Factor = 2.0
    capacity_low: Factor = 0.75
    capacity_high: Factor = 1.25

    def __post_init__(self) -> None:
        if not (self.speed_low <= 1 <= self.speed_high):
            raise _around_one("speed_low", self.speed_low, self.speed_high)
        if not (self.capacity_low <= 1 <= self.capacity_high):
            raise _around_one("capacity_low", self.capacity_low, self.capacity_high)


@dataclass(frozen=True, config=STRICT)
class CoverageParameters:
    """Which track, season and demand; how far, how fast, how much; and what if.

    Attributes
    ----------
    season, year
        The season planned for; by default the newest year with requests in that season.
    demand
        ``crop-area``: all hectares of the track's crops; ``scenario``: ``scenario_share`` of them;
        ``requested``: recorded at meetings. Only the last two may be called unmet.
    machine
        A kind of machine; by default those that plant on the track.
    limit_minutes
        Longest way on which a provider serves, inclusive.
    bands, band_weights
        Bands of travel time of the floating catchments, and the weight of each.
    decay
        ``bands``, or ``gaussian`` that falls to 0.01 at ``limit_minutes``.
    margin_m
        How far around the area bases and ways count.
    place_m
        Side of the squares into which a commune's hectares are gathered.
    hectares_a_day, rain_days, seed_kg_ha
        Kind of machine, month (``"4"``), cover crop -> value in place of the table's.
    borderline_off_road, weak_off_road
        Share of the way off known roads above which a commune is borderline, too weak.
    cover_crop, cover_crop_share
        What is sown, and on which part of the demand.
    """

    track: str = "upland"
    tracks: tuple[Track, ...] = ()
    machinery: Machinery = field(default_factory=Machinery)
    season: Season = "main-wet"
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    demand: DemandKind = "requested"
    scenario_share: Share = 0.1
    machine: Word | None = None
    limit_minutes: Minutes = 120.0
    bands: tuple[Minutes, ...] = (30.0, 60.0, 120.0)
    band_weights: tuple[Share, ...] = (1.0, 0.68, 0.22)
    decay: Decay = "bands"
    neighbours: Literal[8, 16] = 16
    margin_m: Metres = 30_000.0
    place_m: Annotated[float, Field(ge=90, le=10_000)] = 1000.0
    hectares_a_day: dict[str, HectaresPerDay] = field(default_factory=dict)
    rain_days: dict[str, Annotated[float, Field(ge=0, le=31)]] = field(default_factory=dict)
    seed_kg_ha: dict[str, Annotated[float, Field(gt=0, le=1000)]] = field(default_factory=dict)
    cover_crop: Word = "sunn-hemp"
    cover_crop_share: Share = 1.0
    borderline_off_road: Share = 0.25
    weak_off_road: Share = 0.5
    ranges: Ranges = field(default_factory=Ranges)
    what_if: WhatIf = field(default_factory=WhatIf)

    def __post_init__(self) -> None:
        if len(self.bands) != len(self.band_weights) or not self.bands:
            raise _fault("bands", "band_weights", list(self.band_weights))
        if list(self.bands) != sorted(set(self.bands)):
            raise _fault("bands", "bands", list(self.bands))
        if self.borderline_off_road > self.weak_off_road:
            raise _fault("off_road", "borderline_off_road", self.borderline_off_road)

    @property
    def chosen(self) -> Track:
        """The chosen track.

        Raises
        ------
        BadParameter
            When the table has no such track, or the track no such machine.
        UnknownParameter
            When a value in place of the table's names no row of it.
        """
        by_key = {track.key: track for track in self.tracks}
        if self.track not in by_key:
            raise BadParameter("track", self.track, ", ".join(by_key))
        track = by_key[self.track]
        if self.machine is not None and self.machine not in track.machines:
            raise BadParameter("machine", self.machine, ", ".join(track.machines))
        self._check_names()
        return track

    def _check_names(self) -> None:
        table = self.machinery
        rows: Mapping[str, tuple[Mapping[str, Any], list[str]]] = {
            "what_if.speeds": (self.what_if.speeds, [item.key for item in table.speeds]),
            "hectares_a_day": (self.hectares_a_day, [item.machine for item in table.capacities]),
            "rain_days": (self.rain_days, [str(item.month) for item in table.rain]),
            "seed_kg_ha": (self.seed_kg_ha, [item.cover_crop for item in table.cover_crops]),
            "cover_crop": ({self.cover_crop: 1}, [item.cover_crop for item in table.cover_crops]),
        }
        for name, (given, known) in rows.items():
            for word in given:
                if word not in known:
                    choices = tuple(f"{name}.{one}" for one in known)
                    raise UnknownParameter(f"{name}.{word}", choices)


def _fault(kind: str, name: str, value: object) -> PydanticCustomError:
    """A fault of two fields together, at the one that is named."""
    return PydanticCustomError(kind, "see the text of this kind", {"name": name, "value": value})


def _around_one(name: str, low: float, high: float) -> PydanticCustomError:
    return _fault("around_one", name, [low, high])


_DISTANCE = "Working value: no distance that Cambodian providers travel is published"
_BAND = "Bands and their weights: working values; weights after Luo and Qi 2009"

COVERAGE_BASES = (
    Basis("scenario_share", "1", "Working value: an assumption to be stated, no forecast", True),
    Basis("limit_minutes", "min", _DISTANCE, True),
    Basis("bands", "min", _BAND, True),
    Basis("band_weights", "1", _BAND, True),
    Basis("margin_m", "m", _DISTANCE, True),
    Basis("place_m", "m", "Working value: finer than most villages' land", True),
    Basis("cover_crop_share", "1", "Working value", True),
    Basis("borderline_off_road", "1", "Working value", True),
    Basis("weak_off_road", "1", "Working value", True),
    Basis("ranges.speed_low", "1", "Half speed: no speed is published", True),
    Basis("ranges.speed_high", "1", "Double speed: no speed is published", True),
    Basis("ranges.capacity_low", "1", "Working value: no field capacity is published", True),
    Basis("ranges.capacity_high", "1", "Working value: no field capacity is published", True),
)
"""One row for each number that the analysis takes when nobody sets it; the rest is in the table."""
