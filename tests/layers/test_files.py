"""Files written whole or not at all."""

import os
from pathlib import Path
from uuid import uuid4

from layers.files import replacing


def test_what_a_killed_process_left_goes_a_day_later(tmp_path: Path) -> None:
    stale, fresh, own = (
        tmp_path / f".{uuid4().hex}.tif",
        tmp_path / f".{uuid4().hex}.tif",
        tmp_path / ".notes.tif",
    )
    for path in (stale, fresh, own):
        path.write_bytes(b"half")
    for path in (stale, own):
        os.utime(path, (1, 1))
    with replacing(tmp_path / "layer.tif") as scratch:
        scratch.write_bytes(b"whole")
    assert {path.name for path in tmp_path.iterdir()} == {"layer.tif", fresh.name, own.name}
    assert (tmp_path / "layer.tif").read_bytes() == b"whole"
