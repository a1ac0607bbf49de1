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

PROVIDERS = (
    *(("0207", "crimper"), ("0207", "leveller-drill"), ("0207", "leveller"), ("0207", "ripper")),
    *(("0208", "sub-soiler"), ("0208", "planter"), ("0208", "drill")),
    *(("0201", "crimper"), ("0201", "leveller-drill"), ("0201", "leveller")),
    *(("1305", "ripper"), ("1305", "sub-soiler"), ("1305", "planter"), ("1304", "drill")),
    *(("0207", "both"), ("0207", "two-planters"), ("0208", "two-drills"), ("0201", "both")),
    *(("0201", "planter-alone"), ("1305", "both"), ("1305", "two-drills")),
    *(("1303", "both"), ("1306", "ripper"), ("1307", "planter")),
)
"""District of each, and what it keeps (a key of ``FLEETS``)."""

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
FLEETS: Mapping[str, tuple[str, ...]] = {
    "crimper": ("tractor", "no-till-planter", "roller-crimper"),
    "planter": ("tractor", "no-till-planter"),
    "ripper": ("tractor", "sub-soiler", "no-till-planter"),
    "leveller-drill": ("tractor", "land-leveller", "seed-drill"),
    "drill": ("tractor", "seed-drill"),
    "sub-soiler": ("tractor", "sub-soiler"),
    "leveller": ("tractor", "land-leveller"),
    "both": ("tractor", "no-till-planter", "seed-drill"),
    "two-planters": ("tractor", "no-till-planter", "roller-crimper"),
    "two-drills": ("tractor", "seed-drill"),
    "planter-alone": ("no-till-planter",),
}
COUNTS: Mapping[tuple[str, str], int] = {
    ("both", "tractor"): 1,
    ("two-planters", "tractor"): 2,
    ("two-planters", "no-till-planter"): 2,
    ("two-drills", "tractor"): 2,
    ("two-drills", "seed-drill"): 2,
}
"""Machines of a kind, where there is not one (or a tractor or two more): a planter and a seed drill
behind one tractor cannot both work."""
WITHOUT_CAPACITY = 3
"""Every third machine states no field capacity: then that of the table of machinery counts."""

REQUESTS: Mapping[str, tuple[str, str, str]] = {
    "maize": ("maize", "early-wet", "no-till-planter"),
    "cassava": ("cassava", "early-wet", "sub-soiler"),
    "soybean": ("soybean", "main-wet", "no-till-planter"),
    "late-maize": ("maize", "main-wet", "no-till-planter"),
    "mung-bean": ("mung-bean", "main-wet", "no-till-planter"),
    "rice": ("rice", "main-wet", "seed-drill"),
    "rice-any": ("rice", "main-wet", ""),
    "dry-rice": ("rice", "dry", "seed-drill"),
    "levelled": ("rice", "dry", "land-leveller"),
}
"""Crop, season and machine that are asked for, of the next such season."""


@dataclass(frozen=True)
class Meeting:
    """An event: where (a district or commune), when, what was asked for there, up to how many
    hectares each, and who came."""

    event: str
    area: str
    day: str
    asked: str = ""
    most: int = 160
    women: int | str | None = None
    men: int | str | None = None


