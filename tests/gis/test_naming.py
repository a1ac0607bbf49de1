"""Names, reasons and sources are untrusted text: what cannot be seen is refused or folded."""

from __future__ import annotations

from typing import Any

import pytest

from gis.errors import BadParameter
from gis.sites.parameters import DrawnPoint, Estimate, Override, SitesParameters
from layers.parameters import parameters_of
from locales import LANGUAGES, error_text

UNSEEN = ["", " ", "\u200b ", "a\x00b", "a\x07b", "\u202eevil", "\ud800", "a\u2028b\x85c\x00"]


def point(name: str) -> dict[str, Any]:
    return {"points": [{"lon": 102.95, "lat": 12.9, "name": name}]}


def override(reason: str) -> dict[str, Any]:
    return {"overrides": [{"code": "020701", "action": "add", "reason": reason}]}


def estimate(source: str) -> dict[str, Any]:
    stated = {"code": "020701", "hectares": 5.0, "source": source, "year": 2025}
    return {"estimates": [stated]}


@pytest.mark.parametrize("made", [point, override, estimate])
@pytest.mark.parametrize("words", [*UNSEEN, "x" * 501])
def test_what_cannot_be_seen_is_refused(made: Any, words: str) -> None:
    with pytest.raises(BadParameter) as refused:
        parameters_of(SitesParameters, made(words))
    for language in LANGUAGES:
        said = error_text(refused.value, language)
        assert not {"\x00", "\x07", "\u202e", "\ud800"} & set(said)


def test_a_name_stands_in_one_line_and_is_kept_composed() -> None:
    with pytest.raises(BadParameter):
        parameters_of(SitesParameters, point("a\nb"))
    assert DrawnPoint(102.95, 12.9, " e\u0301cole ").name == "\u00e9cole"
    # Khmer is written with joiners between words
    assert DrawnPoint(102.95, 12.9, "សាលា\u200bរៀន").name == "សាលា\u200bរៀន"


def test_a_reason_of_several_lines_becomes_one() -> None:
    assert Override("020701", "add", " The road\n is cut.\t").reason == "The road is cut."
    assert Estimate("020701", 5.0, "visit,\r\nMay", 2025).source == "visit, May"
