"""The workspace: where records, own layers and runs of one office live."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
EMBEDDED = PROJECT / "data"


@dataclass(frozen=True)
class Workspace:
    """A folder with ``registry.sqlite``, ``layers/`` and ``runs/``.

    ``DEIMAP_WORKSPACE`` names it (default ``workspace/`` in the project);
    ``DEIMAP_DATABASE_URL`` names another database than its SQLite file.
    """

    root: Path

    @classmethod
    def default(cls) -> Workspace:
        """The workspace that the environment names."""
        return cls(Path(os.environ.get("DEIMAP_WORKSPACE") or PROJECT / "workspace").resolve())

    @property
    def database_url(self) -> str:
        return os.environ.get("DEIMAP_DATABASE_URL") or f"sqlite:///{self.root / 'registry.sqlite'}"

    @property
    def has_registry(self) -> bool:
        """Whether there are records to read; looking does not make a database."""
        if os.environ.get("DEIMAP_DATABASE_URL"):
            return True
        return (self.root / "registry.sqlite").is_file()

    @property
    def registry_file(self) -> Path | None:
        """The SQLite file of the records; ``None`` where another database is named."""
        if os.environ.get("DEIMAP_DATABASE_URL"):
            return None
        return self.root / "registry.sqlite"

    @property
    def layers(self) -> Path:
        """Own and fetched layers, each beside its table of the catalogue."""
        return self.root / "layers"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def templates(self) -> Path:
        """Word templates of the office, one a language: ``report_en.docx``, ``report_km.docx``."""
        return self.root / "templates"
