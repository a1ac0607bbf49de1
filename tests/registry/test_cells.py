"""From cell to value, and the fault where there is none."""

from __future__ import annotations

import contextlib
import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.intake.cells import Refused, value_of
from registry.intake.column import COMMUNE, COVER_CROP, NOTE, REFERENCE, Column, Gazetteer

HECTARES = Column("hectares", "number", low=0.01, high=100, unit="ha")
YEAR = Column("year", "integer", required=True, low=2000, high=2100)
FLAG = Column("example", "flag")
DAY = Column("date", "date")
WORDS = Column("crops", "words", allowed=("rice", "maize", "other"))
CODE = Column("code", "code")


@pytest.mark.parametrize(
    ("cell", "column", "value"),
    [
        ("  EX-1 ", REFERENCE, "EX-1"),
        (12, REFERENCE, "12"),
        (12.0, REFERENCE, "12"),
        ("<img src=x onerror=alert(1)>", REFERENCE, "<img src=x onerror=alert(1)>"),
        ("=1+1", REFERENCE, "=1+1"),
        ("'; drop table plots; --", REFERENCE, "'; drop table plots; --"),
        ("${alert(1)} ` </script>", REFERENCE, "${alert(1)} ` </script>"),
        ("e\u0301", REFERENCE, "\u00e9"),
        ("", NOTE, None),
        (None, NOTE, None),
        (float("nan"), NOTE, None),
        (pd.NaT, DAY, None),
        ("two\nlines", NOTE, "two\nlines"),
        ("plot 02070401, 17 ha in 2026", NOTE, "plot 02070401, 17 ha in 2026"),
        ("2.5", HECTARES, 2.5),
        ("០.៥", HECTARES, 0.5),
        ("100", HECTARES, 100.0),
        ("2026", YEAR, 2026),
        ("2026.0", YEAR, 2026),
        ("Yes", FLAG, True),
        (False, FLAG, False),
        (1, FLAG, True),
        ("2026-03-05", DAY, dt.date(2026, 3, 5)),
        ("2026-03-05T00:00:00", DAY, dt.date(2026, 3, 5)),
        (dt.datetime(2026, 3, 5, 7), DAY, dt.date(2026, 3, 5)),
        (pd.Timestamp("2026-03-05"), DAY, dt.date(2026, 3, 5)),
        (dt.date(2026, 3, 5), DAY, dt.date(2026, 3, 5)),
        ("Sunn hemp", COVER_CROP, "sunn-hemp"),
        ("Crotalaria juncea", COVER_CROP, "sunn-hemp"),
        ("jack_bean", COVER_CROP, "jack-bean"),
        ("maize, Rice", WORDS, ("rice", "maize")),
        ("maize;;rice; rice", WORDS, ("rice", "maize")),
        (["maize"], WORDS, ("maize",)),
        ("020704", COMMUNE, "020704"),
        ("០២០៧០៤", COMMUNE, "020704"),
        ("020704.0", COMMUNE, "020704"),
        ("2025:020408", COMMUNE, "020407"),
        ("2025:021106", CODE, "021103"),
        ("02", CODE, "02"),
        ("02070401", CODE, "02070401"),
        ("999999", CODE, "999999"),
    ],
)
def test_value(places: Gazetteer, cell: object, column: Column, value: object) -> None:
    assert value_of(cell, column, places) == value


@pytest.mark.parametrize(
    ("cell", "column", "key", "values"),
    [
        (" ", REFERENCE, "value_missing", {}),
        (None, YEAR, "value_missing", {}),
        ("a\0b", REFERENCE, "control_characters", {}),
        ("\ud83d", REFERENCE, "control_characters", {}),
        ("x" * 61, REFERENCE, "too_long", {"length": "61", "longest": 60}),
        ("call 012 345 678", NOTE, "phone_number", {}),
        ("+855 12 345 678", NOTE, "phone_number", {}),
        ("0123456789", REFERENCE, "phone_number", {}),
        ("1,5", HECTARES, "not_a_number", {"value": "1,5"}),
        ("2 ha", HECTARES, "not_a_number", {"value": "2 ha"}),
        ("nan", HECTARES, "not_a_number", {"value": "nan"}),
        ("inf", HECTARES, "not_a_number", {"value": "inf"}),
        ("0", HECTARES, "too_low", {"value": "0\u00a0ha", "low": "0.01\u00a0ha"}),
        ("-3", HECTARES, "too_low", {"value": "-3\u00a0ha", "low": "0.01\u00a0ha"}),
        ("101", HECTARES, "too_high", {"value": "101\u00a0ha", "high": "100\u00a0ha"}),
        ("1999", YEAR, "too_low", {"value": "1999", "low": "2000"}),
        ("2026.5", YEAR, "not_whole", {"value": "2026.5"}),
        ("perhaps", FLAG, "not_yes_or_no", {"value": "perhaps"}),
        ("05/03/2026", DAY, "not_a_date", {"value": "05/03/2026"}),
        ("2026-02-30", DAY, "not_a_date", {"value": "2026-02-30"}),
        ("1026-02-03", DAY, "date_implausible", {"date": dt.date(1026, 2, 3)}),
        ("wheat", WORDS, "unknown_word", {"value": "wheat", "choices": WORDS.allowed}),
        ("20704", COMMUNE, "code_lost_zero", {"value": "20704", "perhaps": "020704"}),
        (20704, COMMUNE, "code_lost_zero", {"value": "20704", "perhaps": "020704"}),
        (20704.0, COMMUNE, "code_lost_zero", {"value": "20704", "perhaps": "020704"}),
        ("0207", COMMUNE, "not_a_code", {"value": "0207"}),
        ("02070401", COMMUNE, "not_a_code", {"value": "02070401"}),
        ("somewhere", COMMUNE, "not_a_code", {"value": "somewhere"}),
        ("020799", COMMUNE, "unknown_code", {"value": "020799"}),
        ("2025:020799", COMMUNE, "unknown_code", {"value": "2025:020799"}),
        ("021106", COMMUNE, "code_of_2025", {"value": "021106", "perhaps": "2025:021106"}),
        ("Traeng", COMMUNE, "name_for_code", {"value": "Traeng", "perhaps": "020704"}),
        (
            "Sdau",
            COMMUNE,
            "name_for_code_ambiguous",
            {"value": "Sdau", "choices": ("020701 Sdau (commune)", "130601 Sdau (commune)")},
        ),
    ],
)
def test_fault(
    places: Gazetteer, cell: object, column: Column, key: str, values: dict[str, object]
) -> None:
    with pytest.raises(Refused) as caught:
        value_of(cell, column, places)
    assert (caught.value.key, caught.value.values) == (key, values)


@given(
    cell=st.text(max_size=200),
    column=st.sampled_from([HECTARES, YEAR, FLAG, DAY, WORDS, COMMUNE, CODE]),
)
def test_any_text_is_a_value_or_a_fault(places: Gazetteer, cell: str, column: Column) -> None:
    with contextlib.suppress(Refused):
        value_of(cell, column, places)


@given(cell=st.floats(allow_nan=False))
def test_a_number_is_in_its_range_or_refused(places: Gazetteer, cell: float) -> None:
    try:
        value = value_of(cell, HECTARES, places)
    except Refused:
        assert not 0.01 <= cell <= 100
    else:
        assert value == pytest.approx(cell)
