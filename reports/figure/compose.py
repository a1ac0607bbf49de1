"""From a layer or a result to the content of a page: one door for maps, atlas and reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version

import geopandas as gpd
import shapely

from gis.analysis import Note, Result, Role
from gis.errors import BadParameter
from gis.grid import CRS, GEOGRAPHIC
from layers.boundaries import COUNTRY, Gazetteer, gazetteer
from layers.catalogue import Catalogue, Layer, catalogue
from layers.drawing import LegendGroup, LegendItem, Sign
from layers.prepare import prepare
from layers.recorded import recorded
from layers.runs import run_id
from layers.signs import provider_sign, sign_legend
from layers.sources import read_features
from layers.workspace import Workspace
from locales import Language, text
from reports.anonymous import public
from reports.figure.content import Ground, MapContent
from reports.figure.ground import MOST_COMMUNES, WATER
from reports.figure.names import VILLAGE, in_scripts
from reports.figure.relief import relief_of
from reports.figure.surfaces import Surface, surface_of_layer, surface_of_result
from reports.headings import ANALYSES
from reports.plots import LEAST

SITES = "sites"
"""Whose map is named after the analysis: its sites count more than what lies under them."""
NOTHING = ""
"""A variable that leaves the land bare, for a map to find the way with."""
RECORDS = ("adopters", "providers")
"""What may be asked for beside layers: records, told by commune."""
AROUND = 0.6
"""How far beyond the area its neighbours are looked for, as a share of its extent."""
_SEEN = 0.04
"""Share of its extent by which every map goes beyond its area at least."""
REMARKS = 3
"""Warnings of a result that stand on its map; the others are counted."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """What every map of a workspace shares, read once."""

    workspace: Workspace
    places: Gazetteer
    known: Catalogue
    metres: Mapping[str, gpd.GeoDataFrame]

    @classmethod
    def of(cls, workspace: Workspace) -> Atlas:
        """The places and layers of a workspace."""
        ready = prepare(workspace)
        places = gazetteer(ready)
        levels = {
            "communes": places.communes,
            "districts": places.districts,
            "provinces": places.provinces,
        }
        metres = {name: frame.to_crs(CRS) for name, frame in levels.items()}
        return cls(ready, places, catalogue(ready), metres)


def compose(
    atlas: Atlas,
    areas: Iterable[str],
    language: Language,
    *,
    layers: Iterable[str] = (),
    result: Result | None = None,
    variable: str | None = None,
    scripts: tuple[Language, ...] = (),
    villages: bool = False,
) -> MapContent:
    """A map of areas; nothing on it tells of a single farmer.

    Parameters
    ----------
    areas
        Codes or names.
    layers
        Ids of the catalogue and ``adopters``, ``providers``: one may colour the land.
    result, variable
        A result that covers the areas, and what of it colours the land; an empty one nothing.
    scripts
        Languages of the names; by default the one of the page.
    villages
        Whether villages stand on it with their names.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer
    BadParameter
        When two surfaces are asked for, the result does not cover the areas, or it has no such
        variable.
    """
    places = atlas.places
    codes = tuple(dict.fromkeys(places.find(area).code for area in areas))
    own = places.communes_of(codes)
    asked = tuple(layers)
    chosen = [atlas.known.layer(name) for name in asked if name not in RECORDS]
    colouring = [layer for layer in chosen if layer.kind in ("quantity", "class")]
    if variable is not None and result is None:
        raise BadParameter("--variable", variable, Note("allowed.with_result"))
    if len(colouring) + (result is not None) > 1:
        names = ", ".join(layer.id for layer in colouring)
        raise BadParameter("--layers", names, Note("allowed.one_surface"))
    surface: Surface | None = None
    if result is not None:
        result = public(result)
        _require_inside(result, codes, places)
        if variable != NOTHING:
            surface = surface_of_result(result, variable, own, language)
    elif colouring:
        surface = surface_of_layer(colouring[0], codes, places, language)
    ground = ground_of(atlas, codes)
    roads, water = _features(atlas, "roads", own), _features(atlas, "water", own)
    signs, remarks, example = _signs(atlas, own, asked, result, language)
    if villages:
        signs = (*_villages(places, own, scripts or (language,)), *signs)
    used = [layer for _, layer in (roads, water) if layer is not None]
    made_up = example or _is_example(result, colouring)
    return MapContent(
        language=language,
        scripts=scripts or (language,),
        title=_title(result, variable, surface, language),
        subtitle=_subtitle(codes, places, scripts or (language,)),
        ground=ground,
        surface=surface.field if surface else None,
        relief=relief_of(atlas.known, own, places),
        water=water[0],
        roads=roads[0],
        points=signs,
        borderline=surface.borderline if surface else (),
        legend=(
            *_sign_groups(signs, result, roads[0] is not None, language),
            *_water_group(water[1], language),
            *((surface.legend,) if surface else ()),
            _lines(ground, language),
        ),
        sources=(_sources(result, [*colouring, *used], places, language),),
        remarks=tuple(
            words for words in (" ".join((*remarks, *_warnings(result, language))),) if words
        ),
        code=_code(result, [*colouring, *used], language),
        stamp=_stamp(result, made_up, language),
    )


def _require_inside(result: Result, codes: tuple[str, ...], places: Gazetteer) -> None:
    covered = set(places.communes_within(result.provenance.areas))
    if not covered.issuperset(places.communes_within(codes)):
        areas = ", ".join(result.provenance.areas)
        raise BadParameter("--area", ", ".join(codes), areas)


def ground_of(atlas: Atlas, codes: tuple[str, ...]) -> Ground:
    """Places in and around areas, in metres."""
    communes = atlas.metres["communes"]
    own = communes.loc[atlas.places.communes_within(codes)]
    west, south, east, north = own.total_bounds
    rim = AROUND * max(east - west, north - south)
    near = communes.cx[west - rim : east + rim, south - rim : north + rim]
    districts = atlas.metres["districts"]
    return Ground(
        own,
        near,
        districts.loc[districts.index.isin(set(near["district"]))],
        atlas.metres["provinces"],
        atlas.metres["provinces"].geometry,
    )


def _features(
    atlas: Atlas, variable: str, own: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame | None, Layer | None]:
    """Lines or areas in and around an area from the best layer that has any there."""
    west, south, east, north = own.to_crs(CRS).total_bounds
    rim = AROUND * max(east - west, north - south) / 2
    for layer in atlas.known.for_variable(variable):
        found = read_features(layer, own, rim)
        if not found.empty:
            return found, layer
    return None, None


def _signs(
    atlas: Atlas,
    own: gpd.GeoDataFrame,
    asked: tuple[str, ...],
    result: Result | None,
    language: Language,
) -> tuple[tuple[Sign, ...], tuple[str, ...], bool]:
    """Signs of a result or of records asked for, what to say of them, whether any is made up."""
    wanted = [name for name in RECORDS if name in asked]
    signs = list(_result_signs(result, own)) if result is not None else []
    remarks: list[str] = []
    example = False
    if wanted:
        roles = tuple(Role(name, "features", "") for name in (*wanted, "machines"))
        found = recorded(roles, own.to_crs(CRS), atlas.workspace)
        for name in wanted:
            frame = found[name].frame
            frame = frame[frame["commune"].isin(own.index)]
            example = example or bool(frame["example"].any())
            if name == "adopters":
                counts = frame.groupby("commune").size()
                signs += _counted(own, counts[counts >= LEAST].to_dict())
                if few := int((counts < LEAST).sum()):
                    remarks.append(text("figure.few", language, count=few))
            else:
                signs += _bases(own, frame, found["machines"].frame)
    return tuple(signs), tuple(remarks), example


def _villages(
    places: Gazetteer, own: gpd.GeoDataFrame, scripts: tuple[Language, ...]
) -> Iterator[Sign]:
    """Villages of the communes; a village is a place of the official list, not of a farmer."""
    found = places.villages[places.villages["commune"].isin(own.index)]
    for row in found.itertuples():
        name = in_scripts(row.name_en, row.name_km, scripts)
        yield Sign(VILLAGE, str(row.Index), row.geometry.x, row.geometry.y, VILLAGE, name)


def _counted(own: gpd.GeoDataFrame, counts: Mapping[str, int]) -> Iterator[Sign]:
    """How many plots, in the middle of each commune."""
    for code, count in counts.items():
        middle = own.geometry[code].representative_point()
        yield Sign("area", code, middle.x, middle.y, "plots-together", "", number=str(count))


def _bases(
    own: gpd.GeoDataFrame, providers: gpd.GeoDataFrame, machines: gpd.GeoDataFrame
) -> Iterator[Sign]:
    """One sign a commune with providers: what its machines are, never where one lives."""
    owned = machines.groupby("provider")["machine"].agg(list).to_dict()
    for code, group in providers.groupby("commune"):
        kinds = [kind for reference in group["reference"] for kind in owned.get(reference, ())]
        shape = own.geometry[code]
        west, _, east, _ = shape.bounds
        middle = shape.representative_point()
        beside = shapely.Point(middle.x + (east - west) * 0.12, middle.y)
        place = beside if shape.contains(beside) else middle
        yield Sign("area", str(code), place.x, place.y, provider_sign(kinds), "")


def _result_signs(result: Result, own: gpd.GeoDataFrame) -> Iterator[Sign]:
    """Numbered sites, or the bases of machines, inside the area."""
    features = result.outcome.features
    if "sites" in features and "rank" in features["sites"].columns:
        sites = features["sites"].to_crs(GEOGRAPHIC).sort_values("rank", ascending=False)
        for row in sites.itertuples(index=False):
            if str(row.code) in own.index:
                point, rank = row.geometry, str(int(row.rank))
                yield Sign("site", rank, point.x, point.y, "site-proposed", "", number=rank)
    if "bases" in features:
        area = own.to_crs(GEOGRAPHIC).union_all()
        for row in features["bases"].to_crs(GEOGRAPHIC).itertuples():
            if area.intersects(row.geometry) and getattr(row, "state", "") != "new":
                kinds = [row.kind] if isinstance(row.kind, str) and row.kind else []
                point = row.geometry
                yield Sign("base", str(row.Index), point.x, point.y, provider_sign(kinds), "")


def _sign_groups(
    signs: tuple[Sign, ...], result: Result | None, roads: bool, language: Language
) -> Iterator[LegendGroup]:
    drawn = {sign.sign for sign in signs}
    if "site-proposed" in drawn:
        bases = result is not None and result.outcome.summary.get("goal") == "bases"
        key = "machine_bases.proposed" if bases else "map.proposed"
        yield LegendGroup("", (LegendItem(text(key, language), sign="site-proposed"),))
    yield from sign_legend(drawn, roads, language)


def _water_group(layer: Layer | None, language: Language) -> Iterator[LegendGroup]:
    if layer is not None:
        title = layer.about.title[language]
        yield LegendGroup("", (LegendItem(title, colour=WATER),))


def _lines(ground: Ground, language: Language) -> LegendGroup:
    """The borders that the map shows, the highest first; those of neighbours where it has any."""
    own = ground.own
    west, south, east, north = own.total_bounds
    rim = _SEEN * max(east - west, north - south)
    seen = ground.communes.cx[west - rim : east + rim, south - rim : north + rim]
    around = len(seen) > len(own)
    levels = {
        "area": True,
        "province": own["province"].nunique() > 1 or seen["province"].nunique() > 1,
        "district": own["district"].nunique() > 1 or around,
        "commune": (len(own) > 1 or around) and len(seen) <= MOST_COMMUNES,
    }
    items = tuple(
        LegendItem(text(f"figure.line_{name}", language), style=name)  # type: ignore[arg-type]
        for name, there in levels.items()
        if there
    )
    return LegendGroup(text("figure.lines", language), items)


def _title(
    result: Result | None, variable: str | None, surface: Surface | None, language: Language
) -> str:
    if surface is None:
        return text("figure.places", language)
    if result is None:
        return surface.title
    made = result.provenance.analysis
    key = ANALYSES.get(made, "")
    return text(key, language) if made == SITES and variable is None else surface.title


def _subtitle(codes: tuple[str, ...], places: Gazetteer, scripts: tuple[Language, ...]) -> str:
    """The areas with their level, in each script."""
    if COUNTRY in codes:
        area = places.area(COUNTRY)
        return " · ".join({"en": area.name_en, "km": area.name_km}[one] for one in scripts)
    return " · ".join(
        ", ".join(_with_level(places, code, language) for code in codes) for language in scripts
    )


def _with_level(places: Gazetteer, code: str, language: Language) -> str:
    """``Rattanak Mondul district``, ``ស្រុករតនមណ្ឌល``."""
    area = places.area(code)
    level = text(f"frame.level_{area.level}", language)
    if language == "km":
        return f"{level}{area.name_km}" if area.name_km else f"{area.name_en} (en)"
    return f"{area.name_en} {level}"


def _is_example(result: Result | None, layers: list[Layer]) -> bool:
    made = result is not None and result.provenance.example
    return made or any(layer.example for layer in layers)


def _stamp(result: Result | None, made_up: bool, language: Language) -> str:
    """Real communes ranked on made-up records: not for decisions."""
    if not made_up:
        return ""
    return text("map.stamp" if result is not None else "frame.example", language)


def _sources(
    result: Result | None, layers: list[Layer], places: Gazetteer, language: Language
) -> str:
    """Every source once, with its years, under its licence."""
    rows = [(places.licence, places.source, str(places.year or ""))]
    rows += [(one.licence, one.source, str(one.year or "")) for one in layers]
    if result is not None:
        rows += [(one.licence, one.source, str(one.year or "")) for one in result.provenance.layers]
    found: dict[str, dict[str, set[str]]] = {}
    for licence, source, year in rows:
        found.setdefault(licence, {}).setdefault(source, set()).add(year)
    said = (
        f"{'; '.join(f'{source}{_of(years)}' for source, years in told.items())} ({licence})"
        for licence, told in found.items()
    )
    return text("figure.sources", language, sources="; ".join(said))


def _of(years: set[str]) -> str:
    told = sorted(year for year in years if year)
    return f", {', '.join(told)}" if told else ""


def _warnings(result: Result | None, language: Language) -> Iterator[str]:
    """The first warnings of a result; how many more it has."""
    notes = () if result is None else result.outcome.warnings
    for note in notes[:REMARKS]:
        yield text(note.key, language, **dict(note.values))
    if len(notes) > REMARKS:
        yield text("figure.more_remarks", language, count=len(notes) - REMARKS)


def _code(result: Result | None, layers: list[Layer], language: Language) -> str:
    """When it was made, by which software, of which run or editions."""
    today = text("figure.made", language, date=date.today())
    if result is not None:
        made = result.provenance
        title = text(ANALYSES[made.analysis], language) if made.analysis in ANALYSES else ""
        parts = (today, made.software, title, run_id(made), f"{made.resolution_m:g} m")
        return " · ".join(part for part in parts if part)
    editions = (f"{layer.id} {layer.sha256[:8]}" for layer in layers)
    return " · ".join((today, f"deimap {version('deimap')}", *editions))
