"""How sure a choice is: the same question asked again with other weights and working values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from gis.analysis import Note, Progress, silent
from gis.samples import CONCENTRATION, SAMPLES, Sample, Span, shares_of, vary

__all__ = [
    "CONCENTRATION",
    "OFTEN",
    "SAMPLES",
    "STEP",
    "Often",
    "Run",
    "Sample",
    "Span",
    "acceptability",
    "how_often",
    "note_on",
    "one_at_a_time",
    "rank_acceptability",
    "rankings",
    "stability",
    "vary",
]

STEP = 0.1
"""Working value: 10 points of all weights, one step of a planner who hesitates."""

Often: TypeAlias = Literal["every", "always", "mostly", "sometimes", "rarely", "never"]
OFTEN: tuple[tuple[Often, float], ...] = (
    ("every", 1.0),
    ("always", 0.95),
    ("mostly", 0.7),
    ("sometimes", 0.3),
    ("rarely", 1e-9),
    ("never", 0.0),
)
"""Lowest share of each word: working values; what was not chosen once is never chosen."""

_Z = 1.959964
"""Normal quantile of 95 %."""

Run: TypeAlias = Callable[[Sample], Sequence[str] | None]
"""Codes that are chosen under a sample, the best first; none where nothing can be chosen, None
where the question has no meaning under it."""


def acceptability(run: Run, samples: Sequence[Sample], progress: Progress = silent) -> pd.DataFrame:
    """How often each code is chosen when weights and working values vary.

    Parameters
    ----------
    run
        Answers one sample.
    samples
        As :func:`vary` draws them.
    progress
        Told of every sample before it is run; may raise to stop.

    Returns
    -------
    DataFrame
        As :func:`stability` gives it.
    """
    return stability(rankings(run, samples, progress))


def rankings(run: Run, samples: Sequence[Sample], progress: Progress = silent) -> pd.DataFrame:
    """Rank of each code ever chosen (columns, by code) in each sample (rows); NaN = not chosen.

    A sample under which the question has no meaning has no row.

    Raises
    ------
    ValueError
        When there is no sample, or a run names a code twice.
    """
    if not samples:
        raise ValueError("at least one sample is needed")
    rows = {}
    for number, sample in enumerate(samples, 1):
        progress("steps.varying", number, len(samples))
        codes = run(sample)
        if codes is not None:
            rows[number - 1] = _ranks(codes)
    columns = pd.Index(sorted(set(chain.from_iterable(rows.values()))), name="code")
    return pd.DataFrame(list(rows.values()), index=list(rows), columns=columns, dtype=float)


def stability(ranks: pd.DataFrame) -> pd.DataFrame:
    """Share of samples in which each code is chosen, and where it then stands.

    Parameters
    ----------
    ranks
        As :func:`rankings` gives them.

    Returns
    -------
    DataFrame
        Index ``code``, most often chosen first. ``share`` 0 to 1; ``margin``, by how much a share
        of so few samples may be off (half the 95 % interval of Wilson (1927), J. American
        Statistical Association 22); ``mean_rank, best_rank, worst_rank`` where chosen.

    Examples
    --------
    >>> ranks = pd.DataFrame({"020701": [1.0, 1.0, 2.0], "020702": [np.nan, np.nan, 1.0]})
    >>> stability(ranks)[["share", "mean_rank"]].round(2)
            share  mean_rank
    020701   1.00       1.33
    020702   0.33       1.00
    """
    share = ranks.notna().mean()
    number = len(ranks)
    spread = share * (1 - share) / number + _Z**2 / (4 * number**2)
    table = pd.DataFrame(
        {
            "share": share,
            "margin": _Z * np.sqrt(spread) / (1 + _Z**2 / number),
            "mean_rank": ranks.mean(),
            "best_rank": ranks.min(),
            "worst_rank": ranks.max(),
        }
    )
    table = table.sort_index().sort_values("mean_rank", kind="stable")
    return table.sort_values("share", ascending=False, kind="stable")


def rank_acceptability(ranks: pd.DataFrame) -> pd.DataFrame:
    """Share of samples that give each code (rows) each rank (columns, from 1).

    The rank acceptability indices of Lahdelma and Salminen (2001); a row adds up to the share of
    samples in which the code is chosen.
    """
    last = 0 if ranks.empty else int(np.nanmax(ranks.to_numpy()))
    shares = {rank: (ranks == rank).mean() for rank in range(1, last + 1)}
    return pd.DataFrame(shares, index=ranks.columns, dtype=float)


def one_at_a_time(
    run: Run,
    weights: Mapping[str, float],
    values: Mapping[str, Span],
    *,
    step: float = STEP,
    now: Sequence[str] | None = None,
    progress: Progress = silent,
) -> pd.DataFrame:
    """What changes when one weight or working value moves and all else stays.

    A weight moves down and up by ``step`` of all weights, not below 0 nor above 1; the others share
    the rest as they did. A working value goes to its two limits. What cannot move is left out.

    Parameters
    ----------
    now
        Codes that are chosen now, where the answer is at hand; else ``run`` is asked for them.

    Returns
    -------
    DataFrame
        One row a move: ``kind`` ("weight", "value"), ``name``, ``side`` ("lower", "higher"),
        ``now`` and ``then``; ``kept``, the share of the codes chosen now that stay chosen (NaN
        where none is chosen now, or the question has no meaning then); ``gone`` and ``come``,
        tuples of codes, by code.

    Raises
    ------
    ValueError
        As :func:`vary`, and when ``step`` does not lie between 0 and 1.
    """
    if not 0 < step <= 1:
        raise ValueError("the step must lie between 0 and 1")
    stands = Sample(shares_of(weights), {name: span.now for name, span in values.items()})
    moves = [*_moved_weights(stands, step), *_moved_values(stands, values)]
    progress("steps.varying", 1, len(moves) + 1)
    here = set(_ranks((run(stands) if now is None else now) or ()))
    rows = []
    for number, (place, sample) in enumerate(moves, 2):
        progress("steps.varying", number, len(moves) + 1)
        codes = run(sample)
        then = here if codes is None else set(_ranks(codes))
        kept = len(here & then) / len(here) if here and codes is not None else np.nan
        rows.append((*place, kept, tuple(sorted(here - then)), tuple(sorted(then - here))))
    columns = ["kind", "name", "side", "now", "then", "kept", "gone", "come"]
    return pd.DataFrame(rows, columns=columns)


def how_often(share: float) -> Often:
    """A share of samples in a word.

    >>> [how_often(share) for share in (1, 0.95, 0.9, 0.5, 0.1, 0)]
    ['every', 'always', 'mostly', 'sometimes', 'rarely', 'never']
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share cannot be {share}")
    return next(word for word, lowest in OFTEN if share >= lowest)


