"""What the seasons of a plot say of its tillage and inputs, year by year.

The words of the records and the levels of the IPCC are not the same; this is how one becomes the
other, a working value until somebody records tillage itself:

- a year counts as ploughed when any season of it was seen without the principle of no-till, or
  stopped; as reduced tillage when no-till was seen but the practice is only partly followed;
- inputs are high where soil cover by a cover crop was seen in any season of the year, else medium;
- a season that nobody visited, or whose principles nobody stated, says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from registry.database import Database
from registry.records import plot_seasons, plots
from registry.vocabulary import NOT_VISITED

UNKNOWN = -32768
FULL, REDUCED, NO_TILL = 1, 2, 3
"""Codes of tillage."""
MEDIUM, HIGH = 2, 3
"""Codes of inputs; low ones (residues burnt or taken away) nobody records."""
COLUMNS = ("reference", "commune", "area_ha", "year", "tillage", "inputs", "example")
_PARTLY, _STOPPED = "partly", "stopped"


def management(database: Database) -> pd.DataFrame:
    """Tillage and inputs of each plot and year of which somebody saw a season.

    Returns
    -------
    DataFrame
        ``reference``, ``commune``, ``area_ha``, ``year``, ``tillage`` (1 full, 2 reduced, 3
        no-till), ``inputs`` (2 medium, 3 high), int16 with ``UNKNOWN``; ``example``.
    """
    seasons = plot_seasons(database)
    seen = seasons[seasons["status"] != NOT_VISITED]
    levels = seen[["reference", "year"]].assign(
        tillage=[_tillage(status, seen_of) for status, seen_of in _pairs(seen)],
        inputs=[
            _inputs(status, seen_of, cover)
            for (status, seen_of), cover in zip(_pairs(seen), seen["cover_crop"], strict=True)
        ],
        example=seen["example"].astype(bool),
    )
    by_year = levels.groupby(["reference", "year"], sort=True)
    yearly = pd.DataFrame(
        {
            "tillage": by_year["tillage"].agg(_worst),
            "inputs": by_year["inputs"].max(),
            "example": by_year["example"].any(),
        }
    ).reset_index()
    about = plots(database).set_index("reference")[["commune", "area_ha", "example"]]
    found = yearly.join(about.rename(columns={"example": "made_up"}), on="reference")
    found["example"] = found["example"].astype(bool) | found.pop("made_up").astype(bool)
    codes = {"year": "int64", "tillage": "int16", "inputs": "int16"}
    return found[list(COLUMNS)].astype(codes)


def _pairs(seen: pd.DataFrame) -> Iterator[tuple[str, tuple[str, ...] | None]]:
    return zip(seen["status"], seen["principles"], strict=True)


def _tillage(status: str, principles: tuple[str, ...] | None) -> int:
    if status == _STOPPED:
        return FULL
    if principles is None:
        return UNKNOWN
    if "no-till" not in principles:
        return FULL
    return REDUCED if status == _PARTLY else NO_TILL


def _inputs(status: str, principles: tuple[str, ...] | None, cover_crop: str | None) -> int:
    if status == _STOPPED:
        return MEDIUM
    if principles is None:
        return UNKNOWN
    covered = "soil-cover" in principles and cover_crop not in (None, "none")
    return HIGH if covered else MEDIUM


def _worst(levels: pd.Series[int]) -> int:
    """Least conserving tillage of a year; unknown only where no season tells."""
    known = levels[levels != UNKNOWN]
    return int(known.min()) if len(known) else UNKNOWN
