"""What officers decide otherwise: sites they add or remove, with their reasons."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Note
from gis.errors import BadParameter
from gis.sites.candidates import positions_of
from gis.sites.chosen import Choice, attributed
from gis.sites.ground import Ground
from gis.sites.parameters import Override, SitesParameters
from gis.sites.rules import forbidden

COLUMNS = (
    *("name_en", "name_km", "village"),
    *("rank_proposed", "rank_decided", "override", "override_reason"),
)


def decided(proposed: Choice, ground: Ground) -> Choice:
    """The choice as officers changed it; where they changed nothing, the proposal itself.

    Where a commune gets one site, a place added there takes that of the proposed one. What an
    officer adds sets aside every rule but that of excluded land.

    Raises
    ------
    BadParameter
        An override of a place that is none of the area, or two of the same.
    NotACandidate
        A commune is added in which no place is on offer.
    """
    parameters, table = ground.parameters, ground.offered.table
    if not parameters.overrides:
        return proposed
    _expect_known(ground)
    added = table.index.get_indexer(pd.Index(list(_added(proposed, ground)), dtype=object))
    added = np.setdiff1d(added, proposed.standing)
    removed = {item.code for item in parameters.overrides if item.action == "remove"}
    units = table["commune"].to_numpy()
    taken = set(units[added]) if parameters.one_each else set()
    kept = [
        place
        for place in proposed.positions.tolist()
        if not {table.index[place], units[place]} & removed and units[place] not in taken
    ]
    sites = np.union1d(np.array(kept, dtype=np.int64), added)
    chosen = attributed(ground.offered, sites, proposed.standing, proposed.worth, parameters)
    return replace(proposed, chosen=chosen, required=np.union1d(proposed.required, added))


def both_ranks(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> gpd.GeoDataFrame:
    """Sites with their rank in the proposal; the officer's reason and the rules set aside where
    one was added."""
    ranks = _ranks_proposed(proposed, ground)
    added = _added(proposed, ground)
    said = [added[village].reason if village in added else "" for village in sites["village"]]
    notes = [
        (*_added_notes(added[village], village, sites, ground), *why) if village in added else why
        for village, why in zip(sites["village"], sites["reason"], strict=True)
    ]
    keys = _keys(sites["code"], sites["village"], ground)
    return sites.assign(
        rank_proposed=pd.array(ranks.reindex(keys).to_numpy(), dtype="Int64"),
        override_reason=said,
        reason=pd.Series(notes, index=sites.index, dtype=object),
    )


def overrides_table(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> pd.DataFrame:
    """Places that were proposed or decided: both ranks, and what an officer did and why.

    One row a commune where that gets one site, else one a place; ``village`` is the place decided,
    else the one proposed.
    """
    done = _done(proposed, ground)
    places = _places(sites, proposed, ground)
    before = _ranks_proposed(proposed, ground).reindex(places.index)
    after = sites["rank"].astype(float).set_axis(_keys(sites["code"], sites["village"], ground))
    items = [
        done.get(key, done.get(code))
        for key, code in zip(places.index, places["code"], strict=True)
    ]
    codes = pd.Index(places["code"], name="code", dtype=object)
    names = ground.communes[["name_en", "name_km"]].reindex(codes)
    return names.assign(
        village=places["village"].to_numpy(),
        rank_proposed=pd.array(before.to_numpy(), dtype="Int64"),
        rank_decided=pd.array(after.reindex(places.index).to_numpy(), dtype="Int64"),
        override=[item.action if item else "" for item in items],
        override_reason=[item.reason if item else "" for item in items],
    )


def notes_on(sites: gpd.GeoDataFrame, parameters: SitesParameters) -> tuple[Note, ...]:
    """That officers changed the proposal, and that it costs more than the budget; none where
    they did not."""
    actions = [item.action for item in parameters.overrides]
    if not actions:
        return ()
    values = (("added", actions.count("add")), ("removed", actions.count("remove")))
    notes = (Note("reasons.overridden", values),)
    cost, budget = float(sites["cost_usd"].sum()), parameters.budget_usd
    if budget is None or cost <= budget:
        return notes
    return (*notes, Note("reasons.over_budget", (("cost", cost), ("budget", budget))))


def removed_notes(code: str, ground: Ground) -> tuple[Note, ...]:
    """Why a commune or a place in it was taken out of the proposal, in the officer's words."""
    return tuple(
        Note("reasons.removed", (("reason", item.reason),))
        for item in ground.parameters.overrides
        if item.action == "remove" and _commune(item.code, ground) == code
    )


