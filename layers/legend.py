"""Colours and legend rows of a variable: the steps of a quantity, the classes of a class layer."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.catalogue import QUANTITY_COLOURS, Layer, Variable
from layers.drawing import LegendGroup, LegendItem
from locales import LANGUAGES, NO_BREAK_SPACE, Language, number, text

UNKNOWN_STEP = -1
DECIMALS = 6
"""Digits of a limit that are written at most."""
UNIT_TEXTS = {"1": "%", "degree": "°"}
"""How units of the catalogue are written; others as they stand."""
UNIT_WORDS = {"people": "terms.people", "min": "terms.minutes", "ha": "map.hectares"}
"""Units that are words, by the key of their text."""


@dataclass(frozen=True)
class Scale:
    """Colour of each step or class, and its words by language."""

    colours: tuple[str, ...]
    codes: tuple[int, ...]
    labels: tuple[tuple[str, str], ...]
    """English and Khmer, one pair a step."""
    breaks: tuple[float, ...] = ()

    def steps(self, values: ArrayLike) -> NDArray[np.int16]:
        """Position of each value in the scale, ``UNKNOWN_STEP`` where it has none."""
        cells = np.asarray(values, dtype=float)
        known = np.isfinite(cells)
        found = np.full(cells.shape, UNKNOWN_STEP, dtype=np.int16)
        if self.breaks:
            # a value on a bound belongs to the lower step: the legend says "up to"
            found[known] = np.searchsorted(self.breaks, cells[known], side="left")
        else:
            for position, code in enumerate(self.codes):
                found[known & (cells == code)] = position
        return found

    def items(self, used: Iterable[int], language: Language) -> tuple[LegendItem, ...]:
        """Legend rows of the steps that are drawn, in order; hatch for unknown ones."""
        present = set(used)
        rows = [
            LegendItem(self.labels[step][0 if language == "en" else 1], colour=self.colours[step])
            for step in range(len(self.colours))
            if step in present
        ]
        if UNKNOWN_STEP in present:
            rows.append(LegendItem(text("terms.no_data", language).capitalize(), style="hatch"))
        return tuple(rows)


def scale_of(variable: Variable, values: ArrayLike) -> Scale:
    """The scale of a variable; a quantity without stated breaks is cut at its own quintiles."""
    if variable.kind == "class":
        return Scale(
            tuple(item.colour for item in variable.legend),
            variable.codes,
            tuple((item.title["en"], item.title["km"]) for item in variable.legend),
        )
    unit = _unit_of(variable)
    return _cut_at(variable.breaks, unit) if variable.breaks else scale_of_fifths(values, unit)


def scale_of_fifths(values: ArrayLike, unit: str) -> Scale:
    """The scale of a quantity cut at its own quintiles; nothing at all is a class of its own.

    >>> [label for label, _ in scale_of_fifths([0, 0, 0, 0, 0, 10, 20, 30, 40], "ha").labels]
    ['0\xa0ha', '0 – 18\xa0ha', '18 – 25\xa0ha', '25 – 32\xa0ha', '> 32\xa0ha']
    """
    cells = np.asarray(values, dtype=float)
    known = cells[np.isfinite(cells)]
    if not known.size or known.min() != 0:
        return _cut_at(_cuts(known, 5) or (0.0,), unit)
    above = (cut for cut in _cuts(known[known > 0], 4) if cut > 0)
    scale = _cut_at((0.0, *above), unit)
    none = tuple(f"0{_unit(unit, language)}" for language in LANGUAGES)
    return replace(scale, labels=((none[0], none[1]), *scale.labels[1:]))


def _cut_at(breaks: Sequence[float], unit: str) -> Scale:
    return scale_between(breaks, QUANTITY_COLOURS[: len(breaks) + 1], unit)


def scale_between(breaks: Sequence[float], colours: Sequence[str], unit: str) -> Scale:
    """The scale of a quantity cut at ``breaks``, one colour more than these.

    >>> scale_between((30.0, 60.0), ("#FFF3C4", "#FBC96B", "#E5873C"), "m").labels[1][0]
    '30 – 60\xa0m'
    """
    labels = tuple(
        (between(low, high, unit, "en"), between(low, high, unit, "km"))
        for low, high in pairwise((-math.inf, *breaks, math.inf))
    )
    return Scale(tuple(colours), tuple(range(len(labels))), labels, tuple(breaks))


def legend_of(layer: Layer, scale: Scale, used: Iterable[int], language: Language) -> LegendGroup:
    """The legend of a layer that colours the map: its title, the steps drawn, its year."""
    year = text("map.year", language, year=str(layer.year)) if layer.year else ""
    coarse = text("map.coarse", language) if layer.coarse else ""
    title = layer.about.title[language] if layer.coarse else layer.title[language]
    note = " · ".join(part for part in (coarse, year) if part)
    return LegendGroup(title, scale.items(used, language), note)


def value_text(value: float | None, variable: Variable, language: Language) -> str:
    """A value as people read it: class title, or number with unit; unknown says so."""
    if value is None or math.isnan(value):
        return text("terms.unknown", language)
    if variable.kind == "class":
        titles = {item.code: item.title[language] for item in variable.legend}
        return titles.get(int(value), text("terms.unknown", language))
    return with_unit_of(value, _unit_of(variable), language)


def _unit_of(variable: Variable) -> str:
    """The unit as it is shown: a number without unit that may be negative is no share."""
    signed = variable.range is not None and variable.range[0] < 0
    return "index" if variable.unit == "1" and signed else variable.unit


def with_unit_of(value: float, unit: str, language: Language) -> str:
    """A quantity of the catalogue's unit; shares are written in percent."""
    written = number(*_digits(value * 100 if unit == "1" else value, language))
    return written + _unit(unit, language)


