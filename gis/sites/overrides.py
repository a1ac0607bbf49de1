"""What officers decide otherwise: sites they add or remove, with their reasons."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Note
from gis.sites.chosen import Choice, attributed
from gis.sites.ground import Ground
from gis.sites.officers import added, commune_of, removed, require_possible
from gis.sites.parameters import Override
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
        An override of a place that is none of the area, two that meet in one, or the removal of
        a site that stands already.
    NotACandidate
        A commune is added in which no place is on offer.
    """
    parameters, table = ground.parameters, ground.offered.table
    if not parameters.overrides:
        return proposed
    require_possible(proposed, ground)
    new = table.index.get_indexer(pd.Index(list(added(proposed, ground)), dtype=object))
    new = np.setdiff1d(new, proposed.standing)
    gone = removed(proposed, ground)
    units = table["commune"].to_numpy()
    taken = set(units[new]) if parameters.one_each else set()
    kept = [
        place
        for place in proposed.positions.tolist()
        if table.index[place] not in gone and units[place] not in taken
    ]
    sites = np.union1d(np.array(kept, dtype=np.int64), new)
    chosen = attributed(ground.offered, sites, proposed.standing, proposed.worth, parameters)
    return replace(proposed, chosen=chosen, required=np.union1d(proposed.required, new))


def both_ranks(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> gpd.GeoDataFrame:
    """Sites with their rank in the proposal; the officer's reason and the rules set aside where
    one was added."""
    ranks = _ranks_proposed(proposed, ground)
    new = added(proposed, ground)
    said = [new[village].reason if village in new else "" for village in sites["village"]]
    notes = [
        (*_added_notes(new[village], village, sites, ground), *why) if village in new else why
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
    items = [done.get(key) for key in places.index]
    codes = pd.Index(places["code"], name="code", dtype=object)
    names = ground.communes[["name_en", "name_km"]].reindex(codes)
    return names.assign(
        village=places["village"].to_numpy(),
        rank_proposed=pd.array(before.to_numpy(), dtype="Int64"),
        rank_decided=pd.array(after.reindex(places.index).to_numpy(), dtype="Int64"),
        override=[item.action if item else "" for item in items],
        override_reason=[item.reason if item else "" for item in items],
    )


def notes_on(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> tuple[Note, ...]:
    """That officers changed the proposal, and that it costs more than the budget; none where
    they did not."""
    parameters = ground.parameters
    before = set(ground.offered.table.index[proposed.positions])
    new = set(added(proposed, ground)) & set(sites["village"]) - before
    gone = removed(proposed, ground)
    if not new and not gone:
        return ()
    values = (("added", len(new)), ("removed", len(gone)))
    notes = (Note("reasons.overridden", values),)
    cost, budget = float(sites["cost_usd"].sum()), parameters.budget_usd
    if budget is None or cost <= budget:
        return notes
    return (*notes, Note("reasons.over_budget", (("cost", cost), ("budget", budget))))


def removed_notes(code: str, proposed: Choice, ground: Ground) -> tuple[Note, ...]:
    """What an officer took out of a commune, or does not want there, in the officer's words."""
    gone = [item.code for item in removed(proposed, ground).values()]
    return tuple(
        Note(
            "reasons.removed" if item.code in gone else "reasons.not_wanted",
            (("reason", item.reason),),
        )
        for item in ground.parameters.overrides
        if item.action == "remove" and commune_of(item.code, ground) == code
    )


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
        code = commune_of(item.code, ground)
        if item.code != code:
            rows.append((code, item.code))
        elif code not in seen:
            rows.append((code, ""))
    places = pd.DataFrame(rows, columns=["code", "village"])
    places.index = pd.Index(_keys(places["code"], places["village"], ground), dtype=object)
    return places[~places.index.duplicated()].sort_values(["code", "village"])


def _done(proposed: Choice, ground: Ground) -> dict[str, Override]:
    """Overrides by what tells their places apart."""
    overrides = ground.parameters.overrides
    if ground.parameters.one_each:
        return {commune_of(item.code, ground): item for item in overrides}
    own = {item.code: item for item in overrides if item.action == "remove"}
    return own | removed(proposed, ground) | added(proposed, ground)
