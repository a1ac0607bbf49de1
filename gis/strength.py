"""Strength of the reported figures: how far a place's hectares can be relied on."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd

from gis.analysis import Note

Group: TypeAlias = Literal["firm", "borderline", "too-weak"]
GROUPS: tuple[Group, ...] = get_args(Group)

SEASONS = 2.0
"""Twice a commune's area can be cropped in a year (two seasons, moved boundaries), not more."""


def track_strength(reported_ha: pd.Series, area_ha: pd.Series) -> pd.DataFrame:
    """Strength of each commune's reported hectares of a track.

    Parameters
    ----------
    reported_ha
        Hectares reported for the track, index = commune code; NaN = not reported.
    area_ha
        Hectares of the commune, same index.

    Returns
    -------
    DataFrame
        ``group``: firm up to the commune's area, borderline up to twice of it, else too-weak;
        ``usable_ha``: reported hectares, capped at the area, NaN where too weak;
        ``reason``: tuple of notes.

    Examples
    --------
    >>> reported = pd.Series({"020701": 9084.0, "020702": 94320.0, "020703": 7661.0})
    >>> area = pd.Series({"020701": 5571.0, "020702": 12100.0, "020703": 11786.0})
    >>> track_strength(reported, area)[["group", "usable_ha"]]
                 group  usable_ha
    020701  borderline     5571.0
    020702    too-weak        NaN
    020703        firm     7661.0
    """
    area = area_ha.reindex(reported_ha.index)
    rows = [
        _strength(float(reported), float(land))
        for reported, land in zip(reported_ha, area, strict=True)
    ]
    columns = ["group", "usable_ha", "reason"]
    return pd.DataFrame(rows, index=reported_ha.index, columns=columns)


def _strength(reported: float, area: float) -> tuple[Group, float, tuple[Note, ...]]:
    if np.isnan(reported):
        return "too-weak", np.nan, (Note("reasons.not_reported"),)
    if np.isnan(area) or area <= 0:
        return "too-weak", np.nan, (Note("reasons.area_unknown"),)
    values = (("reported", reported), ("area", area))
    if reported < 0 or reported > SEASONS * area:
        return "too-weak", np.nan, (Note("reasons.impossible", values),)
    if reported > area:
        return "borderline", area, (Note("reasons.capped", values),)
    return "firm", reported, (Note("reasons.firm", values),)
