"""Every commune beside the choice: its rank, or the rule that keeps it from one."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gis.analysis import Note
from gis.sites.candidates import most_often, no_place
from gis.sites.chosen import Choice
from gis.sites.ground import Ground
from gis.sites.overrides import removed_notes


def ranked(ground: Ground, sites: gpd.GeoDataFrame, proposed: Choice) -> pd.DataFrame:
    """Every commune: its rank inside its group by its best village, chosen or why not."""
    communes, offered, demand = ground.communes, ground.offered, ground.demand
    gain = pd.Series(offered.sums(ground.places.worth), index=offered.table["commune"])
    gain = gain[~offered.ruled_out]
    gains = gain.groupby(level=0).max()
    places = _left_out(ground)
    order = pd.DataFrame({"group": communes["group"], "gain": gains.reindex(communes.index)})
    order = order.dropna().sort_values("gain", ascending=False, kind="stable")
    rank = (order.groupby("group").cumcount() + 1).reindex(communes.index).astype("Int64")
    site = sites.groupby("code")["rank"].min().reindex(communes.index).astype("Int64")
    none = no_place(ground.parameters)
    stops = [
        None
        if code in gains.index and code not in demand.stopped
        else demand.stopped.get(str(code)) or places.get(str(code), none)
        for code in communes.index
    ]
    reasons = [
        (
            *(Note(f"reasons.stopped_{stop}") for stop in [stop] if stop not in (None, "too_weak")),
            *removed_notes(str(code), proposed, ground),
            *reason,
        )
        for code, stop, reason in zip(communes.index, stops, communes["reason"], strict=True)
    ]
    return communes.assign(
        reason=pd.Series(reasons, index=communes.index, dtype=object),
        rank=rank,
        chosen=site.notna(),
        site=site,
        stopped_by=pd.Series(stops, index=communes.index, dtype=object),
    )


def _left_out(ground: Ground) -> dict[str, str]:
    """Commune -> the rule that leaves most of its places out."""
    offered = ground.offered
    out = offered.left_out[["commune", "stopped_by"]]
    admitted = offered.table.loc[list(offered.admitted), ["commune"]].assign(
        stopped_by=list(offered.admitted.values())
    )
    rules = pd.concat([out, admitted]).groupby("commune")["stopped_by"]
    return {str(code): most_often(group) for code, group in rules}
