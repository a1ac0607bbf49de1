"""Which weight or working value the sites hang on: each moved alone."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from gis.analysis import Progress
from gis.sensitivity import one_at_a_time
from gis.sites.again import Repetitions, spans
from gis.tracks import AXES

COLUMNS = ("side", "now", "then", "kept_share", "gone_en", "gone_km", "come_en", "come_km")


def moved(again: Repetitions, progress: Progress) -> pd.DataFrame:
    """What changes when one weight or working value moves, that which changes most first.

    Returns
    -------
    DataFrame
        Index ``code``: the axis whose weight moves, or the working value. ``side`` (lower, higher),
        ``now, then``; ``kept_share`` of the communes of the proposal that stay chosen, NaN where
        the rules then contradict; names and codes of the communes that go and come. Empty where no
        samples are asked for.
    """
    ground, parameters = again.ground, again.ground.parameters
    if not parameters.samples or not len(ground.offered):
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="code", dtype=object))
    weights: dict[str, float] = {axis: parameters.weights.of(axis) for axis in AXES}
    table = one_at_a_time(again, weights, spans(parameters), now=again.codes, progress=progress)
    table = table.sort_values("kept", kind="stable")
    named = {
        f"{column}_{language}": [
            _named(codes, language, ground.communes) for codes in table[column]
        ]
        for column in ("gone", "come")
        for language in ("en", "km")
    }
    return pd.DataFrame(
        {
            "side": table["side"].to_numpy(),
            "now": table["now"].round(6).to_numpy(),
            "then": table["then"].round(6).to_numpy(),
            "kept_share": table["kept"].to_numpy(),
            **named,
        },
        index=pd.Index(table["name"], name="code", dtype=object),
    )


def _named(codes: Sequence[str], language: str, communes: pd.DataFrame) -> str:
    names = communes.loc[list(codes), f"name_{language}"].where(
        lambda held: held.notna() & (held != ""), communes.loc[list(codes), "name_en"]
    )
    return "; ".join(f"{name} ({code})" for code, name in names.items())
