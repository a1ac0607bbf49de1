"""A result as a document tells it: without what must not leave, and knowing what that is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from gis.analysis import Result
from reports.asked import BASES, CROP_AREA, as_coverage
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

    @cached_property
    def _silent(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Table and column -> codes of the rows whose value is withheld."""
        return {
            (name, str(column)): frozenset(map(str, hidden.index[hidden[column]]))
            for name, hidden in self.silent.items()
            for column in hidden.columns
        }

    @cached_property
    def _rows(self) -> dict[str, Mapping[str, Mapping[str, Any]]]:
        return {}

    def row(self, table: str, code: str) -> Mapping[str, Any]:
        """The row of a place, by column; of two with one code the first."""
        if table not in self._rows:
            whole = self.result.outcome.tables[table].rename(columns=str)
            first = whole[~whole.index.duplicated()]
            rows: list[Any] = first.to_dict("records")
            self._rows[table] = dict(zip(first.index, rows, strict=True))
        return self._rows[table][code]

    def asked(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Columns without those that its demand leaves no sense: a crop area is never unmet."""
        made = self.result.provenance
        served = as_coverage(made.analysis, made.parameters) or {}
        never = served.get("demand") == CROP_AREA
        return tuple(name for name in columns if not (never and name.startswith("unmet_")))

    def withheld(self, table: str, code: str, column: str) -> bool:
        """Whether the value of a cell is known inside the house alone."""
        return code in self._silent.get((table, column), ())

    def any_withheld(self, table: str, codes: Iterable[str], column: str) -> bool:
        """Whether one of several cells is known inside the house alone."""
        return not self._silent.get((table, column), frozenset()).isdisjoint(codes)


def told_of(result: Result, may: Result) -> Told:
    """A result, fresh or read back, as a document may tell it.

    Parameters
    ----------
    may
        The same as it may leave the house.
    """
    silent = silent_cells(result.outcome.tables, may.outcome.tables)
    return Told(may, silent, frozenset(_unsaid(result.outcome.summary, may.outcome.summary)))


def _unsaid(whole: Mapping[str, Any], told: Mapping[str, Any]) -> Iterable[str]:
    return (name for name, value in whole.items() if value is not None and told.get(name) is None)
