"""Which places the overrides of officers mean, and whether they can be meant together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Note
from gis.errors import BadParameter
from gis.sites.candidates import positions_of
from gis.sites.chosen import Choice
from gis.sites.ground import Ground
from gis.sites.parameters import Override


def require_possible(proposed: Choice, ground: Ground) -> None:
    """Check that overrides name places of the area, none that is a site already to be removed, and
    that no two of them meet.

    Raises
    ------
    BadParameter
        With the code of the first that does not hold.
    """
    overrides = ground.parameters.overrides
    offered = ground.offered
    known = {*ground.communes.index, *offered.table.index, *offered.left_out.index}
    for item in overrides:
        if item.code not in known:
            raise BadParameter("overrides", item.code, Note("reasons.codes_of_places"))
    if ground.parameters.one_each:
        meant = [{commune_of(item.code, ground)} for item in overrides]
    else:
        meant = [set(_meant(item, proposed, ground)) for item in overrides]
    for number, item in enumerate(overrides):
        if any(meant[number] & other for other in meant[:number] + meant[number + 1 :]):
            raise BadParameter("overrides", item.code, Note("reasons.one_override"))
        if item.action == "remove" and _stands_alone(item, proposed, ground):
            raise BadParameter("overrides", item.code, Note("reasons.stands_already"))


def added(proposed: Choice, ground: Ground) -> dict[str, Override]:
    """Place -> who adds it; of a commune the one that reaches most of those that a model may
    choose, or of all where there is none, and that no officer removes."""
    return {
        _place(item, proposed, ground): item
        for item in ground.parameters.overrides
        if item.action == "add"
    }


def removed(proposed: Choice, ground: Ground) -> dict[str, Override]:
    """Place -> who removes it, of those that were proposed."""
    table = ground.offered.table.iloc[proposed.positions]
    by_code = {item.code: item for item in ground.parameters.overrides if item.action == "remove"}
    found = {
        str(place): by_code.get(str(place), by_code.get(str(commune)))
        for place, commune in zip(table.index, table["commune"], strict=True)
    }
    return {place: item for place, item in found.items() if item is not None}


def commune_of(code: str, ground: Ground) -> str:
    """The commune of a place, or itself."""
    for table in (ground.offered.table, ground.offered.left_out):
        if code in table.index:
            return str(table.loc[code, "commune"])
    return code


def _place(item: Override, proposed: Choice, ground: Ground) -> str:
    offered = ground.offered
    table = offered.table
    out = {one.code for one in ground.parameters.overrides if one.action == "remove"}
    open_to_it: NDArray[np.bool_] = ~table.index.isin(list(out - {item.code}))
    able = open_to_it & ~offered.ruled_out
    own = ((table["commune"] == item.code) | (table.index == item.code)).to_numpy()
    if own.any() and not (own & open_to_it).any():
        raise BadParameter("overrides", item.code, Note("reasons.one_override"))
    among = able if (own & able).any() else open_to_it
    found = positions_of([item.code], "overrides", offered, proposed.worth, among)
    return str(table.index[found[0]])


def _meant(item: Override, proposed: Choice, ground: Ground) -> Iterator[str]:
    """Places that an override decides about: of a commune to be removed all of them."""
    if item.action == "add":
        yield _place(item, proposed, ground)
        return
    yield item.code
    for table in (ground.offered.table, ground.offered.left_out):
        yield from table.index[table["commune"] == item.code]


def _stands_alone(item: Override, proposed: Choice, ground: Ground) -> bool:
    """Whether all that an override could remove is a site already."""
    standing = ground.offered.table.iloc[proposed.standing]
    if item.code not in {*standing.index, *standing["commune"]}:
        return False
    return item not in removed(proposed, ground).values()
