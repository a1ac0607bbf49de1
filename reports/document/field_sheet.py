"""The field sheet: a list of the sites to visit, then a page for each to write on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pandas as pd

from gis.analysis import Result
from locales import Language, number, text, with_unit
from reports.document.compose import codes_of
from reports.document.content import Block, Column, Document, Map, Points, Section, Table, Words
from reports.document.sheet import BOX, WRITE, form, needed, sites_of, way_map
from reports.document.shown import cell, place_name
from reports.document.told import Told
from reports.figure.compose import Atlas
from reports.figure.text import wrapped
from reports.headings import HECTARES

SITES = "sites"
CHECKS = ("cooperative", "provider", "extension", "buyer")
"""What is checked in the field before anybody decides: yes, no or unknown."""
ROLES = ("council", *CHECKS)
"""Whom to meet, by role: nobody's name is kept."""
ANSWERS = {"forms.yes": 0.9, "forms.no": 0.9, "forms.unknown": 1.5}
"""Text of an answer -> width of its column."""
_TOLD = ("reason", "against")
_EMPTY = 2
"""Rows for villages that nobody proposed."""
_HIGH, _OVERVIEW, _LOW, _WAY = 140.0, 104.0, 88.0, 77.0
"""Heights of the maps in millimetres."""
_FEW, _BESIDE_LIST = 10, 176.0
"""Fewer sites leave the overview this height without their rows."""
_REASON_MM, _REASON_PT, _LINE, _LEAST = 168.0, 9.0, 5.0, 52.0
"""Width and size of reasons, height of a line of them, and what a map needs at least."""
_USUAL: Mapping[Language, int] = {"en": 7, "km": 5}
"""Lines of reasons beside which a map has its usual height."""
_LISTED = range(10, 13)
"""So many sites share their page with a low map."""


def field_sheet(
    atlas: Atlas, areas: Iterable[str], results: Sequence[Result], language: Language
) -> Document:
    """Sheets for a visit to the proposed sites of areas.

    Parameters
    ----------
    results
        One of the analysis ``sites`` that covers the areas; others are not used.

    Raises
    ------
    UnknownArea, AmbiguousArea
    BadParameter
        When there is no such result, or it does not cover the areas.
    """
    codes = codes_of(atlas, areas)
    told = needed(atlas, results, SITES)
    found = sites_of(told, atlas.places.communes_within(codes))
    overview = way_map(atlas, codes, told, language, _room(len(found)), villages=False)
    first: list[Block] = [Words(text("forms.how_field", language), small=True)]
    if found.empty:
        first.append(Words(text("forms.none_here", language)))
    else:
        first.append(_visits(found, told, language))
    pages = (_site(row, atlas, told, language) for _, row in found.iterrows())
    return form(
        language,
        text("forms.field", language),
        overview.content.subtitle,
        (Section("", (*first, overview)), *pages),
        (told,),
    )


def _site(row: pd.Series, atlas: Atlas, told: Told, language: Language) -> Section:
    drawn = way_map(atlas, [str(row.name)], told, language, _beside(row, language))
    title = text("forms.site", language, rank=_rank(row, language), place=_place(row, language))
    blocks = (drawn, *_ways(row, atlas, drawn, language), *_page(row, language))
    return Section(title, blocks, alone=True)


def _room(sites: int) -> float:
    """Height of the overview: with the list of the sites it fills the first page."""
    if sites < _FEW:
        return min(_HIGH, _BESIDE_LIST - WRITE * sites)
    return _LOW if sites in _LISTED else _OVERVIEW


def _beside(row: pd.Series, language: Language) -> float:
    """Height of the map of a site: long reasons leave it less of their page."""
    lines = sum(len(wrapped(words, _REASON_MM, _REASON_PT)) for words in _reasons(row, language))
    return max(_WAY - _LINE * max(lines - _USUAL[language], 0), _LEAST)


def _reasons(row: pd.Series, language: Language) -> tuple[str, ...]:
    said = (row.get(f"{name}_{language}") for name in _TOLD)
    return tuple(words for words in said if isinstance(words, str) and words)


