"""Every commune beside the choice: its rank, or the rule that keeps it from one."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from gis.analysis import Note
from gis.demand import Demand
from gis.sites.ground import Ground
from gis.sites.overrides import removed_notes


def ranked(ground: Ground, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every commune: its rank inside its group by its best village, chosen or why not."""
    communes, offered, demand = ground.communes, ground.offered, ground.demand
    gain = pd.Series(offered.sums(ground.places.worth), index=offered.table["commune"])
    gain = gain[~offered.ruled_out]
    gains = gain.groupby(level=0).max()
    reaching = set(offered.left_out.query("stopped_by == 'too_little'")["commune"])
    few = [code for code, rule in offered.admitted.items() if rule == "too_little"]
    reaching |= set(offered.table["commune"][few])
    order = pd.DataFrame({"group": communes["group"], "gain": gains.reindex(communes.index)})
    order = order.dropna().sort_values("gain", ascending=False, kind="stable")
    rank = (order.groupby("group").cumcount() + 1).reindex(communes.index).astype("Int64")
    site = sites.groupby("code")["rank"].min().reindex(communes.index).astype("Int64")
    stops = [_stop(str(code), demand, set(gains.index), reaching) for code in communes.index]
    reasons = [
        (
            *(Note(f"reasons.stopped_{stop}") for stop in [stop] if stop not in (None, "too_weak")),
            *removed_notes(str(code), ground),
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


def _stop(code: str, demand: Demand, gains: set[str], reaching: set[str]) -> str | None:
    """The rule that keeps a commune from being ranked; None when it is."""
    if code in demand.stopped or code in gains:
        return demand.stopped.get(code)
    return "too_little" if code in reaching else "no_villages"
