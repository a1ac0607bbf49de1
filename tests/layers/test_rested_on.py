"""What suitability takes from other analyses is what their own runs say of the same area."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from layers.run import ground_of_overview, run
from layers.workspace import Workspace

DISTRICT, CELL_M = "0207", 500.0


def test_minutes_and_degraded_land_of_a_district(land_workspace: Workspace) -> None:
    stated = {"track": "rice", "service_season": "dry"}
    where: dict[str, Any] = {"resolution": CELL_M, "workspace": land_workspace}
    kept = ground_of_overview(DISTRICT, stated, **where)
    keys = [item.key for item in kept.area.scored.criteria]
    scored = dict(zip(keys, kept.area.scored.scores, strict=True))
    told = run("coverage", DISTRICT, {"track": "rice", "season": "dry"}, **where).outcome
    minutes = told.rasters["travel_time"].to_numpy()
    # From 120 minutes, where a provider serves at the farthest, to none.
    expected = np.clip(1 - minutes / 120, 0, 1)
    reached = ~np.isnan(minutes)
    assert reached.any()
    np.testing.assert_allclose(scored["machine_access"][reached], expected[reached], atol=1e-6)
    found = run("suitability", DISTRICT, stated, **where).outcome.tables["communes"]
    pd.testing.assert_series_equal(
        found["off_road_share"], told.tables["communes"]["off_road_share"]
    )
    land = run("land-degradation", DISTRICT, **where).outcome.tables["communes"]
    pd.testing.assert_series_equal(
        found["degraded_land"], land["degraded_ha"], check_names=False, rtol=1e-9
    )
    assert found["degraded_land"].sum() > 0
    assert (found["degraded_hectares"].dropna() <= found["hectares"].dropna() + 1e-6).all()
    assert kept.groups.to_dict() == found["group"].to_dict()