def _digits(value: float, language: Language) -> tuple[float, Language, int]:
    whole = abs(value) >= 10 or float(value).is_integer()
    return value, language, 0 if whole else 1 if abs(value) >= 0.95 else 2


def _unit(unit: str, language: Language) -> str:
    if unit in UNIT_WORDS:
        return NO_BREAK_SPACE + text(UNIT_WORDS[unit], language)
    written = UNIT_TEXTS.get(unit, unit)
    if not written or unit.startswith("index"):
        return ""
    return written if written == "°" else NO_BREAK_SPACE + written


def between(low: float, high: float, unit: str, language: Language) -> str:
    """A step of a quantity in signs; an end at infinity is open.

    >>> between(20_000, 1_250_000, "ha", "en")
    '20,000 – 1,250,000\xa0ha'
    """
    times = 100.0 if unit == "1" else 1.0
    bounds = [_written(bound * times) for bound in (low, high)]
    if math.isinf(low):
        return f"≤ {bounds[1]}{_unit(unit, language)}"
    if math.isinf(high):
        return f"> {bounds[0]}{_unit(unit, language)}"
    return f"{bounds[0]} – {bounds[1]}{_unit(unit, language)}"


def _written(limit: float) -> str:
    return f"{round(limit, DECIMALS):,.10g}".replace("-", "\N{MINUS SIGN}")


def _cuts(known: NDArray[np.float64], parts: int) -> tuple[float, ...]:
    """Where numbers are cut into as many parts; cuts that are written alike are one."""
    if known.size == 0:
        return ()
    cuts = np.quantile(known, np.arange(1, parts) / parts)
    return tuple(sorted({round(float(f"{cut:.2g}"), DECIMALS) for cut in cuts}))


def strength_words(group: str, language: Language) -> str:
    """What a legend calls a group of firmness, ``firm``, ``borderline`` or ``too-weak``."""
    return text("map.strength", language, group=text(f"sites.group_{group}", language))