def note_on(share: float, number: int) -> Note:
    """The sentence that says how often a place stays chosen among ``number`` samples."""
    often = Note(f"sensitivity.{how_often(share)}")
    values = (("often", often), ("percent", round(100 * share)), ("number", number))
    return Note("sensitivity.stays", values)


_Move: TypeAlias = tuple[tuple[str, str, str, float, float], Sample]


def _moved_weights(stands: Sample, step: float) -> Iterator[_Move]:
    for name, share in stands.weights.items():
        for side, then in (("lower", max(share - step, 0.0)), ("higher", min(share + step, 1.0))):
            # A weight that is all there is cannot fall: nothing says who would take the rest.
            if then == share or share == 1:
                continue
            scale = (1 - then) / (1 - share)
            moved = {
                other: then if other == name else scale * weight
                for other, weight in stands.weights.items()
            }
            yield ("weight", name, side, share, then), Sample(moved, stands.values)


def _moved_values(stands: Sample, values: Mapping[str, Span]) -> Iterator[_Move]:
    for name, span in values.items():
        for side, then in (("lower", span.low), ("higher", span.high)):
            if then != span.now:
                moved = {**stands.values, name: then}
                yield ("value", name, side, span.now, then), Sample(stands.weights, moved)


def _ranks(codes: Sequence[str]) -> dict[str, int]:
    ranks = {code: rank for rank, code in enumerate(codes, 1)}
    if len(ranks) < len(codes):
        raise ValueError("a code is chosen twice")
    return ranks
