"""Points that a planner brings as a file, to be offered as sites."""

from __future__ import annotations

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from pydantic import ValidationError

from gis.errors import Fault, ImportRefused
from gis.naming import shown
from gis.sites.parameters import DrawnPoint
from gis.unreadable import because
from layers.boundaries import Gazetteer
from registry.intake.cells import Refused, value_of
from registry.intake.column import Column
from registry.intake.places import placed
from registry.intake.readers import Row, Table, read

NAME = Column("name", required=True)
ENDINGS = (".csv", ".geojson", ".json", ".gpkg")
MOST_POINTS = 1000
"""More candidates than a planner can have thought of one by one."""


def uploaded_points(file: str, content: bytes, places: Gazetteer) -> tuple[DrawnPoint, ...]:
    """The points of a file sent by a browser.

    Parameters
    ----------
    file
        Its name, of which only the ending counts: CSV in UTF-8 with the columns ``lon``, ``lat``
        (degrees) and ``name``, or points as GeoJSON or GeoPackage with ``name``.

    Raises
    ------
    FileUnreadable
        When it cannot be read at all.
    ImportRefused
        With each row that is no point of Cambodia, has no name, or one that stands twice.
    """
    ending = PurePath(file).suffix.lower()
    if ending not in ENDINGS:
        raise because(shown(file), "suffix", known=ENDINGS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"points{ending}"
        path.write_bytes(content)
        try:
            return points_of(read(path, "points"), places)
        except ImportRefused as error:
            raise ImportRefused(file, error.faults) from error


def points_of(table: Table, places: Gazetteer) -> tuple[DrawnPoint, ...]:
    """The rows of a table as points.

    Raises
    ------
    ImportRefused
        With every fault and the row it stands in.
    """
    faults = [Fault(None, "name", "column_missing")] if NAME.name not in table.headings else []
    if not table.rows:
        faults = [Fault(None, None, "no_rows")]
    if len(table.rows) > MOST_POINTS:
        faults = [Fault(None, None, "too_many_points", (("most", MOST_POINTS),))]
    if faults:
        raise ImportRefused(table.path, tuple(faults))
    found: list[DrawnPoint] = []
    first: dict[str, str] = {}
    for row in table.rows:
        point = _point(row, table, places)
        if isinstance(point, Fault):
            faults.append(point)
        elif point.name in first:
            said = (("value", point.name), ("first", first[point.name]))
            faults.append(Fault(row.number, "name", "repeated", said))
        elif point.code in first:
            faults.append(Fault(row.number, None, "same_place", (("first", first[point.code]),)))
        else:
            first[point.name] = first[point.code] = str(row.number)
            found.append(point)
    if faults:
        raise ImportRefused(table.path, tuple(faults))
    return tuple(found)


def _point(row: Row, table: Table, places: Gazetteer) -> DrawnPoint | Fault:
    try:
        name = str(value_of(row.cells.get(NAME.name), NAME, places))
    except Refused as refused:
        return refused.fault(row.number, NAME.name)
    at = placed(row, table, "point", places)
    if at.fault is not None or at.shape is None:
        return at.fault or Fault(row.number, None, "geometry_empty")
    x, y = at.shape.coords[0][:2]
    try:
        return DrawnPoint(round(x, 5), round(y, 5), name)
    except ValidationError:
        return Fault(row.number, NAME.name, "control_characters")
