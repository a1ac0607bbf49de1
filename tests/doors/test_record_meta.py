"""What stands beside a file of records reaches the registry through the one way in."""

from __future__ import annotations

from pathlib import Path

import pytest

from gis.errors import CatalogueInvalid, FileMissing
from layers.prepare import bring_in
from layers.workspace import Workspace
from registry.database import Database
from registry.records import imports, names


def test_owner_and_columns(workspace: Workspace, tmp_path: Path) -> None:
    file, meta = tmp_path / "n.csv", tmp_path / "n.toml"
    file.write_text("Kode,Also called\n0207,Ratanak Mondol\n", encoding="utf-8")
    meta.write_text('owner = "PDAFF"\n[columns]\nKode = "code"\n"Also called" = "spelling"\n')
    assert bring_in(file, "names", workspace, meta=meta).added == 1
    with Database.open(workspace.database_url) as database:
        assert imports(database).iloc[-1]["owner"] == "PDAFF"
        assert "Ratanak Mondol" in set(names(database)["spelling"])


@pytest.mark.parametrize("words", ["ownr = 'x'", "columns = 3", "owner = {}"])
def test_a_meta_table_that_does_not_hold(workspace: Workspace, tmp_path: Path, words: str) -> None:
    (tmp_path / "n.toml").write_text(words)
    with pytest.raises(CatalogueInvalid):
        bring_in(tmp_path / "n.csv", "names", workspace, meta=tmp_path / "n.toml")
    with pytest.raises(FileMissing):
        bring_in(tmp_path / "n.csv", "names", workspace, meta=tmp_path / "none.toml")
