"""A comparison as files: its tables, and what was asked differently."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from layers.folder import require_free, staged
from layers.provenance import plain
from layers.scenarios.comparison import Comparison
from layers.write import write_csv
from locales import LANGUAGES, text

DOCUMENT = "comparison.json"


def write_comparison(found: Comparison, names: tuple[str, str], directory: Path) -> tuple[str, ...]:
    """Write ``sites.csv``, ``communes.csv``, ``totals.csv`` and ``comparison.json``, or nothing.

    Parameters
    ----------
    names
        Of the first and the second scenario.

    Raises
    ------
    OutputNotEmpty, OutputUnwritable
        When the folder holds anything or cannot be written.
    """
    require_free(directory)
    tables = {"sites": found.sites, "communes": found.communes, "totals": found.totals}
    with staged(directory) as staging:
        for name, table in tables.items():
            marked = pd.DataFrame(table).assign(example=found.example)
            write_csv(marked, staging / f"{name}.csv")
        document = json.dumps(_document(found, names), ensure_ascii=False, indent=1)
        (staging / DOCUMENT).write_text(document + "\n", encoding="utf-8")
    return (*(f"{name}.csv" for name in tables), DOCUMENT)


def _document(found: Comparison, names: tuple[str, str]) -> dict[str, object]:
    said = {
        language: [text(note.key, language, **dict(note.values)) for note in found.why]
        for language in LANGUAGES
    }
    return {
        "first": names[0],
        "second": names[1],
        "example": found.example,
        "shared": found.shared,
        "totals": plain(found.totals.to_dict()),
        "why": said["en"],
        "why_km": said["km"],
    }
