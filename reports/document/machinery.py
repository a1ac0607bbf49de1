"""What machines are taken to do in a result: how fast they go, when they plant, how much a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from layers.basis import way_title
from locales import Language, month_name, number, text, with_unit
from reports.document.content import Column, Table
from reports.document.told import Told

Row: TypeAlias = tuple[str, str, str]
"""What a number is, of which thing, and the number."""
ANY_SLOPE = 1000.0
"""Per cent beyond which no land is: a row up to it is for all that is steeper than the others."""


def machinery_table(told: Sequence[Told], language: Language) -> Iterator[Table]:
    """One table for each season in which results let machines travel; the first result tells it.

    Rows with the same number are one row. All are working values of the table of machinery.
    """
    seasons: dict[str, Told] = {}
    for one in told:
        parameters = one.result.provenance.parameters
        season = parameters.get("service_season") or parameters.get("season")
        # a run of coverage may have replaced some: it is the one to be told
        better = season not in seasons or one.kind == "coverage"
        if parameters.get("machinery") and season and better:
            seasons[season] = one
    columns = (
        Column(text("document.machinery_what", language), width=2.2),
        Column(text("document.machinery_of", language), width=3.4),
        Column(text("sites.set_to", language), width=1.6),
    )
    for season, one in seasons.items():
        words = text(f"frame.season_{season}", language)
        caption = text("document.machinery", language, season=words)
        rows = tuple(_rows(one.result.provenance.parameters, season, language))
        yield Table(caption, columns, rows)


def _rows(parameters: Mapping[str, Any], season: str, language: Language) -> Iterator[Row]:
    table = parameters["machinery"]
    tracks = {one["key"]: one for one in parameters["tracks"]}
    track = tracks.get(parameters["track"], {})
    yield from _speeds(table["speeds"], _changed(parameters, "speeds"), season, language)
    yield from _slopes(table["slopes"], language)
    yield from _windows(table["windows"], track.get("crops", ()), season, language)
    yield from _rain(table["rain"], parameters.get("rain_days") or {}, language)
    rates = parameters.get("hectares_a_day") or {}
    yield from _capacities(table["capacities"], rates, track.get("machines", ()), language)
    if cover := parameters.get("cover_crop"):
        yield from _seed(table["cover_crops"], parameters.get("seed_kg_ha") or {}, cover, language)


def _changed(parameters: Mapping[str, Any], name: str) -> Mapping[str, float]:
    what_if = parameters.get("what_if")
    found = what_if.get(name) if isinstance(what_if, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _speeds(
    rows: Sequence[Mapping[str, Any]],
    changed: Mapping[str, float],
    season: str,
    language: Language,
) -> Iterator[Row]:
    """The fastest first; a ramp goes with its road where both are as fast."""
    column = season.replace("-", "_")
    speeds = {row["key"]: float(changed.get(row["key"], row[column])) for row in rows}
    own = {
        key: speed
        for key, speed in speeds.items()
        if speeds.get(key.removesuffix("_link")) != speed or not key.endswith("_link")
    }
    what = text("coverage_page.table_speeds", language)
    ordered = sorted(own.items(), key=lambda item: -item[1])
    for speed, group in groupby(ordered, key=lambda item: item[1]):
        ways = ", ".join(way_title(key, language) for key, _ in group)
        shown = with_unit(speed, "km/h", language)
        yield what, ways, shown if speed else text("document.closed", language)
        what = ""


def _slopes(rows: Sequence[Mapping[str, Any]], language: Language) -> Iterator[Row]:
    what, below = text("document.machinery_slope", language), 0.0
    for row in rows:
        parts = [f"{100 * row[name]:g}\u00a0%" for name in ("on_road", "off_road")]
        said = text("document.on_and_off_road", language, on=parts[0], off=parts[1])
        limit = float(row["up_to_percent"])
        # the last row has a limit that no land reaches
        slope = f">\u00a0{below:g}" if limit >= ANY_SLOPE else f"≤\u00a0{limit:g}"
        yield what, f"{slope}\u00a0%", said
        what, below = "", limit


def _windows(
    rows: Sequence[Mapping[str, Any]], crops: Sequence[str], season: str, language: Language
) -> Iterator[Row]:
    what = text("document.machinery_window", language)
    for row in rows:
        if row["season"] == season and row["crop"] in crops:
            crop = text(f"explore.crop_{row['crop']}", language)
            yield what, crop, f"{_day(row['first'], language)} – {_day(row['last'], language)}"
            what = ""


def _day(month_day: str, language: Language) -> str:
    month, day = map(int, month_day.split("-"))
    return f"{day}\u00a0{month_name(month, language)}"


def _rain(
    rows: Sequence[Mapping[str, Any]], changed: Mapping[str, float], language: Language
) -> Iterator[Row]:
    what = text("coverage_page.table_rain_days", language)
    days = [(row["month"], float(changed.get(str(row["month"]), row["days"]))) for row in rows]
    ordered = sorted(days, key=lambda item: (item[1], item[0]))
    for count, group in groupby(ordered, key=lambda item: item[1]):
        months = ", ".join(month_name(month, language) for month, _ in group)
        key = "document.day_a_month" if count == 1 else "document.days_a_month"
        yield what, months, text(key, language, days=count)
        what = ""


def _capacities(
    rows: Sequence[Mapping[str, Any]],
    changed: Mapping[str, float],
    machines: Sequence[str],
    language: Language,
) -> Iterator[Row]:
    what = text("coverage_page.table_hectares_a_day", language)
    for row in rows:
        if row["machine"] in machines:
            rate = float(changed.get(row["machine"], row["hectares_a_day"]))
            said = (
                f"{number(rate, language)} {text('coverage_page.column_hectares_a_day', language)}"
            )
            yield what, text(f"map.machine_{row['machine']}", language), said
            what = ""


def _seed(
    rows: Sequence[Mapping[str, Any]],
    changed: Mapping[str, float],
    cover: str,
    language: Language,
) -> Iterator[Row]:
    for row in rows:
        if row["cover_crop"] == cover:
            kilograms = float(changed.get(cover, row["seed_kg_ha"]))
            crop = text(f"explore.cover_{cover}", language)
            shown = text("document.kilograms", language, kilograms=kilograms)
            yield text("document.machinery_seed", language), crop, shown
