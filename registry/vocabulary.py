"""The words that records may use, as they stand in files and in the database.

Titles for people are texts; these are keys. A season is named with the year in which it starts, so
``dry 2025`` runs from November 2025 to April 2026.
"""

from __future__ import annotations

from typing import Literal, get_args

Season = Literal["early-wet", "main-wet", "dry"]
SEASONS: tuple[Season, ...] = get_args(Season)
"""In the order in which they start inside a year."""

SEASON_START_MONTH: dict[str, int] = {"early-wet": 4, "main-wet": 7, "dry": 11}

Status = Literal["practised", "partly", "stopped", "not-visited"]
NOT_VISITED: Status = "not-visited"
STATUSES: tuple[Status, ...] = get_args(Status)

TRACKS = ("upland", "rice")
CROPS = ("rice", "maize", "cassava", "soybean", "mung-bean", "cashew", "other")
COVER_CROPS = ("sunn-hemp", "stylo", "jack-bean", "other", "none")
PRINCIPLES = ("no-till", "soil-cover", "diversified")
OBSERVERS = ("dalrm", "pdaff", "extension-worker", "cooperative", "provider", "farmer", "project")

MACHINES = (
    "no-till-planter",
    "roller-crimper",
    "land-leveller",
    "sub-soiler",
    "seed-drill",
    "tractor",
)
NO_TILL_MACHINE = "no-till-planter"
CAPACITY_BASES = ("measured", "stated-by-provider", "working-value")
ORGANISATIONS = ("enterprise", "cooperative", "individual")

EVENTS = (
    "demand-creation-meeting",
    "field-showcase",
    "commercial-demonstration",
    "annual-meeting",
    "promotional-meeting",
)

ExportState = Literal["begun", "written", "failed"]
EXPORT_STATES: tuple[ExportState, ...] = get_args(ExportState)
"""Of a precise export: one that stays ``begun`` was stopped, and its file may be there."""

LIST_SEPARATOR = ";"
"""Between the parts of a list in one cell, in files and in the database."""


def season_order(season: str, year: int) -> tuple[int, int]:
    """A key that sorts seasons by time.

    >>> season_order("dry", 2024) < season_order("early-wet", 2025)
    True
    """
    return year, SEASONS.index(season)


def parts(cell: str | None) -> tuple[str, ...]:
    """The parts of a list cell.

    >>> parts("no-till;soil-cover")
    ('no-till', 'soil-cover')
    >>> parts(None)
    ()
    """
    return tuple(part for part in (cell or "").split(LIST_SEPARATOR) if part)
