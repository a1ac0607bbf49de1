"""Names and what stands under them, on both databases."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import BadParameter, NameTaken, UnknownScenario, UnknownWeightSet
from gis.naming import LONGEST, name_of, note_of
from registry.database import Database
from registry.models import Scenario, WeightSet
from registry.scenarios import one, remove, rename, store, stored, taken

SCENARIO = {
    "analysis": "sites",
    "areas": ["0207"],
    "parameters": {"count": 3, "reach_m": 0.1 + 0.2, "reason": "ទឹកជំនន់ \\ ' \" ;"},
    "layers": [{"id": "slope", "sha256": "0", "year": None}],
    "resolution_m": 90.0,
    "software": "deimap 0.1.0",
    "run": "0" * 16,
    "created": "2026-11-22T09:00:00+00:00",
    "note": "",
    "example": True,
}
WEIGHTS = {"track": None, "weights": {"need": 1.0}, "criterion_weights": {}, "judgements": {}}


@pytest.mark.parametrize(
    "name",
    [
        "Plan A",
        "ផែនការ ២០២៦",
        "../../etc/passwd",
        "a'; DROP TABLE scenarios; --",
        "C:\\x",
        "%s {0}",
    ],
)
def test_what_is_stored_comes_back(database: Database, name: str) -> None:
    kept = store(database, Scenario, name, SCENARIO)
    assert kept == name
    row = one(database, Scenario, name)
    assert {key: row[key] for key in SCENARIO} == SCENARIO
    assert [item["name"] for item in stored(database, Scenario)] == [name]


def test_two_ways_to_write_a_name_are_one(database: Database) -> None:
    """é as one sign or as e with an accent; the first writer's row stays."""
    composed, apart = "été", unicodedata.normalize("NFD", "été")
    store(database, Scenario, apart, SCENARIO)
    assert taken(database, Scenario, composed)
    with pytest.raises(NameTaken):
        store(database, Scenario, composed, SCENARIO | {"note": "later"})
    assert one(database, Scenario, composed)["note"] == ""
    store(database, Scenario, composed, SCENARIO | {"note": "later"}, replace=True)
    assert [row["note"] for row in stored(database, Scenario)] == ["later"]


def test_renaming_and_removing(database: Database) -> None:
    store(database, Scenario, "a", SCENARIO)
    store(database, Scenario, "b", SCENARIO | {"note": "second"})
    with pytest.raises(NameTaken):
        rename(database, Scenario, "a", "b")
    assert rename(database, Scenario, "a", " c ") == "c"
    assert rename(database, Scenario, "c", "c") == "c"
    remove(database, Scenario, "b")
    assert [row["name"] for row in stored(database, Scenario)] == ["c"]


def test_a_name_that_nothing_bears(database: Database) -> None:
    with pytest.raises(UnknownScenario) as alone:
        one(database, Scenario, "a")
    assert (alone.value.key, alone.value.exit_code) == ("no_scenarios", 2)
    store(database, Scenario, "a", SCENARIO)
    for act in (
        lambda: one(database, Scenario, "b"),
        lambda: remove(database, Scenario, "b"),
        lambda: rename(database, Scenario, "b", "c"),
    ):
        with pytest.raises(UnknownScenario) as caught:
            act()
        assert caught.value.choices == ("a",)


def test_weights_and_scenarios_do_not_share_names(database: Database) -> None:
    store(database, Scenario, "a", SCENARIO)
    assert not taken(database, WeightSet, "a")
    store(database, WeightSet, "a", WEIGHTS)
    assert one(database, WeightSet, "a")["weights"] == {"need": 1.0}
    remove(database, WeightSet, "a")
    with pytest.raises(UnknownWeightSet):
        one(database, WeightSet, "a")
    assert taken(database, Scenario, "a")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "  ",
        "\u200b",
        "a\nb",
        "a\tb",
        "a\0",
        "\u202eabc",
        "\ud800",
        "\ufeffa",
        "x" * 81,
        "\u2028",
    ],
)
def test_names_that_do_not_hold(words: str) -> None:
    with pytest.raises(BadParameter) as caught:
        name_of(words)
    caught.value.value.encode()
    assert caught.value.value.replace("\u200b", "").isprintable()


@given(st.text(max_size=120))
def test_a_name_is_its_own_name_or_none(words: str) -> None:
    try:
        name = name_of(words)
    except BadParameter:
        return
    assert name_of(name) == name
    assert 1 <= len(name) <= LONGEST
    assert name.encode().decode() == name


def test_a_remark_stands_in_one_line() -> None:
    assert note_of(" one\n two\t") == "one two"
    assert note_of("") == ""
    for words in ("x" * 501, "a\0b"):
        with pytest.raises(BadParameter):
            note_of(words)