def _rank(row: pd.Series, language: Language) -> str:
    return number(float(row["rank"]), language, 0)


def _place(row: pd.Series, language: Language) -> str:
    """The village, where the result names one, its commune and its district."""
    commune = place_name(row, str(row.name), language)
    district = place_name(row, "", language, "district")
    around = f"{commune}, {district}" if district else commune
    village = place_name(row, "", language, "village")
    return f"{village} ({around})" if village else around


def _visits(found: pd.DataFrame, told: Told, language: Language) -> Table:
    """Sites by rank; when and by whom each is visited is written by hand."""
    columns = (
        Column(text("document.rank", language), True, 0.6),
        Column(text("document.place", language), width=4.2),
        Column(text("workbook.hectares", language), True, 1.3),
        Column(text("forms.date", language), width=2.0),
        Column(text("forms.visited_by", language), width=3.4),
    )
    rows = tuple(
        (
            _rank(row, language),
            _place(row, language),
            cell(
                row.get("hectares"),
                HECTARES,
                language,
                told.withheld("sites", str(row.name), "hectares"),
            ),
            "",
            "",
        )
        for _, row in found.iterrows()
    )
    return Table(text("forms.visits", language), columns, rows, WRITE)


def _ways(row: pd.Series, atlas: Atlas, drawn: Map, language: Language) -> Iterator[Block]:
    """Where the proposed villages lie, and how far from a road; places of villages are public."""
    villages, roads = atlas.places.villages, drawn.content.roads
    said = []
    for what in ("village", "next_best"):
        code = row.get(what)
        if not isinstance(code, str) or code not in villages.index:
            continue
        place = villages.loc[[code]].geometry
        name = place_name(row, code, language, what)
        north, east = f"{place.y.iloc[0]:.4f}", f"{place.x.iloc[0]:.4f}"
        words = text("forms.ways_to", language, village=name, north=north, east=east)
        if roads is not None and not roads.empty:
            metres = float(roads.distance(place.to_crs(roads.crs).iloc[0]).min())
            distance = with_unit(metres / 1000, "km", language)
            words = f"{words} {text('forms.way_from_road', language, distance=distance)}"
        said.append(words)
    if said:
        yield Words(" ".join(said), small=True)


def _page(row: pd.Series, language: Language) -> Iterator[Block]:
    if why := _reasons(row, language):
        yield Points(text("forms.why", language), why)
    yield _checks(language)
    yield _villages(row, language)


def _checks(language: Language) -> Table:
    """Roles with their questions; the council decides nothing with a tick."""
    columns = (
        Column(text("forms.role", language), width=3.5),
        Column(text("forms.question", language), width=4.7),
        *(Column(text(answer, language), width=wide) for answer, wide in ANSWERS.items()),
        Column(text("forms.notes", language), width=2.8),
    )
    rows = tuple(
        (
            text(f"forms.role_{role}", language),
            text(f"forms.ask_{role}", language),
            *(BOX if role in CHECKS else "" for _ in ANSWERS),
            "",
        )
        for role in ROLES
    )
    return Table(text("forms.meet", language), columns, rows, WRITE)


def _villages(row: pd.Series, language: Language) -> Table:
    """The proposed village, the second best one, and rows for others."""
    columns = (
        Column(text("forms.village", language), width=4.0),
        Column(text("forms.date", language), width=1.6),
        Column(text("forms.met", language), width=2.2),
        Column(text("forms.willing", language), width=2.3),
        Column(text("forms.notes", language), width=2.2),
        Column(text("forms.signature", language), width=1.9),
    )
    known = (
        (place_name(row, "", language, "village"), text("forms.proposed", language)),
        (place_name(row, "", language, "next_best"), text("forms.second_best", language)),
    )
    stated = [f"{name} ({why})" for name, why in known if name]
    blank = ("",) * (len(columns) - 1)
    rows = tuple((name, *blank) for name in (*stated, *("",) * _EMPTY))
    return Table(text("forms.villages", language), columns, rows, WRITE)
