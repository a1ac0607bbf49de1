"""What a one-file web map holds, as values: nothing here reads a file or writes HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.drawing import Backdrop, Drawing
from locales import Language


@dataclass(frozen=True)
class Choice:
    """Something that may colour the land.

    Attributes
    ----------
    key
        Name of the raster, or of the column of communes.
    by_cell
        Whether it has a value a cell, not one a commune.
    names
        What it is called, by language.
    drawings
        The whole map with it, by language.
    """

    key: str
    by_cell: bool
    names: Mapping[Language, str]
    drawings: Mapping[Language, Drawing] = field(repr=False)


@dataclass(frozen=True)
class SiteTold:
    """A proposed site in words: number, commune, village, figures and sentences, by language."""

    rank: str
    commune: Mapping[Language, str]
    place: Mapping[Language, str]
    figures: Mapping[Language, tuple[tuple[str, str], ...]]
    sentences: Mapping[Language, tuple[str, ...]]


@dataclass(frozen=True)
class CommuneTold:
    """What is known of a commune: where it lies, its figures in words, by language."""

    district: Mapping[Language, str]
    figures: Mapping[Language, tuple[str, ...]]
    """Values under the headings of :attr:`Spoken.headings`."""
    remark: Mapping[Language, str]


@dataclass(frozen=True)
class Spoken:
    """Everything around the map in one language.

    Attributes
    ----------
    texts
        Words of the page by their short names.
    software
        What made it.
    headings
        Over the figures of communes: name of the column, words with the unit.
    asked
        To be read with the figures: season, demand or period.
    inputs
        Which years the data are of.
    facts
        Provenance: what, and its value.
    remarks
        What to bear in mind.
    source_heads, sources
        The layers that the result rests on, a row each.
    """

    title: str
    subtitle: str
    texts: Mapping[str, str]
    software: str
    headings: tuple[tuple[str, str], ...] = ()
    asked: str = ""
    inputs: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    source_heads: tuple[str, ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class WebMap:
    """A map of a result in one file; ``choices`` come in reading order, the first is shown."""

    language: Language
    ground: Backdrop
    choices: tuple[Choice, ...]
    communes: Mapping[str, CommuneTold]
    sites: Mapping[str, tuple[SiteTold, ...]]
    """By commune."""
    spoken: Mapping[Language, Spoken]
    example: bool
