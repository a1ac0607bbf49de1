"""What officers decide otherwise: sites they add or remove, with their reasons."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Note
from gis.errors import BadParameter
from gis.sites.candidates import positions_of
from gis.sites.chosen import Choice, Positions, attributed
from gis.sites.ground import Ground
from gis.sites.parameters import Override, SitesParameters

COLUMNS = ("name_en", "name_km", "rank_proposed", "rank_decided", "override", "override_reason")


def decided(proposed: Choice, ground: Ground) -> Choice:
    """The choice as officers changed it; where they changed nothing, the proposal itself.

    A village added in a commune that has a proposed site takes that site's place.

    Raises
    ------
    BadParameter
        An override of a place that is none of the area.
    NotACandidate
        A place is added that a rule leaves out.
    """
    parameters, table = ground.parameters, ground.offered.table
    if not parameters.overrides:
        return proposed
    _expect_known(ground)
    added = _added(proposed, ground)
    removed = {item.code for item in parameters.overrides if item.action == "remove"}
    units = table["commune"].to_numpy()
    kept = [
        place
        for place in proposed.positions.tolist()
        if not {table.index[place], units[place]} & removed and units[place] not in units[added]
    ]
    sites = np.union1d(np.array(kept, dtype=np.int64), added)
    chosen = attributed(ground.offered, sites, proposed.standing, proposed.worth, parameters)
    return replace(proposed, chosen=chosen, required=np.union1d(proposed.required, added))


def both_ranks(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> gpd.GeoDataFrame:
    """Sites with their rank in the proposal, and the officer's reason where one was added."""
    ranks = _ranks_proposed(proposed, ground)
    reasons = {
        code: item.reason
        for item in ground.parameters.overrides
        if item.action == "add"
        for code in (item.code, _commune(item.code))
    }
    said = [reasons.get(village, reasons.get(code, "")) for code, village in
            zip(sites["code"], sites["village"], strict=True)]  # fmt: skip
    notes = [
        ((Note("reasons.added", (("reason", reason),)),) if reason else ()) + tuple(why)
        for reason, why in zip(said, sites["reason"], strict=True)
    ]
    return sites.assign(
        rank_proposed=pd.array(ranks.reindex(sites["code"]).to_numpy(), dtype="Int64"),
        override_reason=said,
        reason=pd.Series(notes, index=sites.index, dtype=object),
    )


def overrides_table(sites: gpd.GeoDataFrame, proposed: Choice, ground: Ground) -> pd.DataFrame:
    """Communes that were proposed or decided: both ranks, and what an officer did and why."""
    before = _ranks_proposed(proposed, ground)
    after = sites.set_index("code")["rank"].astype(float)
    by_code = {_commune(item.code): item for item in ground.parameters.overrides}
    codes = pd.Index(sorted({*before.index, *after.index, *by_code}), name="code", dtype=object)
    names = ground.communes[["name_en", "name_km"]].reindex(codes)
    done = [by_code.get(code) for code in codes]
    return names.assign(
        rank_proposed=pd.array(before.reindex(codes).to_numpy(), dtype="Int64"),
        rank_decided=pd.array(after.reindex(codes).to_numpy(), dtype="Int64"),
        override=[item.action if item else "" for item in done],
        override_reason=[item.reason if item else "" for item in done],
    )


def notes_on(parameters: SitesParameters) -> tuple[Note, ...]:
    """That officers changed the proposal; none where they did not."""
    actions = [item.action for item in parameters.overrides]
    if not actions:
        return ()
    values = (("added", actions.count("add")), ("removed", actions.count("remove")))
    return (Note("reasons.overridden", values),)


def removed_notes(code: str, parameters: SitesParameters) -> tuple[Note, ...]:
    """Why a commune was taken out of the proposal, in the officer's words."""
    return tuple(
        Note("reasons.removed", (("reason", item.reason),))
        for item in parameters.overrides
        if item.action == "remove" and _commune(item.code) == code
    )


def _added(proposed: Choice, ground: Ground) -> Positions:
    codes = [item.code for item in ground.parameters.overrides if item.action == "add"]
    places = positions_of(codes, "overrides", ground.offered, proposed.worth)
    return np.setdiff1d(places, proposed.standing)


def _ranks_proposed(proposed: Choice, ground: Ground) -> pd.Series:
    units = ground.offered.table["commune"].astype(str).iloc[proposed.positions]
    return pd.Series(range(1, len(units) + 1), index=pd.Index(units, dtype=object), dtype=float)


def _commune(code: str) -> str:
    return code[:6]


def _expect_known(ground: Ground) -> None:
    known = {*ground.communes.index, *ground.offered.table.index, *ground.offered.left_out.index}
    for item in ground.parameters.overrides:
        if item.code not in known:
            raise BadParameter("overrides", item.code, Note("reasons.codes_of_places"))
        if _twice(item, ground.parameters):
            raise BadParameter("overrides", item.code, Note("reasons.one_override"))


def _twice(item: Override, parameters: SitesParameters) -> bool:
    same = [other for other in parameters.overrides if _commune(other.code) == _commune(item.code)]
    return len(same) > 1
