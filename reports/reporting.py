"""The national reporting tables as they are filled in: a row a class, a column a year or figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from locales import Language, text
from reports.headings import in_words


@dataclass(frozen=True)
class Block:
    """One table: its title, its column headings and its rows, the first cell of each a text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]


def blocks(
    table: pd.DataFrame, language: Language, parameters: Mapping[str, Any]
) -> Iterator[Block]:
    """The long table ``reporting`` as one block a table and period, in the order of its rows.

    Parameters
    ----------
    table
        Columns ``table, period, row, column, value, unit``; a figure stands once.
    """

    def words(column: str, value: object) -> str:
        return str(in_words(column, value, language, parameters))

    for (code, period), figures in table.groupby(["table", "period"], sort=False):
        units = dict(zip(figures["column"], figures["unit"], strict=True))
        wide = figures.pivot(index="row", columns="column", values="value")
        # pivot sorts both ways; the tables have an order of their own
        wide = wide.reindex(index=figures["row"].unique(), columns=figures["column"].unique())
        # a pair that no row tells of does not occur; what a row does not know stays unknown
        told = figures.groupby(["row", "column"]).size().unstack().reindex_like(wide).notna()
        wide = wide.where(told, 0.0)
        heads = [f"{words('column', name)}, {words('unit', units[name])}" for name in wide.columns]
        rows = (
            (words("row", row), tuple(None if value != value else float(value) for value in values))
            for row, values in zip(wide.index, wide.to_numpy(), strict=True)
        )
        title = text(
            "workbook.block",
            language,
            table=words("table", code),
            period=words("period", period),
        )
        yield Block(title, tuple(heads), tuple(rows))
