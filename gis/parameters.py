"""What the parameters of all analyses share: seasons, distances, what a default rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import Field

Metres = Annotated[float, Field(ge=0, le=100_000)]
Season: TypeAlias = Literal["early-wet", "main-wet", "dry"]
SEASON_KEYS: tuple[Season, ...] = get_args(Season)


@dataclass(frozen=True)
class Basis:
    """What the default of a parameter rests on."""

    name: str
    units: str
    source: str
    working_value: bool
