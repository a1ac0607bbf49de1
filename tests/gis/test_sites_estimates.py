"""Officers' estimates stand in for figures that are not firm, and say so."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from gis.analyses import sites
from gis.analysis import Note, Outcome
from gis.errors import BadParameter
from gis.sites.estimates import with_estimates
from gis.sites.parameters import Estimate, SitesParameters
from gis.standing import commune_standing, district_standing
from gis.suitability_parameters import AxisWeights
from gis.surface import Surface, surface

NAN = float("nan")


def run(world: Any, sketch: SimpleNamespace, *estimates: Estimate) -> Outcome:
    """Nothing is reported for the first commune, too much for the second."""
    figures = sketch.figures(maize_ha=[NAN, 5000, 90, 90, 90, 90])
    return sites.compute(
        world.but(figures=figures).inputs(),
        SitesParameters(
            tracks=(sketch.track,),
            weights=AxisWeights(need=1, fit=0, service=0, spread=0),
            count=2,
            reach_m=1450.0,
            spacing_m=0.0,
            samples=0,
            estimates=estimates,
        ),
    )


def test_an_estimate_makes_a_commune_borderline(world: Any, sketch: SimpleNamespace) -> None:
    """65 ha at a need of 0.9 come second after 90 ha at 0.7, before 90 ha at 0.6."""
    stated = Estimate("010101", 65.0, "Commune chief", 2026)
    outcome = run(world, sketch, stated)
    found = outcome.features["sites"].set_index("code")
    assert found.index.tolist() == ["010103", "010101"]
    assert found.loc["010101", ["group", "hectares"]].tolist() == ["borderline", 65]
    assert found.loc["010101", "figures"] == (
        Note(
            "reasons.estimated", (("hectares", 65), ("source", "Commune chief"), ("year", "2026"))
        ),
        Note("reasons.not_reported"),
    )
    communes = outcome.tables["communes"]
    assert communes["group"].tolist()[:3] == ["borderline", "too-weak", "firm"]


def test_an_estimate_counts_up_to_the_area(world: Any, sketch: SimpleNamespace) -> None:
    outcome = run(world, sketch, Estimate("010102", 1000.0, "Survey", 2025))
    assert outcome.tables["communes"].loc["010102", "hectares"] == pytest.approx(900)


@pytest.mark.parametrize(
    ("estimates", "allowed"),
    [
        ([("010199", 60)], "reasons.codes_of_communes"),
        ([("010103", 60)], "reasons.estimate_once"),
        ([("010101", 60), ("010101", 70)], "reasons.estimate_once"),
        ([("010101", 1801)], "reasons.impossible"),
    ],
    ids=["no commune", "firm figures", "twice", "more than two seasons"],
)
def test_what_cannot_be_estimated_is_named(
    world: Any, sketch: SimpleNamespace, estimates: list[tuple[str, float]], allowed: str
) -> None:
    with pytest.raises(BadParameter) as caught:
        run(world, sketch, *(Estimate(code, float(ha), "?", 2026) for code, ha in estimates))
    assert caught.value.allowed.key == allowed  # type: ignore[attr-defined]


def ground(world: Any, sketch: SimpleNamespace, way: Note) -> tuple[Surface, Any, SitesParameters]:
    """The same figures, where three of nine cells of each commune are degraded, and a way."""
    inputs = world.but(figures=sketch.figures(maize_ha=[NAN, 5000, 90, 90, 90, 90])).inputs()
    parameters = SitesParameters(tracks=(sketch.track,))
    degraded = sketch.band(0, 0, 0, 0, 0, 0)
    degraded[0] = 1
    routes = pd.DataFrame(
        {"off_road_share": 0.9, "reason": [(way,)] * 6}, index=pd.Index(sketch.codes, name="code")
    )
    found = replace(surface(inputs, parameters), degraded=degraded, routes=routes)
    return found, inputs, parameters


def test_what_follows_from_hectares_follows_from_an_estimate(
    world: Any, sketch: SimpleNamespace
) -> None:
    """A third of the 60 ha is degraded, of the district's 150 ha 50; the way is as much a guess."""
    way = Note("reasons.way_guessed", (("percent", 90),))
    found, inputs, parameters = ground(world, sketch, way)
    stated = replace(parameters, estimates=(Estimate("010101", 60.0, "Chief", 2026),))
    communes = with_estimates(commune_standing(found, inputs), found, inputs, stated)
    assert communes.loc["010101", "degraded_hectares"] == pytest.approx(20)
    assert [note.key for note in communes.loc["010101", "reason"]] == [
        *("reasons.estimated", "reasons.not_reported", "reasons.way_guessed"),
    ]
    districts = district_standing(found, inputs, communes)
    assert districts.loc["0101", "degraded_hectares"] == pytest.approx(50)


def test_firm_figures_stay_where_only_the_way_is_a_guess(
    world: Any, sketch: SimpleNamespace
) -> None:
    found, inputs, parameters = ground(world, sketch, Note("reasons.way_none"))
    communes = commune_standing(found, inputs)
    assert communes.loc["010103", "group"] == "borderline"
    stated = replace(parameters, estimates=(Estimate("010103", 60.0, "Chief", 2026),))
    with pytest.raises(BadParameter) as caught:
        with_estimates(communes, found, inputs, stated)
    assert caught.value.allowed == Note("reasons.estimate_once")
