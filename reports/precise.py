"""A precise export: for a purpose that it states, by a role that may, entered in the trail."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from gis.analysis import Note, Result
from gis.errors import BadParameter
from gis.naming import note_of, shown
from layers.gazetteer import COUNTRY
from layers.prepare import prepare
from layers.runs import read_result, run_id
from layers.workspace import Workspace
from locales import Language
from registry.database import Database
from registry.exports import Entry, may_export, recorded
from registry.intake.cells import has_phone
from registry.officers import Grant
from reports.anonymous import without_plots, without_registered
from reports.exchange.geopackage import geopackage
from reports.exchange.kmz import kmz
from reports.exchange.parcel import parcel
from reports.exchange.shapefile import shapefiles
from reports.registered import Registered, registered
from reports.stamps import MARK
from reports.workbook import workbook_of

SHORTEST, LONGEST = 10, 200
"""Signs of a purpose: a word alone says none."""


@dataclass(frozen=True)
class Precise:
    """Why something is exported precisely, and by whom.

    Attributes
    ----------
    purpose
        In words; it stands in the file and in the trail.
    account
        What the machine (:func:`machine_account`) or the sign-in of the web calls the person.

    Raises
    ------
    BadParameter
        When the purpose says too little or too much, or holds a telephone number.
    """

    purpose: str
    account: str

    def __post_init__(self) -> None:
        purpose = note_of(self.purpose)
        if not SHORTEST <= len(purpose) <= LONGEST or has_phone(purpose):
            allowed = Note("allowed.purpose", (("least", SHORTEST), ("most", LONGEST)))
            raise BadParameter("purpose", shown(purpose), allowed)
        object.__setattr__(self, "purpose", purpose)


def machine_account() -> str:
    """The login name on this machine; not from the environment, where anybody may set it."""
    if sys.platform == "win32":
        return os.getlogin()
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"


def provinces_of(areas: Iterable[str]) -> tuple[str, ...]:
    """Codes of the provinces that areas lie in; the country is none of them but ``KH``.

    >>> provinces_of(["0207", "020801", "13"]), provinces_of(["02", "KH"])
    (('02', '13'), ('KH',))
    """
    codes = set(areas)
    return (COUNTRY,) if COUNTRY in codes else tuple(sorted({code[:2] for code in codes}))


@contextmanager
def leaving(
    folder: Path, ending: str, file: str, language: Language, precise: Precise
) -> Iterator[bytes]:
    """The content of a precise export, to be handed out inside the block.

    Its entry stands in the trail when the block begins; a block that fails is entered as failed.

    Parameters
    ----------
    ending
        One of :data:`FORMATS`.
    file
        Name that the trail states.

    Raises
    ------
    NotGranted, RoleTooNarrow, OutsideProvinces
        When the account may not.
    FileMissing, FileUnreadable
        When the folder holds no result or a damaged one.
    RegistryUnwritable
        When the entry cannot be stored.
    """
    workspace = prepare(Workspace.default())
    result = read_result(folder)
    made = result.provenance
    provinces = provinces_of(made.areas)
    with Database.open(workspace.database_url) as database:
        held = may_export(database, precise.account, provinces)
        found = registered(made.areas, workspace, database)
        whole = with_registered(result, found, precise, held)
        content = FORMATS[ending](whole, folder.resolve().name or "result", language)
        told = Entry(
            *(held.account, precise.purpose, made.areas, made.analysis, run_id(made)),
            *(ending, shown(file), hashlib.sha256(content).hexdigest()),
            *(len(found.plots) + len(found.providers), whole.provenance.example),
        )
        with recorded(database, told, provinces):
            yield content


def with_registered(result: Result, found: Registered, precise: Precise, held: Grant) -> Result:
    """A result with plots and providers beside it, which says why, by which role and when.

    Nothing of it is withheld but what points to plots: maps that nearness to them shapes stay
    told by commune, since those of neighbours and in protected areas shape them too.
    """
    today = dt.datetime.now(dt.UTC).date().isoformat()
    role = Note(f"precise.role_{held.role}")
    stated = (("purpose", precise.purpose), ("role", role), ("date", today))
    outcome = without_plots(replace(result, outcome=without_registered(result.outcome)))
    counted = (("plots", len(found.plots)), ("providers", len(found.providers)))
    said = [Note(MARK, stated), *outcome.warnings, Note("precise.holds", counted)]
    said += [Note("precise.protected")] * bool(found.tables)
    return replace(
        result,
        outcome=replace(
            outcome,
            tables={**outcome.tables, **found.tables},
            features={**outcome.features, **found.features},
            warnings=tuple(said),
        ),
        provenance=replace(result.provenance, example=result.provenance.example or found.example),
    )


def _geopackage(result: Result, name: str, language: Language) -> bytes:
    return geopackage(result, language)


def _workbook(result: Result, name: str, language: Language) -> bytes:
    return workbook_of(result, result, language)


def _kmz(result: Result, name: str, language: Language) -> bytes:
    return kmz(result, language)


def _shapefiles(result: Result, name: str, language: Language) -> bytes:
    return shapefiles(result, language)


Maker: TypeAlias = Callable[[Result, str, Language], bytes]
FORMATS: Mapping[str, Maker] = {
    ".zip": parcel,
    ".gpkg": _geopackage,
    ".xlsx": _workbook,
    ".kmz": _kmz,
    ".shp.zip": _shapefiles,
}
"""Ending -> what makes it; the others could not say in themselves that they are precise."""