def _added(proposed: Choice, ground: Ground) -> dict[str, Override]:
    """Place -> who adds it; of a commune one that a model may choose, where there is one."""
    offered, worth = ground.offered, proposed.worth
    able = ~offered.ruled_out
    units = set(offered.table["commune"][able])
    every = np.ones(len(offered), dtype=np.bool_)
    added = {}
    for item in ground.parameters.overrides:
        if item.action == "add":
            among = able if item.code in units else every
            place = positions_of([item.code], "overrides", offered, worth, among)
            added[str(offered.table.index[place[0]])] = item
    return added


def _added_notes(
    item: Override, village: str, sites: gpd.GeoDataFrame, ground: Ground
) -> tuple[Note, ...]:
    said = Note("reasons.added", (("reason", item.reason),))
    rules = _set_aside(village, sites, ground)
    return (said, Note("reasons.set_aside", (("rules", rules),))) if rules else (said,)


def _set_aside(village: str, sites: gpd.GeoDataFrame, ground: Ground) -> tuple[Note, ...]:
    """Rules that would keep a place from being a site beside the others."""
    parameters, offered = ground.parameters, ground.offered
    rules = []
    if village in offered.admitted:
        rules.append(Note(f"reasons.rule_{offered.admitted[village]}"))
    if forbidden(offered.table.loc[[village]], parameters).any():
        rules.append(Note("location.rule_forbidden"))
    own = (sites["village"] == village).to_numpy()
    standing = offered.table[offered.table["standing"].astype(bool)]
    others = np.vstack(
        [
            np.column_stack([sites.geometry.x, sites.geometry.y])[~own],
            standing[["x", "y"]].to_numpy(dtype=np.float64),
        ]
    )
    point = sites.geometry[own].iloc[0]
    apart = np.hypot(others[:, 0] - point.x, others[:, 1] - point.y)
    if (apart < parameters.apart_m).any():
        rules.append(Note("location.rule_spacing"))
    return tuple(rules)


def _ranks_proposed(proposed: Choice, ground: Ground) -> pd.Series:
    chosen = ground.offered.table.iloc[proposed.positions]
    keys = _keys(chosen["commune"], chosen.index.to_series(), ground)
    return pd.Series(range(1, len(keys) + 1), index=pd.Index(keys, dtype=object), dtype=float)


def _keys(communes: pd.Series, villages: pd.Series, ground: Ground) -> list[str]:
    """What tells sites apart: the commune where it gets one, else the place."""
    if ground.parameters.one_each:
        return [str(code) for code in communes]
    return [str(place or code) for code, place in zip(communes, villages, strict=True)]


def _places(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> pd.DataFrame:
    """Places decided, proposed or named by officers, by what tells them apart."""
    chosen = ground.offered.table.iloc[proposed.positions]
    rows = [
        *zip(sites["code"], sites["village"], strict=True),
        *zip(chosen["commune"], chosen.index, strict=True),
    ]
    seen = {code for code, _ in rows}
    for item in ground.parameters.overrides:
        code = _commune(item.code, ground)
        if item.code != code:
            rows.append((code, item.code))
        elif code not in seen:
            rows.append((code, ""))
    places = pd.DataFrame(rows, columns=["code", "village"])
    places.index = pd.Index(_keys(places["code"], places["village"], ground), dtype=object)
    return places[~places.index.duplicated()].sort_values(["code", "village"])


def _done(proposed: Choice, ground: Ground) -> dict[str, Override]:
    """Overrides by what tells their places apart."""
    places = _added(proposed, ground)
    if ground.parameters.one_each:
        return {_commune(item.code, ground): item for item in ground.parameters.overrides}
    return {item.code: item for item in ground.parameters.overrides} | places


def _commune(code: str, ground: Ground) -> str:
    """The commune of a place, or itself."""
    for table in (ground.offered.table, ground.offered.left_out):
        if code in table.index:
            return str(table.loc[code, "commune"])
    return code


def _expect_known(ground: Ground) -> None:
    offered, overrides = ground.offered, ground.parameters.overrides
    known = {*ground.communes.index, *offered.table.index, *offered.left_out.index}
    told = [
        _commune(item.code, ground) if ground.parameters.one_each else item.code
        for item in overrides
    ]
    for item, place in zip(overrides, told, strict=True):
        if item.code not in known:
            raise BadParameter("overrides", item.code, Note("reasons.codes_of_places"))
        if told.count(place) > 1:
            raise BadParameter("overrides", item.code, Note("reasons.one_override"))
