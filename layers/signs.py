"""Signs of records: which one a provider gets, and the legend rows of those that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from layers.drawing import LegendGroup, LegendItem
from locales import Language, text
from registry.vocabulary import MACHINES, NO_TILL_MACHINE, STATUSES

MACHINE_SIGNS: Mapping[str, str] = {name: name for name in MACHINES} | {NO_TILL_MACHINE: "planter"}
"""Machine -> its file in ``static/signs``."""


def provider_sign(machines: Iterable[str]) -> str:
    """A no-till planter first; else the first machine; a plain square for none."""
    owned = list(machines)
    if NO_TILL_MACHINE in owned:
        return "planter"
    return MACHINE_SIGNS.get(owned[0], "machine") if owned else "machine"


def sign_legend(drawn: set[str], roads: bool, language: Language) -> tuple[LegendGroup, ...]:
    """Legend groups of the signs that are drawn, by their files, and of nothing else."""
    groups = []
    for title, rows in _GROUPS.items():
        items = tuple(
            LegendItem(text(key, language), sign=one) for one, key in rows if one in drawn
        )
        if items:
            groups.append(LegendGroup(text(title, language), items))
    plain = tuple(LegendItem(text(key, language), sign=one) for one, key in _plain(drawn, roads))
    return (*groups, LegendGroup("", plain)) if plain else tuple(groups)


def _plain(drawn: set[str], roads: bool) -> Iterator[tuple[str, str]]:
    if "event" in drawn:
        yield "event", "map.events"
    if "village" in drawn:
        yield "village", "map.villages"
    if roads:
        yield "road", "map.roads"


_GROUPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "map.adopters": (
        *((f"adopter-{status}", f"map.adopter_{status}") for status in STATUSES),
        ("plots-together", "map.plots_together"),
    ),
    "map.providers": (
        *((MACHINE_SIGNS[name], f"map.machine_{name}") for name in MACHINES),
        ("machine", "map.machine_none"),
    ),
}
"""Text of a group -> its signs and their texts, in reading order."""
