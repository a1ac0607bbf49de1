"""Contributions are computed when asked for, and add up to the score that the run gives."""

import pytest

from gis.errors import OutsideArea, UnknownArea
from layers.run import contributions, run
from layers.workspace import Workspace

COARSE = 500.0
"""Metres of a cell: sums are the same on any grid."""


@pytest.mark.parametrize("track", ["upland", "rice"])
def test_they_add_up_to_the_score_of_the_cell(track: str, workspace: Workspace) -> None:
    place = (103.167, 12.87)
    params = {"track": track}
    made = run("suitability", "0201", params, resolution=COARSE, workspace=workspace).outcome
    found = contributions("0201", place, params, resolution=COARSE, workspace=workspace)
    # The place in UTM 48N, by pyproj.
    at = float(made.rasters["suitability"].sel(x=301093.26, y=1423468.45, method="nearest"))
    assert found["weight"].sum() == pytest.approx(1)
    assert found["gain"].sum() == pytest.approx(at, abs=1e-5)
    assert found["gain"].sum() + found["loss"].sum() == pytest.approx(1)


def test_of_a_commune_and_of_places_outside(workspace: Workspace) -> None:
    found = contributions("0207", "020704", resolution=COARSE, workspace=workspace)
    assert set(found["axis"]) == {"need", "fit", "service", "spread"}
    assert found.loc["adopters_near", "weight"] == 0
    with pytest.raises(OutsideArea):
        contributions("0207", (104.9, 11.5), workspace=workspace)
    with pytest.raises(OutsideArea):
        contributions("0207", "020101", workspace=workspace)
    with pytest.raises(UnknownArea):
        contributions("0207", "nowhere at all", workspace=workspace)
