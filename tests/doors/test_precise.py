"""`deimap registry` and `deimap export --precise`: who may, what is written, what is entered."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest

from cli.main import exit_code
from layers.run import run
from layers.workspace import Workspace
from layers.write import write_result
from locales import text
from registry.database import Database
from registry.exports import exports
from registry.officers import officers
from reports import precise, whole

PURPOSE = "Visit of the fields in March"


@pytest.fixture(scope="module")
def made(prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "made"
    write_result(run("suitability", "0207", resolution=500, workspace=prepared_workspace), folder)
    return folder


@pytest.fixture
def office(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace in which chan is administrator and dara, who calls, an officer of Battambang."""
    monkeypatch.setattr(precise, "machine_account", lambda: "chan")
    grants = (("chan", "administrator"), ("dara", "officer", "--province", "Battambang"))
    for account, role, *where in grants:
        assert exit_code(["registry", "grant", account, "--role", role, *where]) == 0
    monkeypatch.setattr(precise, "machine_account", lambda: "dara")
    return workspace


def call(made: Path, out: Path, *more: str) -> int:
    return exit_code(
        ["export", str(made), "--precise", "--purpose", PURPOSE, "--out", str(out), *more]
    )


def trail(office: Workspace) -> list[dict[str, object]]:
    with Database.open(office.database_url) as database:
        return [dict(row) for _, row in exports(database, "chan").iterrows()]


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_precise_file_says_so_and_is_entered(
    office: Workspace,
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    language: str,
) -> None:
    spoken = "km" if language == "km" else "en"
    out = tmp_path / "a.gpkg"
    assert call(made, out, "--lang", language) == 0
    assert text("precise.not_passed_on", spoken) in capsys.readouterr().err
    plots = gpd.read_file(out, layer="plots")
    about = gpd.read_file(out, layer="about")
    said = " ".join(about["what"])
    assert text("precise.stamp", spoken) in about["what"].iloc[0]
    assert PURPOSE in said
    assert text("precise.role_officer", spoken) in said
    assert set(plots["code"].str[:4]) == {"0207"}
    (entry,) = trail(office)
    assert entry["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (entry["account"], entry["role"], entry["state"]) == ("dara", "officer", "written")
    assert (entry["file"], entry["format"], entry["purpose"]) == ("a.gpkg", ".gpkg", PURPOSE)
    assert entry["rows"] == len(plots) + len(gpd.read_file(out, layer="service_providers"))
    assert exit_code(["--lang", language, "registry", "exports"]) == 0
    shown = capsys.readouterr().out
    assert PURPOSE in shown
    assert text("precise.state_written", spoken) in shown


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are those of POSIX")
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp.zip"])
def test_a_precise_file_is_read_by_its_owner_alone(
    office: Workspace, made: Path, tmp_path: Path, name: str
) -> None:
    """Also in the place of a file that everybody could read, and with a careless umask."""
    out = tmp_path / name
    out.touch(0o644)
    before = os.umask(0)
    try:
        assert call(made, out, "--overwrite") == 0
    finally:
        os.umask(before)
    assert out.stat().st_mode & 0o777 == 0o600


def test_nobody_may_before_a_grant(
    workspace: Workspace, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "home" / "a.gpkg"
    assert call(made, out) == 3
    assert "deimap registry grant" in capsys.readouterr().err
    assert exit_code(["registry", "exports"]) == 3
    assert exit_code(["registry", "officers"]) == 3
    assert not out.parent.exists()


WORDS_OFF = (
    ["--purpose", PURPOSE],
    ["--precise"],
    ["--precise", "--purpose", "short"],
    ["--precise", "--purpose", "call 012 345 678 first"],
    ["--precise", "--purpose", "x" * 201],
    ["--precise", "--purpose", PURPOSE, "--sheet", "company"],
)


def test_words_that_are_off(
    office: Workspace, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also an ending whose file could not say in itself that it is precise."""
    out = tmp_path / "home" / "a.xlsx"
    for words in WORDS_OFF:
        assert exit_code(["export", str(made), "--out", str(out), *words]) == 2, words
    for name in ("a.csv", "a.tif", "a.pdf", "a.png", "a.html"):
        assert call(made, tmp_path / "home" / name) == 2
        assert ", ".join(precise.FORMATS) in capsys.readouterr().err
    assert not out.parent.exists()
    assert trail(office) == []


def test_a_file_that_is_there_stays(office: Workspace, made: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.kmz"
    out.write_text("mine")
    assert call(made, out) == 3
    assert (out.read_text(), trail(office)) == ("mine", [])
    assert call(made, out, "--overwrite") == 0
    assert zipfile.is_zipfile(out)


def test_a_full_disk_leaves_no_file_and_an_entry_that_failed(
    office: Workspace, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: int) -> None:
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole, "_new_file", full)
    assert call(made, tmp_path / "home" / "a.kmz") == 3
    assert list((tmp_path / "home").iterdir()) == []
    assert [entry["state"] for entry in trail(office)] == ["failed"]


def test_an_officer_grants_nothing(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(["registry", "grant", "dara", "--role", "administrator"]) == 3
    assert exit_code(["registry", "revoke", "chan"]) == 3
    capsys.readouterr()
    assert exit_code(["registry", "officers"]) == 0
    rows = [line.split("\t")[:3] for line in capsys.readouterr().out.splitlines()[1:]]
    role = text("precise.role_administrator", "en")
    assert rows == [
        ["chan", role, text("precise.whole_country", "en")],
        ["dara", text("precise.role_officer", "en"), "02"],
    ]


def test_a_role_ends(
    office: Workspace, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precise, "machine_account", lambda: "chan")
    assert exit_code(["registry", "revoke", "dara"]) == 0
    assert exit_code(["registry", "revoke", "dara"]) == 3
    assert exit_code(["registry", "revoke", "chan"]) == 3
    monkeypatch.setattr(precise, "machine_account", lambda: "dara")
    assert call(made, tmp_path / "a.kmz") == 3
    with Database.open(office.database_url) as database:
        ended = officers(database, "chan").set_index("account")["revoked_by"]
    assert ended.to_dict() == {"chan": None, "dara": "chan"}


def test_a_role_is_for_provinces(office: Workspace) -> None:
    for where in ("0207", "Rotanak Mondol", "nowhere"):
        words = ["registry", "grant", "sok", "--role", "officer", "--province", where]
        assert exit_code(words) == 2
