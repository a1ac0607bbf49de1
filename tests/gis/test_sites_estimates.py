"""Officers' estimates stand in for figures that are not firm, and say so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gis.analyses import sites
from gis.analysis import Note, Outcome
from gis.errors import BadParameter
from gis.sites.parameters import Estimate, SitesParameters
from gis.suitability_parameters import AxisWeights

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
