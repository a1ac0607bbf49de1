"""A change against the present: the same measures now, then, and their difference."""

from __future__ import annotations

import pandas as pd

MEASURES = ("reachable_ha", "served_ha", "unmet_ha", "median_minutes")


def changes_table(now: pd.DataFrame, then: pd.DataFrame) -> pd.DataFrame:
    """Measures of two tables of areas side by side; a difference above 0 is more than now.

    Parameters
    ----------
    now, then
        Tables with the same index, names and ``MEASURES``.
    """
    named = [name for name in ("name_en", "name_km", "district") if name in now]
    table = now[named].copy()
    for name in MEASURES:
        table[f"{name}_now"] = now[name]
        table[f"{name}_then"] = then[name]
        table[f"{name}_difference"] = then[name] - now[name]
    return table
