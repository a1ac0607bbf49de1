"""Make the example records: seeded, made up, inside the real communes.

    python data/examples/generate.py [FOLDER]

Nobody farms these plots and no provider keeps these machines. They lie at random near villages of
Rattanak Mondul, Sangke, Banan and Preah Vihear, so that none stands for a place of the programme.
Running it again gives the same bytes.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

SEED = 20261122
HERE = Path(__file__).resolve().parent
BOUNDARIES = HERE.parent / "boundaries"
METRES_PER_DEGREE = 111_320.0
SMALLEST_HA, LARGEST_HA = 0.3, 17.0
PROTECTED_LIMIT = 0.3
"""Communes with more protected land than this share get no example: CA must not reward clearing."""

PLOTS: Mapping[str, tuple[int, float]] = {
    "0207": (34, 0.85),
    "0208": (18, 0.1),
    "0201": (20, 0.35),
    "1305": (22, 0.6),
    "1301": (3, 0.5),
    "1302": (4, 0.5),
    "1303": (4, 0.5),
    "1304": (5, 0.6),
    "1306": (4, 0.6),
    "1307": (4, 0.6),
    "1308": (2, 0.5),
}
"""District -> number of plots, share of them that are upland."""

PROVIDERS = {"0207": 4, "0208": 3, "0201": 3, "1305": 3, "1304": 1}
CROPS = {"upland": ("maize", "cassava", "maize", "soybean"), "rice": ("rice",)}
COVER_CROPS = ("sunn-hemp", "sunn-hemp", "stylo", "jack-bean", "none")
SEASONS = {"upland": ("early-wet", "main-wet"), "rice": ("main-wet", "dry")}
FIRST_MONTH = {"early-wet": 4, "main-wet": 7, "dry": 11}
YEARS = (2024, 2025, 2026)
LAST_SEEN = dt.date(2026, 10, 31)
OBSERVERS = ("pdaff", "extension-worker", "cooperative", "project")
PRINCIPLES = ("no-till", "soil-cover", "diversified")

# Published nowhere for Cambodia: hectares a day so that the pages have something to add up.
WORKING_CAPACITY = {
    "no-till-planter": 4.0,
    "roller-crimper": 6.0,
    "land-leveller": 2.0,
    "sub-soiler": 3.0,
    "seed-drill": 4.0,
    "tractor": 5.0,
}
MACHINE_CROPS = {
    "no-till-planter": "maize;soybean;mung-bean",
    "roller-crimper": "rice;maize;cassava;soybean",
    "land-leveller": "rice",
    "sub-soiler": "maize;cassava",
    "seed-drill": "rice",
    "tractor": "rice;maize;cassava;soybean;mung-bean",
}
FLEETS = (
    ("tractor", "no-till-planter", "roller-crimper"),
    ("tractor", "no-till-planter"),
    ("tractor", "sub-soiler", "no-till-planter"),
    ("tractor", "land-leveller", "seed-drill"),
    ("tractor", "seed-drill"),
    ("tractor", "sub-soiler"),
    ("tractor", "land-leveller"),
)

EVENTS = (
    ("demand-creation-meeting", "0207", "2024-03-12"),
    ("field-showcase", "0207", "2024-08-21"),
    ("commercial-demonstration", "0207", "2025-01-16"),
    ("demand-creation-meeting", "1305", "2025-02-18"),
    ("demand-creation-meeting", "0208", "2025-05-20"),
    ("field-showcase", "0201", "2025-09-10"),
    ("commercial-demonstration", "1305", "2025-12-09"),
    ("annual-meeting", "0208", "2026-01-28"),
    ("demand-creation-meeting", "0201", "2026-03-05"),
    ("demand-creation-meeting", "1304", "2026-03-24"),
    ("field-showcase", "1305", "2026-08-19"),
    ("promotional-meeting", "0207", "2026-09-17"),
)
WITHOUT_REQUESTS = ("annual-meeting", "promotional-meeting")

Row = dict[str, Any]


@dataclass(frozen=True)
class Village:
    """A village and the outline of its commune."""

    code: str
    commune: str
    lon: float
    lat: float
    outline: shapely.Geometry

    def at(self, east: float, north: float) -> tuple[float, float]:
        """The place some metres east and north of the village."""
        wide = METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        return round(self.lon + east / wide, 6), round(self.lat + north / METRES_PER_DEGREE, 6)


def villages() -> Mapping[str, Sequence[Village]]:
    """Villages by district that lie inside their commune, where little land is protected."""
    collection = json.loads((BOUNDARIES / "commune_outlines.geojson").read_text(encoding="utf-8"))
    outlines = {
        feature["properties"]["code"]: shape(feature["geometry"])
        for feature in collection["features"]
    }
    figures = {row["code"]: row for row in read(BOUNDARIES / "commune_figures.csv")}
    found: dict[str, list[Village]] = {}
    for row in read(BOUNDARIES / "villages.csv"):
        commune = row["commune"]
        village = Village(
            row["code"], commune, float(row["lon"]), float(row["lat"]), outlines[commune]
        )
        protected = float(figures[commune]["protected_share"] or 0)
        inside = village.outline.contains(shapely.Point(village.lon, village.lat))
        if inside and protected <= PROTECTED_LIMIT:
            found.setdefault(commune[:4], []).append(village)
    return found


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def field(rng: np.random.Generator, village: Village) -> shapely.Polygon:
    """An irregular quadrilateral some way from a village."""
    hectares = float(np.clip(rng.lognormal(0.75, 0.75), 0.4, 15.0))
    ratio = float(rng.uniform(1.0, 2.4))
    long, short = math.sqrt(hectares * 1e4 * ratio), math.sqrt(hectares * 1e4 / ratio)
    away, bearing, turn = rng.uniform(400, 2_400), rng.uniform(0, math.tau), rng.uniform(0, math.pi)
    corners = []
    for along, across in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x = long / 2 * (along + rng.uniform(-0.18, 0.18))
        y = short / 2 * (across + rng.uniform(-0.18, 0.18))
        east = away * math.cos(bearing) + x * math.cos(turn) - y * math.sin(turn)
        north = away * math.sin(bearing) + x * math.sin(turn) + y * math.cos(turn)
        corners.append(village.at(east, north))
    return shapely.Polygon(corners)


def hectares_of(outline: shapely.Polygon, lat: float) -> float:
    return outline.area * METRES_PER_DEGREE**2 * math.cos(math.radians(lat)) / 1e4


def plots(rng: np.random.Generator, places: Mapping[str, Sequence[Village]]) -> list[Row]:
    """Features of plots, none over another, each inside the commune it names."""
    made: list[Row] = []
    taken: list[shapely.Polygon] = []
    for district, (count, upland) in PLOTS.items():
        for place in range(count):
            village, outline = free_field(rng, places[district], taken)
            taken.append(outline)
            track = "upland" if place < round(count * upland) else "rice"
            properties = {
                "reference": f"EX-P-{len(made) + 1:03d}",
                "commune": village.commune,
                "village": village.code,
                "track": track,
                "crop": str(rng.choice(CROPS[track])),
                "cover_crop": str(rng.choice(COVER_CROPS)),
                "since_year": int(rng.integers(2021, 2026)),
                "example": True,
            }
            ring = [[*corner] for corner in outline.exterior.coords]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            made.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return made


def free_field(
    rng: np.random.Generator, near: Sequence[Village], taken: Sequence[shapely.Polygon]
) -> tuple[Village, shapely.Polygon]:
    while True:
        village = near[int(rng.integers(len(near)))]
        outline = field(rng, village)
        sized = SMALLEST_HA * 1.02 < hectares_of(outline, village.lat) < LARGEST_HA * 0.98
        alone = not any(outline.intersects(other) for other in taken)
        if sized and alone and outline.is_valid and village.outline.contains(outline):
            return village, outline


def plot_seasons(rng: np.random.Generator, made: Iterable[Row]) -> list[Row]:
    """One record a plot and season since the plot began; a farmer who stopped rarely returns."""
    rows = []
    for feature in made:
        plot = feature["properties"]
        stopped = False
        for year in YEARS:
            for season in SEASONS[plot["track"]]:
                start = dt.date(year, FIRST_MONTH[season], 1)
                if year < plot["since_year"] or start > LAST_SEEN:
                    continue
                status = next_status(rng, stopped)
                stopped = status == "stopped" or (stopped and status == "not-visited")
                rows.append(season_row(rng, plot, season, start, status))
    return rows


def next_status(rng: np.random.Generator, stopped: bool) -> str:
    chances = (0.04, 0.06, 0.8, 0.1) if stopped else (0.62, 0.2, 0.06, 0.12)
    return str(rng.choice(("practised", "partly", "stopped", "not-visited"), p=chances))


def season_row(
    rng: np.random.Generator, plot: Row, season: str, start: dt.date, status: str
) -> Row:
    seen: tuple[str, ...] = ()
    if status == "practised":
        seen = PRINCIPLES if rng.random() < 0.7 else PRINCIPLES[:2]
    elif status == "partly":
        seen = (PRINCIPLES[int(rng.integers(3))],)
    visited = status != "not-visited"
    seen_on = start + dt.timedelta(days=int(rng.integers(20, 100)))
    return {
        "reference": plot["reference"],
        "season": season,
        "year": start.year,
        "status": status,
        "crop": plot["crop"],
        "cover_crop": plot["cover_crop"] if "soil-cover" in seen else "",
        "principles": ";".join(seen),
        "observed_by": str(rng.choice(OBSERVERS)) if visited else "",
        "observed_on": seen_on.isoformat() if visited else "",
        "example": "true",
    }


def providers(rng: np.random.Generator, places: Mapping[str, Sequence[Village]]) -> list[Row]:
    rows = []
    for district, count in PROVIDERS.items():
        for _ in range(count):
            village = places[district][int(rng.integers(len(places[district])))]
            lon, lat = inside(rng, village)
            rows.append(
                {
                    "reference": f"EX-S-{len(rows) + 1:02d}",
                    "commune": village.commune,
                    "village": village.code,
                    "organisation": str(rng.choice(("individual", "enterprise", "cooperative"))),
                    "since_year": int(rng.integers(2018, 2026)),
                    "lon": lon,
                    "lat": lat,
                    "example": "true",
                }
            )
    return rows


def inside(rng: np.random.Generator, village: Village) -> tuple[float, float]:
    """A place near a village, inside its commune."""
    while True:
        lon, lat = village.at(rng.uniform(-300, 300), rng.uniform(-300, 300))
        if village.outline.contains(shapely.Point(lon, lat)):
            return lon, lat


def machines(rng: np.random.Generator, owners: Sequence[Row]) -> list[Row]:
    rows = []
    for place, owner in enumerate(owners):
        for machine in FLEETS[place * 3 % len(FLEETS)]:
            rows.append(
                {
                    "reference": f"EX-M-{len(rows) + 1:02d}",
                    "provider": owner["reference"],
                    "machine": machine,
                    "count": int(rng.integers(1, 4)) if machine == "tractor" else 1,
                    "crops": MACHINE_CROPS[machine],
                    "field_capacity_ha_day": WORKING_CAPACITY[machine],
                    "field_capacity_basis": "working-value",
                    "example": "true",
                }
            )
    return rows


def events(rng: np.random.Generator, places: Mapping[str, Sequence[Village]]) -> list[Row]:
    """One row an event and request; events where nothing is asked for have one row."""
    rows = []
    for number, (event, district, day) in enumerate(EVENTS, start=1):
        village = places[district][int(rng.integers(len(places[district])))]
        lon, lat = inside(rng, village)
        told = {
            "reference": f"EX-E-{number:02d}",
            "event": event,
            "date": day,
            "commune": village.commune,
            "village": village.code,
            "women": int(rng.integers(8, 90)),
            "men": int(rng.integers(8, 90)),
            "lon": lon,
            "lat": lat,
        }
        asked = [] if event in WITHOUT_REQUESTS else requests(rng, district, day)
        rows += [told | request | {"example": "true"} for request in asked or [request_row()]]
    return rows


def requests(rng: np.random.Generator, district: str, day: str) -> list[Row]:
    """Hectares asked for, for the seasons that follow."""
    held = dt.date.fromisoformat(day)
    next_year = held.year if held.month < FIRST_MONTH["early-wet"] else held.year + 1
    rice_year = held.year if held.month < FIRST_MONTH["main-wet"] else held.year + 1
    maize = ("maize", "early-wet", next_year, "no-till-planter")
    cassava = ("cassava", "early-wet", next_year, "sub-soiler")
    beans = ("soybean", "main-wet", rice_year, "no-till-planter")
    rice = ("rice", "main-wet", rice_year, "seed-drill")
    levelled = ("rice", "dry", held.year, "land-leveller")
    wanted = {"0207": (maize, cassava, beans), "0208": (rice, levelled), "0201": (rice, maize)}
    return [
        request_row(crop, season, year, float(rng.integers(6, 160)), machine)
        for crop, season, year, machine in wanted.get(district, (rice, maize, cassava))
    ]


def request_row(
    crop: str = "", season: str = "", year: int | str = "", ha: float | str = "", machine: str = ""
) -> Row:
    return {
        "requested_crop": crop,
        "requested_season": season,
        "requested_year": year,
        "requested_ha": ha,
        "requested_machine": machine,
    }


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_features(path: Path, features: Sequence[Row]) -> None:
    """One feature a line, so that a change can be read."""
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def main(folder: Path) -> None:
    """Write all example files; each kind has its own stream, so a change of one keeps the rest."""
    streams = iter(np.random.default_rng(SEED).spawn(5))
    places = villages()
    made = plots(next(streams), places)
    owners = providers(next(streams), places)
    write_features(folder / "plots.geojson", made)
    write_csv(folder / "plot_seasons.csv", plot_seasons(next(streams), made))
    write_csv(folder / "providers.csv", owners)
    write_csv(folder / "machines.csv", machines(next(streams), owners))
    write_csv(folder / "events.csv", events(next(streams), places))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
