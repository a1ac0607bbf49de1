"""What an office states beside a file of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Meta:
    """Whose data a file holds, on what agreement it came, and which column is which.

    ``columns`` maps headings of the file to ours; when there are any, other columns are passed
    over. Several headings of one column are joined as a list.
    """

    owner: str = ""
    agreement: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
