"""Several judges compared by pairs: who contradicts himself, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components

from gis.analysis import Note
from gis.weights import Matrix, Weights, agreement_of, in_words, notes_on, on_worst, pairwise

APART = 3.0
"""Judgements of one pair that differ by more than this factor are a disagreement.

A working value: 3, "moderately more", is the first named step of Saaty's scale above "equal".
"""


class Disagreement(NamedTuple):
    """A pair on which two judges differ most: how much more ``i`` counts than ``j`` for each."""

    i: int
    j: int
    judges: tuple[int, int]
    stated: tuple[float, float]

    @property
    def factor(self) -> float:
        """The larger of the two judgements over the smaller."""
        return max(self.stated) / min(self.stated)


def notes_of_judges(judgements: Matrix, titles: Sequence[object]) -> tuple[Note, ...]:
    """What a reader must know of the comparisons of one judge or several.

    Parameters
    ----------
    judgements
        (judges, n, n), NaN = no judgement, one side of a pair is enough; as for
        :func:`gis.weights.pairwise`, which must accept them.
    titles
        Words or notes that name the n criteria, in their order.

    Notes
    -----
    A judge is tested by his own comparisons alone. Weights are those of the geometric means, which
    nobody stated: a mean is therefore never told as somebody's judgement.
    """
    names = [str(place) for place in range(len(titles))]
    together = pairwise(judgements, names)
    if len(judgements) == 1:
        return notes_on(together, titles)
    if np.isnan(together.consistency_ratio):
        agreement = notes_on(together, titles)
    else:
        agreement = (Note("pairwise.together", (("sentence", agreement_of(together)),)),)
    own = [
        note
        for number, sheet in enumerate(judgements, start=1)
        for note in _on_judge(number, sheet, titles)
    ]
    return (*agreement, *own, *_on_disagreement(disagreement(judgements), titles))


def _on_judge(number: int, sheet: Matrix, titles: Sequence[object]) -> Iterator[Note]:
    """That a judge contradicts himself, and where most."""
    for places, found in _parts_of(sheet):
        if found.contradictory:
            ratio = f"{found.consistency_ratio:.2f}"
            yield Note("pairwise.judge_contradicts", (("judge", str(number)), ("ratio", ratio)))
            yield from on_worst(found.worst, [titles[place] for place in places])


def _parts_of(sheet: Matrix) -> Iterator[tuple[list[int], Weights]]:
    """Weights of each part of the criteria that one judge's comparisons join."""
    number, part = connected_components(~np.isnan(sheet), directed=False)
    for one in range(number):
        places = np.flatnonzero(part == one).tolist()
        if len(places) > 2:
            names = [str(place) for place in places]
            yield places, pairwise(sheet[np.ix_(places, places)], names)


def disagreement(judgements: Matrix) -> Disagreement | None:
    """The pair on which two judges differ most; None where none differs by more than ``APART``."""
    back = 1 / np.swapaxes(judgements, 1, 2)
    stated = np.where(np.isnan(judgements), back, judgements)
    found = [
        Disagreement(i, j, (one, other), (float(stated[one, i, j]), float(stated[other, i, j])))
        for i, j in combinations(range(judgements.shape[-1]), 2)
        for one, other in combinations(np.flatnonzero(~np.isnan(stated[:, i, j])).tolist(), 2)
    ]
    most = max(found, key=lambda item: item.factor, default=None)
    return most if most is not None and most.factor > APART * (1 + 1e-9) else None


def _on_disagreement(found: Disagreement | None, titles: Sequence[object]) -> tuple[Note, ...]:
    if found is None:
        return ()
    pair = titles[found.i], titles[found.j]
    said = [in_words(stated, *pair) for stated in found.stated]
    values = (
        ("first", pair[0]),
        ("second", pair[1]),
        ("judge", str(found.judges[0] + 1)),
        ("said", said[0]),
        ("other", str(found.judges[1] + 1)),
        ("answered", said[1]),
    )
    return (Note("pairwise.disagree", values),)
