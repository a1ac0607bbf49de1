"""A result as a document tells it: without what must not leave, and knowing what that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from gis.analysis import Result
from reports.anonymous import public
from reports.asked import BASES
from reports.silent import silent_cells


@dataclass(frozen=True, eq=False)
class Told:
    """What of a result may be told.

    Attributes
    ----------
    result
        As it may leave the house.
    silent
        Table -> true in the cells whose value is withheld.
    unsaid
        Keys of the summary whose value is withheld.
    """

    result: Result
    silent: Mapping[str, pd.DataFrame]
    unsaid: frozenset[str]

    @property
    def kind(self) -> str:
        """The analysis; of sites the goal where these are new bases."""
        made = self.result.provenance
        return BASES if made.parameters.get("goal") == BASES else made.analysis

    def withheld(self, table: str, code: str, column: str) -> bool:
        """Whether the value of a cell is known inside the house alone."""
        hidden = self.silent.get(table)
        if hidden is None or column not in hidden.columns:
            return False
        return bool(hidden[column][hidden.index == code].any())

    def any_withheld(self, table: str, codes: Iterable[str], column: str) -> bool:
        """Whether one of several cells is known inside the house alone."""
        hidden = self.silent.get(table)
        if hidden is None or column not in hidden.columns:
            return False
        return bool(hidden[column][hidden.index.isin(list(codes))].any())


def told_of(result: Result) -> Told:
    """A result, fresh or read back, as a document may tell it."""
    may = public(result)
    silent = silent_cells(result.outcome.tables, may.outcome.tables)
    return Told(may, silent, frozenset(_unsaid(result.outcome.summary, may.outcome.summary)))


def _unsaid(whole: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in whole.items() if value is not None and told.get(name) is None)
