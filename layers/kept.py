"""Results that the web keeps, by what their summaries state; no raster or table is read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.folder import SUMMARY
from layers.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Kept:
    """What a kept result states of itself."""

    folder: Path
    analysis: str
    areas: tuple[str, ...]
    parameters: Mapping[str, Any]
    created: str

    @property
    def identity(self) -> str:
        return self.folder.name


def stated_by(folder: Path) -> Kept | None:
    """What the result in a folder states; ``None`` where there is none or files of it are gone."""
    try:
        found = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        if not all((folder / name).is_file() for name in found["files"]):
            return None
        return Kept(
            folder,
            str(found["analysis"]),
            tuple(map(str, found["areas"])),
            dict(found.get("parameters", {})),
            str(found.get("created", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def kept_results(workspace: Workspace) -> Iterator[Kept]:
    """Every result of the workspace, the newest first; a damaged one does not hide the others."""
    written = sorted(
        workspace.runs.glob(f"*/{SUMMARY}"), key=lambda path: path.stat().st_mtime, reverse=True
    )
    for path in written:
        kept = stated_by(path.parent)
        if kept is not None:
            yield kept
