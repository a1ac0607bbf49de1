"""A page in both scripts: the words of one language with those of the other."""

from __future__ import annotations

from dataclasses import replace

from layers.drawing import LegendGroup, LegendItem
from reports.figure.content import MapContent

BETWEEN = " · "


def in_both(first: MapContent, second: MapContent) -> MapContent:
    """One page out of the same page in two languages; what was run is told once.

    The titles stand one above the other, so do remarks and sources; words of the legend side by
    side, once where both languages write the same.

    >>> beside("≤ 10 នាទី", "≤ 10 min"), beside("10 – 20 %", "10 – 20 %")
    ('≤ 10 នាទី · ≤ 10 min', '10 – 20 %')
    """
    groups = zip(first.legend, second.legend, strict=True)
    return replace(
        first,
        title="\n".join(dict.fromkeys((first.title, second.title))),
        legend=tuple(_group(one, other) for one, other in groups),
        sources=tuple(dict.fromkeys((*first.sources, *second.sources))),
        remarks=tuple(dict.fromkeys((*first.remarks, *second.remarks))),
        stamp=beside(first.stamp, second.stamp),
    )


def beside(one: str, other: str) -> str:
    """Words of two languages in one line."""
    return BETWEEN.join(words for words in dict.fromkeys((one, other)) if words)


def _group(one: LegendGroup, other: LegendGroup) -> LegendGroup:
    items = zip(one.items, other.items, strict=True)
    return LegendGroup(
        beside(one.title, other.title),
        tuple(_item(item, twin) for item, twin in items),
        beside(one.note, other.note),
    )


def _item(one: LegendItem, other: LegendItem) -> LegendItem:
    return replace(one, text=beside(one.text, other.text))
