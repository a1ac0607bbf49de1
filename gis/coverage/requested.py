"""Requested hectares as a company may see them: no persons, no group under five who attended."""

from __future__ import annotations

import pandas as pd

from gis.analysis import Inputs, Note

FEWEST = 5
"""People who must have attended the meetings behind a row; who of them asked is not recorded."""
WITHHELD, KINDS = "coverage.requests_withheld", "kinds"
"""Note of requests that stand nowhere, and its value that says of what: never to be exported."""
WHAT = ["crop", "season", "year", "machine"]
COLUMNS = (
    *("code", "name_en", "name_km", "district", "district_en", "district_km"),
    *WHAT,
    *("hectares", "meetings"),
)


def requested_table(inputs: Inputs) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Requested hectares of every season by commune, crop, season, year and machine.

    Hectares of meetings that fewer than ``FEWEST`` attended, or nobody knows how many, are summed
    over the district and stand without a commune; where they are still too few there, over the
    whole area without a district; what is too few even so stands nowhere, and a note says so.

    Returns
    -------
    DataFrame
        Index ``code``: of the commune, else of the district, else empty. ``machine`` is empty
        where any will do. ``meetings`` counts the meetings behind a row.
    """
    rows = inputs.features["requests"]
    rows = rows.assign(
        machine=rows["machine"].fillna(""),
        district=rows["commune"].map(inputs.communes["district"]),
    )
    found = []
    for place in (["commune", "district"], ["district"], []):
        named, rows = _parted(rows, place)
        found.append(named)
    table = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    return _named(table, inputs), (_note(rows),) if len(rows) else ()


def _note(rows: pd.DataFrame) -> Note:
    """That some requests stand nowhere; their crop, season, year and machine beside the words."""
    kinds = sorted({(str(c), str(s), int(y), str(m)) for c, s, y, m in rows[WHAT].to_numpy()})
    return Note(WITHHELD, (("fewest", FEWEST), (KINDS, tuple(kinds))))


def _parted(rows: pd.DataFrame, place: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sums of the groups that are large enough, and the rows of those that are not."""
    keys = [*place, *WHAT]
    meetings = rows.drop_duplicates([*keys, "reference"])
    farmers = meetings.groupby(keys)["farmers"].sum()
    enough = farmers[farmers >= FEWEST].index
    large = pd.MultiIndex.from_frame(rows[keys]).isin(enough)
    grouped = rows[large].groupby(keys, as_index=False)
    sums = grouped.agg(hectares=("hectares", "sum"), meetings=("reference", "nunique"))
    missing = {name: "" for name in ("commune", "district") if name not in place}
    return sums.assign(**missing), rows[~large]


def _named(table: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """The official code as index and the names beside it, in both languages."""
    communes = inputs.communes.reindex(table["commune"])
    districts = inputs.districts.reindex(table["district"])
    code = table["commune"].where(table["commune"] != "", table["district"])
    found = table.assign(
        code=code,
        name_en=communes["name_en"].fillna("").to_numpy(),
        name_km=communes["name_km"].fillna("").to_numpy(),
        district_en=districts["name_en"].fillna("").to_numpy(),
        district_km=districts["name_km"].fillna("").to_numpy(),
    )
    found = found.sort_values(["year", "season", "crop", "code", "machine"], kind="stable")
    return found[list(COLUMNS)].set_index("code")
