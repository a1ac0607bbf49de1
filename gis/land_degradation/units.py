"""What the newest period says of each commune, district and province, in figures and reasons."""

from __future__ import annotations

import pandas as pd

from gis.analysis import Inputs, Note
from gis.land_degradation.parts import PARTS
from gis.land_degradation.tables import COUNTRY, of_level, unit_table

NAMES = ["name_en", "name_km"]
SCREENING_M = 100.0
"""Figures of a commune from larger cells are for screening: a working value."""
MOSTLY_UNKNOWN = 0.5
"""Share of land without an indicator from which a unit is said to be mostly unknown."""
WHOLE = 0.99
"""Share of a unit's outline from which its communes are all of it: outlines differ a little."""


def unit_tables(
    counted: pd.DataFrame, people: pd.DataFrame, inputs: Inputs
) -> dict[str, pd.DataFrame]:
    """One table a level: communes, districts, provinces, and the country when it was asked for."""
    communes = unit_table(counted, pd.DataFrame(inputs.communes[[*NAMES, "district"]]))
    screening = screening_m(inputs)
    communes = communes.join(people).assign(screening="screening" if screening else "")
    reasons = [_reason(row, screening) for _, row in communes.iterrows()]
    communes["reason"] = pd.Series(reasons, index=communes.index, dtype=object)
    found = {"communes": communes}
    for name, level, units in (
        ("districts", "district", inputs.districts),
        ("provinces", "province", inputs.provinces),
    ):
        if not units.empty:
            parents = inputs.communes[level].reindex(people.index)
            table = unit_table(
                of_level(counted, level, inputs), pd.DataFrame(units.sort_index()[NAMES])
            )
            table = table.join(people.groupby(parents).sum(min_count=1))
            inside = inputs.communes.area.groupby(parents).sum() / units.area
            table["inside_share"] = inside.reindex(table.index).clip(upper=1.0)
            reasons = [_in_part(share) for share in table["inside_share"]]
            found[name] = table.assign(reason=pd.Series(reasons, table.index, dtype=object))
    if inputs.areas == (COUNTRY,):
        whole = pd.DataFrame(index=pd.Index([COUNTRY], name="code"))
        country = unit_table(of_level(counted, "area", inputs), whole)
        found["country"] = country.join(_total(people, COUNTRY))
    return found


def _in_part(share: float) -> tuple[Note, ...]:
    """A word of caution where a unit reaches beyond the area of the run."""
    if share > WHOLE:
        return ()
    return (Note("degradation.in_part", (("percent", round(100 * share)),)),)


def _total(people: pd.DataFrame, code: str) -> pd.DataFrame:
    return people.sum(min_count=1).to_frame(code).T


def screening_m(inputs: Inputs) -> float:
    """Cell size in metres of the coarsest layer or of the grid, where it is coarse; else 0."""
    used = [inputs.resolutions.get(layer) or 0.0 for layer in PARTS.values()]
    coarsest = max(*used, abs(float(inputs.grid.resolution.x)))
    return coarsest if coarsest > SCREENING_M else 0.0


def _reason(row: pd.Series, screening: float) -> tuple[Note, ...]:
    notes = []
    if screening:
        notes.append(Note("degradation.screening", (("metres", round(screening)),)))
    if row["no_data_share"] > MOSTLY_UNKNOWN:
        share = round(100 * float(row["no_data_share"]))
        notes.append(Note("degradation.mostly_unknown", (("percent", share),)))
    if row["lost_ha"] >= 1:
        notes.append(Note("degradation.hidden", (("hectares", float(row["lost_ha"])),)))
    return tuple(notes)
