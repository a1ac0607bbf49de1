"""How sure a choice is: asked again with other weights, working values and without weak data."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from gis.analysis import Note, Progress
from gis.criteria import reaching
from gis.sensitivity import note_on, rankings, stability, vary
from gis.sites.again import Repetitions, spans
from gis.sites.ground import Ground
from gis.tracks import AXES


def with_confidence(
    sites: gpd.GeoDataFrame, again: Repetitions, progress: Progress
) -> gpd.GeoDataFrame:
    """Sites with how often each commune stays chosen, and what remains without weak data.

    ``stays_share`` is the share of the samples in which the commune is chosen, NaN without any;
    ``stays_without_suspect``: ``yes``, ``no``, ``itself`` where the commune's own figures are
    borderline, empty where no commune's are or the rules then contradict. Of a site that an officer
    added only that is said: no model would choose it.
    """
    if sites.empty:
        return sites
    ranks = _ranks(again, progress)
    share = np.full(len(sites), np.nan)
    if len(ranks):
        shares = stability(ranks)["share"]
        share = shares.reindex(sites["code"]).fillna(0.0).to_numpy(dtype=np.float64)
    added = (sites["override_reason"] != "").to_numpy()
    share = np.where(added, np.nan, share)
    without = np.where(added, "", _without_suspect(sites, again))
    sureness = [
        (Note("reasons.officer_decided"),) if own else _sureness(float(part), len(ranks), stays)
        for own, part, stays in zip(added, share, without, strict=True)
    ]
    return sites.assign(
        stays_share=share,
        stays_without_suspect=without,
        sureness=pd.Series(sureness, index=sites.index, dtype=object),
    )


def _sureness(share: float, number: int, stays: str) -> tuple[Note, ...]:
    often = (note_on(share, number),) if number else ()
    return (*often, *((Note(f"reasons.stays_{stays}"),) if stays else ()))


def known_adopters(ground: Ground) -> pd.DataFrame:
    """Communes in which early adopters practise, by code, and how they score among all.

    Returns
    -------
    DataFrame
        ``name_en, name_km, group, suitability``, how many ``plots``, and ``scores_higher_share``,
        the share of the communes with a score that score lower. Where people practise already the
        land should suit; that it does proves nothing of the others.
    """
    table = ground.communes[["name_en", "name_km", "group", "suitability"]]
    known = reaching(ground.inputs, ground.found.scored.track)
    if known is None or known.empty:
        return table.iloc[:0].assign(plots=0, scores_higher_share=pd.Series(dtype=float))
    plots = known.geometry[~(known.geometry.isna() | known.geometry.is_empty)]
    outlines = ground.inputs.communes.geometry
    counts = pd.Series(
        np.bincount(outlines.sindex.query(plots, "intersects")[1], minlength=len(outlines)),
        outlines.index,
    )
    scores = table["suitability"].astype(float)
    lower = (scores.rank(method="min") - 1) / max(int(scores.notna().sum()) - 1, 1)
    held = table[table.index.isin(counts.index[counts > 0])]
    return held.assign(
        plots=counts.reindex(held.index), scores_higher_share=lower.reindex(held.index)
    )


def note_on_adopters(table: pd.DataFrame) -> tuple[Note, ...]:
    """The check in a sentence; none without known communes that score."""
    shares = table["scores_higher_share"].dropna()
    if shares.empty:
        return ()
    values = (("count", len(shares)), ("percent", round(100 * float(shares.median()))))
    return (Note("reasons.known_adopters", values),)


def _ranks(again: Repetitions, progress: Progress) -> pd.DataFrame:
    """Rank of communes in each sample that could be asked."""
    parameters = again.ground.parameters
    if not parameters.samples:
        return pd.DataFrame()
    weights: dict[str, float] = {axis: parameters.weights.of(axis) for axis in AXES}
    samples = vary(weights, spans(parameters), parameters.samples, seed=parameters.seed)
    ranks = rankings(again, samples, progress)
    again.varied = len(ranks)
    return ranks


def _without_suspect(sites: gpd.GeoDataFrame, again: Repetitions) -> list[str]:
    """What becomes of each site when no borderline commune takes part."""
    communes = again.ground.communes
    suspect = communes["group"] == "borderline"
    if not suspect.any():
        return [""] * len(sites)
    firm = communes.assign(group=communes["group"].mask(suspect, "too-weak"))
    codes = set(communes.index[suspect])
    left = again.asked(firm, again.ground.parameters)
    if left is None:
        return ["itself" if code in codes else "" for code in sites["code"]]
    return [
        "itself" if code in codes else "yes" if code in left else "no" for code in sites["code"]
    ]
