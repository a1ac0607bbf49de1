"""Parameters of coverage that do not go together are refused where they stand, in few words."""

from __future__ import annotations

from typing import Any

import pytest

from gis.coverage.parameters import CoverageParameters
from gis.errors import BadParameter, UnknownParameter
from layers.parameters import parameters_of
from locales import error_text


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"bands": [60, 30, 120]}, "bands", "60, 30, 120"),
        ({"bands": [30, 60]}, "band_weights", "1, 0.68, 0.22"),
        ({"ranges": {"speed_low": 1.5}}, "ranges.speed_low", "1.5, 2"),
        ({"ranges": {"capacity_high": 0.9}}, "ranges.capacity_low", "0.75, 0.9"),
        ({"borderline_off_road": 0.9}, "borderline_off_road", "0.9"),
        ({"what_if": {"speeds": {"track": -3}}}, "what_if.speeds.track", "-3"),
    ],
)
def test_refused_where_it_stands(given: dict[str, Any], name: str, value: str) -> None:
    with pytest.raises(BadParameter) as fault:
        parameters_of(CoverageParameters, given)
    assert (fault.value.name, fault.value.value) == (name, value)
    for language in ("en", "km"):
        assert len(error_text(fault.value, language)) < 200


def test_an_unknown_key_of_a_base_names_the_known_ones() -> None:
    with pytest.raises(UnknownParameter) as fault:
        parameters_of(CoverageParameters, {"what_if": {"bases": [{"lng": 103.0, "lat": 12.9}]}})
    assert fault.value.name == "what_if.bases.lng"
    assert fault.value.choices[:2] == ("what_if.bases.lon", "what_if.bases.lat")