DEMAND, SHOWCASE = "demand-creation-meeting", "field-showcase"
DEMONSTRATION = "commercial-demonstration"
EVENTS = (
    Meeting(DEMAND, "0207", "2024-03-12", "maize cassava soybean"),
    Meeting(SHOWCASE, "0207", "2024-08-21", "maize cassava soybean"),
    Meeting(DEMONSTRATION, "0207", "2025-01-16", "maize cassava soybean"),
    Meeting(DEMAND, "1305", "2025-02-18", "rice maize cassava"),
    Meeting(DEMAND, "0208", "2025-05-20", "rice levelled"),
    Meeting(SHOWCASE, "0201", "2025-09-10", "rice maize"),
    Meeting(DEMONSTRATION, "1305", "2025-12-09", "rice maize cassava"),
    Meeting("annual-meeting", "0208", "2026-01-28"),
    Meeting(DEMAND, "0201", "2026-03-05", "rice maize"),
    Meeting(DEMAND, "1304", "2026-03-24", "rice maize cassava"),
    Meeting(SHOWCASE, "1305", "2026-08-19", "dry-rice levelled"),
    Meeting("promotional-meeting", "0207", "2026-09-17"),
    Meeting(DEMAND, "0208", "2025-02-25", "maize mung-bean"),
    Meeting(DEMAND, "1307", "2025-03-18", "maize cassava soybean"),
    Meeting(DEMAND, "0201", "2025-06-17", "soybean rice dry-rice"),
    Meeting(SHOWCASE, "1305", "2025-06-24", "late-maize rice dry-rice"),
    Meeting(DEMAND, "020701", "2026-02-10", "maize cassava soybean late-maize", 1000),
    Meeting(DEMAND, "020704", "2026-02-24", "maize soybean mung-bean", 1000),
    Meeting(DEMAND, "0208", "2026-02-17", "maize rice", 300),
    Meeting(DEMAND, "0201", "2026-03-19", "maize cassava rice", 800),
    Meeting(DEMAND, "1305", "2026-03-17", "maize soybean rice", 300),
    Meeting(DEMAND, "1306", "2026-03-10", "maize cassava soybean"),
    Meeting(DEMAND, "1303", "2025-03-31", "maize rice-any", women="", men=""),
    Meeting(DEMAND, "1308", "2026-04-28", "rice dry-rice"),
    Meeting(DEMAND, "0208", "2026-05-19", "mung-bean rice dry-rice"),
    Meeting(SHOWCASE, "0201", "2026-05-26", "soybean late-maize dry-rice"),
    Meeting(DEMAND, "1307", "2026-05-28", "soybean dry-rice"),
    Meeting(DEMONSTRATION, "1301", "2025-06-03", "late-maize", 40, women=2, men=1),
    Meeting(SHOWCASE, "0207", "2026-06-11", "soybean late-maize rice"),
    Meeting(SHOWCASE, "1305", "2026-06-23", "late-maize soybean dry-rice"),
)

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
    for district, _ in PROVIDERS:
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
    rows: list[Row] = []
    for owner, (_, fleet) in zip(owners, PROVIDERS, strict=True):
        for machine in FLEETS[fleet]:
            count = COUNTS.get((fleet, machine), 1)
            if machine == "tractor" and (fleet, machine) not in COUNTS:
                count = int(rng.integers(1, 4))
            number = len(rows) + 1
            stated = number % WITHOUT_CAPACITY > 0
            rows.append(
                {
                    "reference": f"EX-M-{number:02d}",
                    "provider": owner["reference"],
                    "machine": machine,
                    "count": count,
                    "crops": MACHINE_CROPS[machine],
                    "field_capacity_ha_day": WORKING_CAPACITY[machine] if stated else "",
                    "field_capacity_basis": "working-value" if stated else "",
                    "example": "true",
                }
            )
    return rows


def events(rng: np.random.Generator, places: Mapping[str, Sequence[Village]]) -> list[Row]:
    """One row an event and request; events where nothing is asked for have one row."""
    rows = []
    for number, meeting in enumerate(EVENTS, start=1):
        near = [
            place for place in places[meeting.area[:4]] if place.commune.startswith(meeting.area)
        ]
        village = near[int(rng.integers(len(near)))]
        lon, lat = inside(rng, village)
        women, men = int(rng.integers(8, 90)), int(rng.integers(8, 90))
        told = {
            "reference": f"EX-E-{number:02d}",
            "event": meeting.event,
            "date": meeting.day,
            "commune": village.commune,
            "village": village.code,
            "women": women if meeting.women is None else meeting.women,
            "men": men if meeting.men is None else meeting.men,
            "lon": lon,
            "lat": lat,
        }
        asked = requests(rng, meeting)
        rows += [told | request | {"example": "true"} for request in asked or [request_row()]]
    return rows


def requests(rng: np.random.Generator, meeting: Meeting) -> list[Row]:
    """Hectares asked for, for the seasons that follow."""
    held = dt.date.fromisoformat(meeting.day)
    rows = []
    for words in meeting.asked.split():
        crop, season, machine = REQUESTS[words]
        year = held.year if held.month < FIRST_MONTH[season] else held.year + 1
        hectares = float(rng.integers(6, meeting.most))
        rows.append(request_row(crop, season, year, hectares, machine))
    return rows


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
