"""Cells that say nothing because their value must not leave the house: not what nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import pandas as pd

Tables: TypeAlias = Mapping[str, pd.DataFrame]


def silent_cells(whole: Tables, told: Tables) -> dict[str, pd.DataFrame]:
    """Table -> true in the cells that have a value in ``whole`` and none in ``told``.

    A table from which rows are left out is not among them: a row that is not told is no cell.
    """
    return {
        name: whole[name].notna() & table.isna()
        for name, table in told.items()
        if name in whole and len(whole[name]) == len(table)
    }
