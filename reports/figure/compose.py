"""From a layer or a result to the content of a page: one door for maps, atlas and reports."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, TypeVar

import geopandas as gpd

from gis.analysis import Note, Result
from gis.errors import BadParameter
from gis.grid import CRS
from layers.boundaries import Gazetteer, gazetteer
from layers.catalogue import Catalogue, Layer, catalogue
from layers.prepare import prepare
from layers.workspace import Workspace
from locales import Language
from reports.anonymous import public
from reports.figure.backdrop import backdrop_of
from reports.figure.both import in_both
from reports.figure.columns import NOTHING_WITHHELD, Withheld, withheld_of
from reports.figure.content import Ground, MapContent, Surface
from reports.figure.groups import lines_of, sign_groups, water_group
from reports.figure.notices import notices_of
from reports.figure.points import RECORDS, signs_of, villages_of
from reports.figure.surfaces import scale_over, surface_of_layer, surface_of_result
from reports.figure.words import (
    code_of,
    is_example,
    lost_of,
    remarks_of,
    sources_of,
    stamp_of,
    subtitle_of,
    title_of,
)

T = TypeVar("T")
NOTHING = ""
"""A variable that leaves the land bare, for a map to find the way with."""
AROUND = 0.6
"""How far beyond the area its neighbours are looked for, as a share of its extent."""
KEPT = 24
"""Things that maps of one document share which are kept; the oldest go first."""


@dataclass(frozen=True, eq=False)
class Atlas:
    """What every map of a workspace shares, read once."""

    workspace: Workspace
    places: Gazetteer
    known: Catalogue
    metres: Mapping[str, gpd.GeoDataFrame]
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)

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

    def once(self, key: Hashable, made: Callable[[], T]) -> T:
        """What several maps of a document share: made for the first of them."""
        if key not in self._kept:
            found = made()
            for old in list(self._kept)[: len(self._kept) - KEPT + 1]:
                self._kept.pop(old, None)
            self._kept[key] = found
            return found
        kept: T = self._kept[key]
        return kept

    def public(self, result: Result) -> Result:
        """A result as it may leave the house; that of a public one is itself."""
        # the result is kept with what was made of it: else another could take over its id
        _, told = self.once(("public", id(result)), lambda: (result, public(result, self.places)))
        self.once(("public", id(told)), lambda: (told, told))
        return told


@dataclass(frozen=True)
class _Asked:
    """What a map shall show, checked."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    layer: Layer | None
    result: Result | None
    variable: str | None
    scripts: tuple[Language, ...]
    villages: bool
    alike: tuple[str, ...]
    withheld: Withheld


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
    alike: tuple[str, ...] = (),
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
        Languages of the names; by default the one of the page. With two of them, titles and
        legend are in both.
    villages
        Whether villages stand on it with their names.
    alike
        Codes of all areas of an atlas: its pages cut a quantity at the same values.

    Raises
    ------
    UnknownArea, AmbiguousArea, UnknownLayer
    BadParameter
        When two surfaces are asked for, the result does not cover the areas, or it has no such
        variable.
    """
    codes = tuple(dict.fromkeys(atlas.places.find(area).code for area in areas))
    names = tuple(layers)
    layer = _colouring(atlas, names, result, variable)
    told, withheld = None, NOTHING_WITHHELD
    if result is not None:
        told = atlas.public(result)
        require_inside(told, codes, atlas.places)
        withheld = withheld_of(result.outcome, told.outcome)
    spoken = scripts or (language,)
    asked = _Asked(codes, names, layer, told, variable, spoken, villages, alike or codes, withheld)
    pages = (_page(atlas, asked, one) for one in (spoken if len(spoken) > 1 else (language,)))
    return reduce(in_both, pages)


def _colouring(
    atlas: Atlas, names: tuple[str, ...], result: Result | None, variable: str | None
) -> Layer | None:
    """The layer that colours the land; a result leaves room for none."""
    chosen = [atlas.known.layer(name) for name in names if name not in RECORDS]
    colouring = [layer for layer in chosen if layer.kind in ("quantity", "class")]
    if variable is not None and result is None:
        raise BadParameter("--variable", variable, Note("allowed.with_result"))
    if len(colouring) + (result is not None) > 1:
        words = ", ".join(layer.id for layer in colouring)
        raise BadParameter("--layers", words, Note("allowed.one_surface"))
    return colouring[0] if colouring else None


def require_inside(result: Result, codes: tuple[str, ...], places: Gazetteer) -> None:
    """Refuse areas that a result does not cover."""
    covered = set(places.communes_within(result.provenance.areas))
    if not covered.issuperset(places.communes_within(codes)):
        stated, asked = (
            ", ".join(places.find(code).label for code in areas)
            for areas in (result.provenance.areas, codes)
        )
        raise BadParameter("--area", asked, Note("allowed.inside_result", (("areas", stated),)))


def _page(atlas: Atlas, asked: _Asked, language: Language) -> MapContent:
    """The page in one language."""
    places, codes, result = atlas.places, asked.codes, asked.result
    own = places.communes_of(codes)
    ground = atlas.once(("ground", codes), lambda: ground_of(atlas, codes))
    surface = _surface(atlas, asked, own, language)
    under = atlas.once(("backdrop", codes), lambda: backdrop_of(atlas.known, own, places))
    signs, remarks, example = signs_of(atlas.workspace, own, asked.names, result, language)
    if asked.villages:
        signs = (*villages_of(places, own, asked.scripts), *signs)
    colouring = [] if asked.layer is None else [asked.layer]
    used = [*colouring, *under.used]
    lost = lost_of(under.lost, language)
    said = " ".join((*lost, *remarks, *remarks_of(result, codes, places, language)))
    return MapContent(
        language=language,
        scripts=asked.scripts,
        title=title_of(result, asked.variable, surface, language),
        subtitle=subtitle_of(codes, places, asked.scripts),
        ground=ground,
        surface=surface.field if surface else None,
        relief=under.relief,
        water=under.water,
        roads=under.roads,
        points=signs,
        borderline=surface.borderline if surface else (),
        legend=(
            *notices_of(result, surface.field if surface else None, signs, language),
            *sign_groups(signs, result, under.roads is not None, language),
            *water_group(under.water_layer, language),
            *((surface.legend,) if surface else ()),
            lines_of(ground, language),
        ),
        sources=(sources_of(result, used, places, language),),
        remarks=(said,) if said else (),
        code=code_of(result, used, language),
        stamp=stamp_of(result, example or is_example(result, used), language),
    )


def _surface(
    atlas: Atlas, asked: _Asked, own: gpd.GeoDataFrame, language: Language
) -> Surface | None:
    if asked.result is not None and asked.variable != NOTHING:
        return surface_of_result(asked.result, asked.variable, own, language, asked.withheld)
    if asked.layer is None:
        return None
    layer, places = asked.layer, atlas.places
    scale = atlas.once(
        ("scale", layer.id, asked.alike), lambda: scale_over(layer, asked.alike, places)
    )
    return surface_of_layer(layer, asked.codes, places, scale, language)


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
