"""What an import says at its end."""

from __future__ import annotations

from dataclasses import dataclass

from gis.errors import Fault


@dataclass(frozen=True)
class Report:
    """Counts of one import: a file that was in before gives only ``unchanged``.

    ``rows`` are the records in the file; ``added``, ``changed`` and ``unchanged`` add up to the
    records that they make (an event with three requests is one record). ``warnings`` do not refuse
    a file. After a dry run the counts say what an import would do.
    """

    kind: str
    added: int
    changed: int
    unchanged: int
    rows: int
    warnings: tuple[Fault, ...] = ()
    dry_run: bool = False
