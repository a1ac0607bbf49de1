"""Several judges: what each says is tested alone, and where two differ is told, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from gis.judges import disagreement, notes_of_judges
from gis.weights import Matrix, notes_on, pairwise
from locales import text

NAN = np.nan


def sheet(*pairs: tuple[int, int, float]) -> Matrix:
    """Judgements of three criteria: how much more ``i`` counts than ``j``."""
    made = np.full((3, 3), NAN)
    for i, j, stated in pairs:
        made[i, j] = stated
    return made


AGREEING = sheet((0, 1, 2), (1, 2, 3), (0, 2, 6))
CIRCLE = sheet((0, 1, 5), (1, 2, 5), (2, 0, 5))
OPPOSITE = sheet((0, 1, 1 / 2), (1, 2, 1 / 3), (0, 2, 1 / 6))


def said(*sheets: Matrix) -> list[str]:
    return [
        text(note.key, "en", **dict(note.values))
        for note in notes_of_judges(np.stack(sheets), ["a", "b", "c"])
    ]


def test_one_judge_is_told_as_before() -> None:
    found = pairwise(CIRCLE, "abc")
    assert notes_of_judges(CIRCLE[None], "abc") == notes_on(found, "abc")


def test_a_judge_who_contradicts_himself_is_named() -> None:
    words = said(AGREEING, CIRCLE)
    (own,) = [line for line in words if "their own" in line]
    assert own.startswith("Judge 2 ")
    assert not any(line.startswith("Judge 1 ") for line in words)


def test_judges_who_disagree_contradict_only_each_other() -> None:
    """Means of 6 and 1/6 are 1, which nobody stated: it is not told as anyone's judgement."""
    words = said(AGREEING, OPPOSITE)
    assert len(words) == 2
    assert words[0].startswith("All judges together: The comparisons agree well enough")
    assert words[1] == (
        "The judges disagree most on a against c: judge 1 says “a more than strongly”, "
        "judge 2 says “c more than strongly”. The weights take the middle."
    )


def test_judges_who_nearly_agree_are_left_in_peace() -> None:
    near = sheet((0, 1, 3), (1, 2, 2), (0, 2, 5))
    assert len(said(AGREEING, near)) == 1


def test_a_judge_may_leave_out_what_another_joins() -> None:
    """Alone, each sheet joins two of three criteria; nothing then tests anything."""
    assert said(sheet((0, 1, 3)), sheet((1, 2, 3))) == [text("pairwise.untested", "en")]


@pytest.mark.parametrize(("second", "factor"), [(1.0, None), (1 / 2, 6.0), (9.0, None)])
def test_a_factor_of_three_is_no_disagreement_yet(second: float, factor: float | None) -> None:
    found = disagreement(np.stack([sheet((0, 1, 3)), sheet((0, 1, second))]))
    assert found is None if factor is None else found is not None
    if found is not None:
        assert found.factor == pytest.approx(factor)
