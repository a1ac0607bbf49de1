"""Signs on a printed map: sites, bases and villages as they are, records by commune."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import shapely

from gis.analysis import Result, Role
from gis.grid import CRS, GEOGRAPHIC
from layers.boundaries import Gazetteer
from layers.drawing import Sign
from layers.recorded import recorded
from layers.signs import provider_sign
from layers.workspace import Workspace
from locales import Language, text
from reports.figure.names import VILLAGE, in_scripts
from reports.plots import LEAST

PROVIDERS = "providers"
RECORDS = ("adopters", PROVIDERS)
"""What may be asked for beside layers: records, told by commune."""


def signs_of(
    workspace: Workspace,
    own: gpd.GeoDataFrame,
    asked: tuple[str, ...],
    result: Result | None,
    language: Language,
) -> tuple[tuple[Sign, ...], tuple[str, ...], bool]:
    """Signs of a result or of records asked for, what to say of them, whether any is made up."""
    based = result is not None and "bases" in result.outcome.features
    # the bases of a result are the providers: nobody stands on a map twice
    wanted = [name for name in RECORDS if name in asked and not (based and name == PROVIDERS)]
    signs = list(_result_signs(result, own)) if result is not None else []
    remarks: list[str] = []
    example = False
    if wanted:
        roles = tuple(Role(name, "features", "") for name in (*wanted, "machines"))
        found = recorded(roles, own.to_crs(CRS), workspace)
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


def villages_of(
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
