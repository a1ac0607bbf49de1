"""Further spellings of areas."""

from __future__ import annotations

from collections.abc import Sequence

from gis.errors import Fault
from registry.intake.column import (
    EXAMPLE,
    Column,
    Findings,
    Gazetteer,
    Kind,
    PublishedList,
    Record,
    Rows,
    row_of,
)
from registry.models import Base, Name
from registry.vocabulary import parts


def rows(records: Sequence[Record]) -> Sequence[tuple[type[Base], Rows]]:
    found: dict[tuple[str, str], dict[str, object]] = {}
    for record in records:
        for part in parts(record.values["spelling"]):
            spelling = part.strip()
            row = row_of(record, ("code",)) | {"spelling": spelling}
            if spelling:
                found.setdefault((record.values["code"], spelling), row)
    return [(Name, list(found.values()))]


def check(records: Sequence[Record], gazetteer: Gazetteer) -> Findings:
    """How many names belong to areas that the boundaries at hand do not hold: kept for later."""
    known = set(gazetteer.communes.index)
    known |= {code[:length] for code in known for length in (2, 4)}
    codes = {record.values["code"] for record in records if "code" in record.values}
    elsewhere = len(codes - known)
    if not elsewhere:
        return Findings()
    return Findings(warnings=(Fault(None, None, "names_elsewhere", (("count", elsewhere),)),))


_SPELT = ("name_en_mef2025", "name_kh", "name_en_ncdd2024", "name_en_ncdd2014", "nis2011_name")

KIND = Kind(
    name="names",
    columns=(
        Column("code", "code", required=True),
        Column("spelling", required=True, longest=500),
        EXAMPLE,
    ),
    table=Name,
    key=("code", "spelling"),
    rows=rows,
    check=check,
    published=(
        # Lists that set every vintage of codes and names side by side, districts then communes.
        PublishedList(
            {"code_2014": "code", **dict.fromkeys((*_SPELT, "variants"), "spelling")}, needs="code"
        ),
        PublishedList({"code_2014": "code", **dict.fromkeys(_SPELT, "spelling")}, needs="code"),
    ),
)
