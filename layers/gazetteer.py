"""Administrative areas as a value: codes, names in both scripts, outlines, villages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import geopandas as gpd
import pandas as pd
import shapely

from gis.errors import AmbiguousArea, UnknownArea
from layers.spelling import KHMER_DIGITS, Spellings, without_level

Level = Literal["country", "province", "district", "commune", "village"]
COUNTRY = "KH"
COUNTRY_NAMES = ("Cambodia", "Kampuchea", "កម្ពុជា")
NEAREST_SCORE = 65.0


@dataclass(frozen=True)
class Area:
    """One administrative area. ``code`` is its NCDD code of 2014; ``name_km`` may be empty."""

    code: str
    level: Level
    parent: str | None
    name_en: str
    name_km: str

    @property
    def label(self) -> str:
        """How an area stands in a list of choices: ``13 Preah Vihear (province)``."""
        return f"{self.code} {self.name_en} ({self.level})"


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """All areas of a workspace, and where they come from.

    Attributes
    ----------
    communes, districts, provinces
        Polygons in EPSG:4326, index ``code`` (text), columns ``name_en, name_km, code_2025``;
        communes also have ``district`` and ``province``, districts ``province``.
    villages
        Points in EPSG:4326, index ``code``, columns ``commune, name_en, name_km``.
    spellings
        Further spellings: pairs of code and name.
    """

    communes: gpd.GeoDataFrame = field(repr=False)
    districts: gpd.GeoDataFrame = field(repr=False)
    provinces: gpd.GeoDataFrame = field(repr=False)
    villages: gpd.GeoDataFrame = field(repr=False)
    spellings: tuple[tuple[str, str], ...] = field(repr=False)
    edition: str
    source: str
    licence: str
    sha256: str
    year: int | None = None
    embedded: bool = True

    @cached_property
    def _areas(self) -> Mapping[str, Area]:
        areas = {COUNTRY: Area(COUNTRY, "country", None, COUNTRY_NAMES[0], COUNTRY_NAMES[-1])}
        tables: tuple[tuple[Level, gpd.GeoDataFrame, str], ...] = (
            ("province", self.provinces, ""),
            ("district", self.districts, "province"),
            ("commune", self.communes, "district"),
            ("village", self.villages, "commune"),
        )
        for level, table, parent in tables:
            parents = table[parent] if parent else [COUNTRY] * len(table)
            for code, above, name_en, name_km in zip(
                table.index, parents, table["name_en"], table["name_km"], strict=True
            ):
                areas[code] = Area(code, level, above, name_en, name_km)
        return areas

    @cached_property
    def _names(self) -> Spellings:
        """Every spelling of every area, wider areas first; villages last."""
        pairs = [(COUNTRY, name) for name in COUNTRY_NAMES]
        for area in self._areas.values():
            pairs += [(area.code, name) for name in (area.name_en, area.name_km, area.code)]
        pairs += [(code, name) for code, name in self.spellings if code in self._areas]
        return Spellings(tuple(sorted(pairs, key=lambda pair: _by_level(pair[0]))))

    @cached_property
    def _area_names(self) -> Spellings:
        """The same without villages: what an area may be called."""
        return Spellings(
            tuple(pair for pair in self._names.pairs if self._areas[pair[0]].level != "village")
        )

    @cached_property
    def _from_2025(self) -> Mapping[str, str]:
        """Code of the list of 2025 -> code of 2014."""
        found: dict[str, str] = {}
        for table in (self.provinces, self.districts, self.communes):
            found |= {new: code for code, new in table["code_2025"].items() if new}
        return found

    def find(self, words: str) -> Area:
        """The area that a code or a name in any known spelling means.

        A bare code is one of 2014; a code of the list of 2025 is written ``2025:020408``.

        Raises
        ------
        UnknownArea
            When none has it; the error carries the nearest ones.
        AmbiguousArea
            When several areas bear the name; the error carries the choices.
        """
        code = self._code_of(words)
        if code is not None:
            return self._areas[code]
        codes = self.named(words)
        if not codes:
            raise UnknownArea(words, self._nearest(words))
        if len(codes) > 1:
            raise AmbiguousArea(words, tuple(self._areas[code].label for code in codes))
        return self._areas[codes[0]]

    def _code_of(self, words: str) -> str | None:
        """The code that words state, ``None`` when they are a name."""
        match = re.fullmatch(r"(2025:|KH)?(\d+)|KH", folded_code(words))
        if match is None:
            return None
        digits = match[2]
        if digits is None:
            return COUNTRY
        code = self._from_2025.get(digits) if match[1] == "2025:" else digits
        if code not in self._areas or len(digits) > 6:
            raise UnknownArea(words, self._nearest(digits))
        return code

    def named(self, words: str) -> tuple[str, ...]:
        """Codes of all areas that bear a name; a word for the level may stand with it."""
        codes = self._area_names.named(words)
        if codes:
            return codes
        level, rest = without_level(words)
        found = self._area_names.named(rest) if level else ()
        return tuple(code for code in found if self._areas[code].level == level)

    def _nearest(self, words: str) -> tuple[str, ...]:
        _, rest = without_level(words)
        codes = self._area_names.nearest(rest, 3, NEAREST_SCORE)
        return tuple(self._areas[code].label for code in codes[:3])

    def search(self, words: str, limit: int = 10) -> list[Area]:
        """Areas and villages whose name or code holds the words, best first, either script."""
        codes = self._names.holding(words) or self._names.nearest(words, limit, NEAREST_SCORE)
        return [self._areas[code] for code in codes[:limit]]

    def area(self, code: str) -> Area:
        """The area of a code of 2014, a village too.

        Raises
        ------
        UnknownArea
            When the gazetteer does not hold it.
        """
        if code not in self._areas:
            raise UnknownArea(code, self._nearest(code))
        return self._areas[code]

    def level_of(self, code: str) -> Level:
        return self.area(code).level

    def at(self, lon: float, lat: float) -> Area | None:
        """The commune that holds a point, ``None`` outside all of them."""
        hits = self.communes.sindex.query(shapely.Point(lon, lat), predicate="intersects")
        codes = sorted(self.communes.index[hits])
        return self._areas[codes[0]] if codes else None

    def children(self, code: str) -> tuple[Area, ...]:
        """The areas one level below, in order of their codes."""
        self.area(code)
        below = (area for area in self._areas.values() if area.parent == code)
        return tuple(sorted(below, key=lambda area: area.code))

    def communes_of(self, codes: Iterable[str]) -> gpd.GeoDataFrame:
        """The communes of several areas of any level, each once, in order of their codes."""
        return self.communes.loc[self.communes_within(codes)]

    def communes_within(self, codes: Iterable[str]) -> list[str]:
        """Codes of the communes of several areas.

        Raises
        ------
        UnknownArea
        """
        wanted = tuple(codes)
        for code in wanted:
            self.area(code)
        if COUNTRY in wanted:
            return list(self.communes.index)
        return [code for code in self.communes.index if code.startswith(wanted)]

    def village_conflicts(self) -> pd.DataFrame:
        """Villages whose code or position says another commune than their ``commune`` column.

        Returns
        -------
        DataFrame
            Index ``code``; columns ``commune``, ``commune_of_code``, ``commune_of_position``
            (empty where the point lies in no commune).
        """
        joined = self.villages[["commune", "geometry"]].sjoin(
            self.communes[["geometry"]].rename_axis("commune_of_position").reset_index(),
            how="left",
            predicate="within",
        )
        first = joined[~joined.index.duplicated()]
        table = pd.DataFrame(
            {
                "commune": first["commune"],
                "commune_of_code": first.index.str[:6],
                "commune_of_position": first["commune_of_position"].fillna(""),
            },
            index=first.index,
        )
        agrees = (table["commune"] == table["commune_of_code"]) & (
            table["commune"] == table["commune_of_position"]
        )
        return table[~agrees]


def folded_code(words: str) -> str:
    """A code as typed, in Western digits, without spaces, upper case."""
    return re.sub(r"\s", "", words).translate(KHMER_DIGITS).upper()


def _by_level(code: str) -> tuple[int, str]:
    return (0 if code == COUNTRY else len(code), code)
