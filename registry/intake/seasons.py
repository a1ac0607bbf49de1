"""What was seen on each plot in each season."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from gis.errors import Fault
from registry.intake.column import (
    COVER_CROP,
    CROP,
    EXAMPLE,
    NOTE,
    REFERENCE,
    SEASON,
    YEAR,
    Column,
    Findings,
    Gazetteer,
    Kind,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Plot, PlotSeason
from registry.vocabulary import (
    LIST_SEPARATOR,
    NOT_VISITED,
    OBSERVERS,
    PRINCIPLES,
    SEASON_START_MONTH,
    STATUSES,
)

_STORED = (
    *("reference", "season", "year", "status", "crop", "cover_crop"),
    *("observed_by", "observed_on", "note"),
)
_SEEN = ("principles", "observed_by", "observed_on")


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    found = []
    for record in records:
        row = row_of(record, _STORED)
        stated = record.values.get("principles")
        row["principles"] = None if stated is None else LIST_SEPARATOR.join(stated)
        found.append(row)
    return [(PlotSeason, found)]


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """Nothing was seen where nobody went, nor before the season began.

    A day to come is only said: the clock of an office's machine may be off.
    """
    faults, warnings = [], []
    for record in records:
        seen = next((name for name in _SEEN if record.values.get(name)), None)
        if record.values.get("status") == NOT_VISITED and seen:
            faults.append(Fault(record.row, seen, "seen_without_visit"))
        on = record.values.get("observed_on")
        if on is None:
            continue
        if on > dt.date.today():
            warnings.append(Fault(record.row, "observed_on", "date_to_come", (("date", on),)))
        if "season" in record.values and "year" in record.values:
            faults += _too_early(record, on)
    return Findings(tuple(faults), tuple(warnings))


def _too_early(record: Record, on: dt.date) -> list[Fault]:
    season, year = record.values["season"], record.values["year"]
    start = dt.date(year, SEASON_START_MONTH[season], 1)
    if on >= start:
        return []
    values = (("date", on), ("season", f"{season} {year}"), ("start", start))
    return [Fault(record.row, "observed_on", "date_before_season", values)]


KIND = Kind(
    name="seasons",
    columns=(
        REFERENCE,
        SEASON,
        YEAR,
        Column("status", "word", required=True, allowed=STATUSES),
        replace(CROP, required=False),
        COVER_CROP,
        Column("principles", "words", allowed=PRINCIPLES),
        Column("observed_by", "word", allowed=OBSERVERS),
        Column("observed_on", "date"),
        NOTE,
        EXAMPLE,
    ),
    table=PlotSeason,
    key=("reference", "season", "year"),
    rows=rows,
    refers=(("reference", Plot),),
    check=check,
)
