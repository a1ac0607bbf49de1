"""The table of machinery: speeds, calendar, field capacities, seed; every row with its source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from gis.membership import STRICT
from gis.parameters import Season

Surface: TypeAlias = Literal["road", "land"]
KmPerHour = Annotated[float, Field(ge=0, le=120)]
HectaresPerDay = Annotated[float, Field(ge=0, le=200)]
Source = Annotated[str, Field(min_length=1)]
Word = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
MonthDay = Annotated[
    str,
    Field(
        pattern=r"^((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)|02-(0[1-9]|1\d|2[0-8]))$"
    ),
]
"""A day that every year has."""


@dataclass(frozen=True, config=STRICT)
class Speed:
    """How fast a tractor with its machine goes, km/h by season; 0 is closed in that season.

    Attributes
    ----------
    key
        A road class (``trunk``, ``track``, ``ferry``, ``other-road``) or a class of land cover
        (``tree_covered`` ... as in the seven classes; ``unknown-land`` where none is known).
    """

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$")]
    surface: Surface
    early_wet: KmPerHour
    main_wet: KmPerHour
    dry: KmPerHour
    source: Source
    working_value: bool

    def in_season(self, season: Season) -> float:
        """Speed of a season, km/h."""
        speed: float = getattr(self, season.replace("-", "_"))
        return speed


@dataclass(frozen=True, config=STRICT)
class SlopeBand:
    """Part of the speed that is left on slopes up to (and including) ``up_to_percent``."""

    up_to_percent: Annotated[float, Field(gt=0, le=1000)]
    on_road: Annotated[float, Field(ge=0, le=1)]
    off_road: Annotated[float, Field(ge=0, le=1)]
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class Window:
    """Days of a season in which a crop is planted: both dates inclusive, may pass new year."""

    crop: Word
    season: Season
    first: MonthDay
    last: MonthDay
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class RainDays:
    """Days of a month that rain takes from field work."""

    month: Annotated[int, Field(ge=1, le=12)]
    days: Annotated[float, Field(ge=0, le=31)]
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class FieldCapacity:
    """Hectares a day of one machine of a kind, where the record of a machine states none."""

    machine: Word
    hectares_a_day: HectaresPerDay
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class CoverCrop:
    """Seed of a cover crop, and when it is sown: before the main crop or after harvest."""

    cover_crop: Word
    seed_kg_ha: Annotated[float, Field(gt=0, le=1000)]
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class Sowing:
    """Days of a season in which cover crops are sown, both inclusive."""

    season: Season
    first: MonthDay
    last: MonthDay
    source: Source
    working_value: bool


@dataclass(frozen=True, config=STRICT)
class Machinery:
    """The whole table. Keys are unique in each part; speeds and slope bands are in order."""

    speeds: tuple[Speed, ...] = ()
    slopes: tuple[SlopeBand, ...] = ()
    windows: tuple[Window, ...] = ()
    rain: tuple[RainDays, ...] = ()
    capacities: tuple[FieldCapacity, ...] = ()
    cover_crops: tuple[CoverCrop, ...] = ()
    sowing: tuple[Sowing, ...] = ()

    def __post_init__(self) -> None:
        parts: Mapping[str, list[object]] = {
            "speeds": [item.key for item in self.speeds],
            "slopes": [item.up_to_percent for item in self.slopes],
            "windows": [(item.crop, item.season) for item in self.windows],
            "rain": [item.month for item in self.rain],
            "capacities": [item.machine for item in self.capacities],
            "cover_crops": [item.cover_crop for item in self.cover_crops],
            "sowing": [item.season for item in self.sowing],
        }
        for name, keys in parts.items():
            if len(set(keys)) < len(keys):
                raise PydanticCustomError("twice", f"a row stands twice in {name}")
        limits = [item.up_to_percent for item in self.slopes]
        if limits != sorted(limits):
            raise PydanticCustomError("ascending", "slopes must ascend")


def month_day(words: str) -> tuple[int, int]:
    """Month and day of ``MM-DD``.

    >>> month_day("04-15")
    (4, 15)
    """
    month, day = re.split("-", words)
    return int(month), int(day)
