"""What speaks for a site, in sentences: what it reaches, where, and what sets it apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis.analysis import Note
from gis.demand import PRIORITY
from gis.sites.chosen import Chosen
from gis.sites.ground import Ground

ELSEWHERE = 0.25
"""Share of a site's land in other communes that is worth a sentence: a working value."""
_NAMED = 3
"""Communes that such a sentence names at most."""


@dataclass(frozen=True)
class Means:
    """What the demand of the area is like on average: what a single site is compared with.

    Attributes
    ----------
    axes
        Mean score of each axis that weighs demand, 0 to 1; NaN where nothing is known.
    worth
        What a unit of the objective counts, 0 to 1; 1 where no axis weighs.
    """

    axes: Mapping[str, float]
    worth: float


def means_of(ground: Ground) -> Means:
    """Means over all demand, weighted by the objective."""
    demand = ground.demand
    weight = demand.amounts[ground.parameters.objective]
    axes: dict[str, float] = {
        axis: mean(ground.found.axes[axis].ravel()[demand.cells], weight) for axis in PRIORITY
    }
    total = float(np.nansum(weight))
    return Means(axes, float(demand.worth.sum()) / total if total else float("nan"))


def mean(values: NDArray[np.float32], weight: NDArray[np.float64]) -> float:
    """Weighted mean of what is known; NaN when nothing is."""
    known = ~np.isnan(values) & ~np.isnan(weight)
    total = weight[known].sum()
    if total <= 0:
        return float("nan")
    return float((values[known] * weight[known]).sum() / total)


def for_it(
    site: Chosen,
    won: Mapping[str, float],
    scores: Mapping[str, float],
    limiting: str,
    means: Means,
    ground: Ground,
) -> tuple[Note, ...]:
    """What a site wins, how much of it elsewhere, what speaks most for it, what limits it.

    Parameters
    ----------
    won, scores
        Quantities that it wins, and the mean scores of that land.
    limiting
        Key of the criterion that limits most of it, empty when none does.
    """
    parameters = ground.parameters
    values = (
        ("amount", won[parameters.objective]),
        ("hectares", won["hectares"]),
        ("track", Note(f"criteria.track_{parameters.track}")),
        ("reach", parameters.reach_m / 1000),
        ("diffusion", parameters.diffusion_m / 1000),
    )
    return (
        Note(f"reasons.site_{parameters.objective}", values),
        *_elsewhere(site, won, ground),
        *_counts(site, won, means, ground),
        *_apart(scores, means, ground),
        *_limited(limiting, ground),
    )


def _elsewhere(site: Chosen, won: Mapping[str, float], ground: Ground) -> tuple[Note, ...]:
    """Where much of the land lies in other communes: they are told as well."""
    own = ground.offered.table["commune"].iloc[site.position]
    places = ground.places
    communes = pd.Index(ground.found.communes.index.astype(str))
    hectares = pd.Series(
        places.amounts["hectares"][site.places] * site.parts,
        index=communes[places.unit[site.places]],
    )
    others = hectares.groupby(level=0).sum().drop(own, errors="ignore")
    share = float(others.sum()) / won["hectares"] if won["hectares"] > 0 else 0.0
    if not share >= ELSEWHERE:
        return ()
    first = others.sort_index().sort_values(ascending=False, kind="stable").index[:_NAMED]
    names = tuple(_names(ground.communes.loc[code]) for code in first)
    values = (("percent", round(100 * share)), ("communes", names))
    return (Note("reasons.elsewhere", values),)


def _names(commune: pd.Series) -> dict[str, str]:
    english, khmer = str(commune["name_en"]), commune["name_km"]
    return {"en": english, "km": khmer if isinstance(khmer, str) and khmer else english}


def _counts(
    site: Chosen, won: Mapping[str, float], means: Means, ground: Ground
) -> tuple[Note, ...]:
    """What a unit of the objective counts there: why more may come behind less."""
    amount = won[ground.parameters.objective]
    if ground.parameters.model == "capacitated" or not amount > 0 or not means.worth < 1:
        return ()
    worth = site.sum(ground.places.worth) / amount
    values = (("percent", round(100 * worth)), ("mean", round(100 * means.worth)))
    return (Note(f"reasons.counts_{ground.parameters.objective}", values),)


def _apart(scores: Mapping[str, float], means: Means, ground: Ground) -> tuple[Note, ...]:
    """The axis by which the site stands most above the average, as much as the axis weighs."""
    weights = ground.parameters.weights
    above = {
        axis: weights.of(axis) * (scores[axis] - means.axes[axis])
        for axis in PRIORITY
        if weights.of(axis) > 0 and not np.isnan(scores[axis] - means.axes[axis])
    }
    if not above:
        return ()
    best = max(above, key=lambda axis: above[axis])
    score, usual = round(100 * scores[best]), round(100 * means.axes[best])
    if score <= usual:
        return (Note("reasons.amount_alone"),)
    axis = ("axis", Note(f"criteria.axis_{best}"))
    return (Note("reasons.speaks_for", (axis, ("score", score), ("mean", usual))),)


def _limited(limiting: str, ground: Ground) -> tuple[Note, ...]:
    """The criterion that limits most of the land, with its axis: flat land has little need."""
    axes = {item.key: item.axis for item in ground.found.scored.track.criteria}
    if limiting not in axes:
        return ()
    values = (
        ("criterion", Note(f"criteria.{limiting}")),
        ("axis", Note(f"criteria.axis_{axes[limiting]}")),
    )
    return (Note("reasons.costs_most", values),)
