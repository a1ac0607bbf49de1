"""A result as one file to take along."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path


def zipped(folder: Path) -> bytes:
    """All files of a result folder, under the folder's name.

    Raises
    ------
    OSError
        When a file cannot be read.
    """
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            package.write(file, Path(folder.name) / file.relative_to(folder))
    return content.getvalue()
