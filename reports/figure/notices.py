"""What an empty map says instead of leaving it to be guessed: in words, in its legend."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gis.analysis import Result
from layers.bands import WITHHELD
from layers.colours import COLOURS
from layers.drawing import LegendGroup, LegendItem, Sign
from locales import Language, text
from reports.figure.content import CellField, UnitField

SITES = "sites"
SUITABLE = frozenset(COLOURS[f"criteria.class_{name}"] for name in ("s1", "s2", "s3"))
_SIGN = "site-proposed"


def notices_of(
    result: Result | None,
    field: CellField | UnitField | None,
    signs: tuple[Sign, ...],
    language: Language,
) -> Iterator[LegendGroup]:
    """That nothing is proposed, nothing suitable or nothing known in the area of a map.

    Parameters
    ----------
    field
        What colours the land, of the area alone.
    signs
        Those inside the area.
    """
    keys = []
    proposed = any(sign.sign == _SIGN for sign in signs)
    if result is not None and result.provenance.analysis == SITES and not proposed:
        bases = result.outcome.summary.get("goal") == "bases"
        keys.append("figure.no_base" if bases else "figure.no_site")
    if field is not None:
        keys += _of_surface(field)
    if keys:
        yield LegendGroup("", tuple(LegendItem(text(key, language), style="words") for key in keys))


def _of_surface(field: CellField | UnitField) -> Iterator[str]:
    found = field.steps.values() if isinstance(field, UnitField) else np.unique(field.steps)
    shown = {field.colours[int(step)] for step in found if step >= 0}
    crossed = isinstance(field, CellField) and field.crossed is not None and field.crossed.any()
    if shown == {WITHHELD}:
        yield "figure.all_withheld"
    elif not shown and not crossed:
        yield "figure.all_unknown"
    elif SUITABLE.intersection(field.colours) and not SUITABLE.intersection(shown):
        yield "figure.nothing_suitable"
