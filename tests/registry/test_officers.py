"""Who may export precisely, and the trail of what was."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from gis.errors import (
    BadParameter,
    DeimapError,
    LastAdministrator,
    NoAdministrator,
    NotGranted,
    OutsideProvinces,
    RegistryUnwritable,
    RoleTooNarrow,
)
from registry.database import Database
from registry.exports import Entry, exports, may_export, recorded
from registry.officers import grant, officers, revoke
from registry.roles import ROLES, with_right

TOLD = Entry(
    *("dara", "Field visit of March", ("0207",), "sites", "0123456789abcdef", ".zip", "a.zip"),
    *("ab" * 32, 12, True),
)


@pytest.fixture
def office(database: Database) -> Database:
    """An administrator and an officer of Battambang."""
    grant(database, "chan", "administrator", (), "chan")
    grant(database, "dara", "officer", ("02",), "chan")
    return database


def test_the_table_of_rights() -> None:
    assert with_right("exports") == ("officer", "planner", "administrator")
    assert with_right("grants") == ("administrator",)
    assert with_right("reads_trail") == tuple(ROLES)
    assert [name for name, role in ROLES.items() if not role.everywhere] == ["officer"]


@pytest.mark.parametrize("role", ROLES)
def test_nobody_may_anything_before_a_grant(database: Database, role: str) -> None:
    with pytest.raises(NotGranted):
        may_export(database, "dara", ())
    with pytest.raises(NotGranted), recorded(database, TOLD, ("02",)):
        pytest.fail("nothing may be written")
    for look in (officers, exports):
        with pytest.raises(NotGranted):
            look(database, "dara")
    with pytest.raises(NotGranted):
        revoke(database, "dara", "dara")
    # the first is an administrator: another could not be followed by anybody
    if role != "administrator":
        with pytest.raises(NoAdministrator):
            grant(database, "dara", role, ("02",), "dara")


def test_after_the_first_only_administrators_grant(office: Database) -> None:
    for name, role in (("dara", "planner"), ("sok", "administrator"), ("dara", "administrator")):
        with pytest.raises(RoleTooNarrow):
            grant(office, name, role, (), "dara")
        with pytest.raises(NotGranted):
            grant(office, name, role, (), "somebody")
    with pytest.raises(RoleTooNarrow) as caught:
        revoke(office, "chan", "dara")
    assert caught.value.values == {
        "account": "dara",
        "role": "officer",
        "needed": ("administrator",),
    }


@pytest.mark.parametrize(
    ("role", "provinces", "may"),
    [
        ("reader", (), ()),
        ("officer", ("02",), (("02",), ())),
        ("officer", ("02", "13"), (("02",), ("02", "13"))),
        ("planner", (), (("02",), ("KH",), ("02", "13"))),
        ("planner", ("KH",), (("KH",),)),
        ("planner", ("13",), (("13",),)),
    ],
)
def test_each_role_in_its_provinces(
    office: Database, role: str, provinces: tuple[str, ...], may: tuple[tuple[str, ...], ...]
) -> None:
    grant(office, "sok", role, provinces, "chan")
    allowed = []
    for asked in ((), ("02",), ("13",), ("02", "13"), ("KH",)):
        try:
            may_export(office, "sok", asked)
        except (OutsideProvinces, RoleTooNarrow):
            continue
        allowed.append(asked)
    assert set(may) <= set(allowed)
    if role == "reader":
        assert allowed == []
    elif provinces in (("02",), ("13",)):
        assert allowed == [(), provinces]


def test_what_lies_beyond_is_named(office: Database) -> None:
    with pytest.raises(OutsideProvinces) as caught:
        may_export(office, "dara", ("02", "13"))
    assert caught.value.values == {"account": "dara", "provinces": ("02",), "beyond": ("13",)}


@pytest.mark.parametrize("provinces", [(), ("KH",), ("02", "KH")])
def test_an_officer_needs_provinces(office: Database, provinces: tuple[str, ...]) -> None:
    with pytest.raises(BadParameter):
        grant(office, "sok", "officer", provinces, "chan")
    with pytest.raises(BadParameter):
        grant(office, "sok", "king", ("02",), "chan")
    with pytest.raises(NotGranted):
        may_export(office, "sok", ())


@pytest.mark.parametrize("name", ["", "a\nb", "dara\u202e", "x" * 81])
def test_an_account_is_a_name(office: Database, name: str) -> None:
    with pytest.raises(BadParameter):
        grant(office, name, "planner", (), "chan")


def test_letters_of_an_account_are_not_folded(office: Database) -> None:
    with pytest.raises(NotGranted):
        may_export(office, "Dara", ("02",))


def test_a_grant_ends_the_one_before_and_stays_in_the_trail(office: Database) -> None:
    grant(office, "dara", "planner", ("13",), "chan")
    with pytest.raises(OutsideProvinces):
        may_export(office, "dara", ("02",))
    assert may_export(office, "dara", ("13",)).role == "planner"
    assert revoke(office, "dara", "chan").role == "planner"
    with pytest.raises(NotGranted):
        may_export(office, "dara", ("13",))
    with pytest.raises(NotGranted):
        revoke(office, "dara", "chan")
    found = officers(office, "chan")
    assert found["account"].tolist() == ["chan", "dara", "dara"]
    assert found["provinces"].tolist() == [[], ["02"], ["13"]]
    assert found["revoked_by"].tolist() == [None, "chan", "chan"]
    assert found["revoked_at"].notna().tolist() == [False, True, True]


def test_the_last_administrator_stays(office: Database) -> None:
    with pytest.raises(LastAdministrator):
        revoke(office, "chan", "chan")
    with pytest.raises(LastAdministrator):
        grant(office, "chan", "reader", (), "chan")
    grant(office, "sok", "administrator", (), "chan")
    grant(office, "chan", "reader", (), "sok")
    with pytest.raises(RoleTooNarrow):
        grant(office, "chan", "administrator", (), "chan")


def test_of_two_who_grant_at_once_one_grant_holds(office: Database) -> None:
    failed: list[BaseException] = []

    def give(role: str) -> None:
        try:
            grant(office, "sok", role, ("02",), "chan")
        except DeimapError as error:
            failed.append(error)

    threads = [threading.Thread(target=give, args=(role,)) for role in ("officer", "planner") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = officers(office, "chan")
    assert failed == []
    assert found["revoked_at"].isna()[found["account"] == "sok"].sum() == 1


def test_an_entry_stands_before_the_file_is_written(office: Database) -> None:
    with recorded(office, TOLD, ("02",)):
        during = exports(office, "chan")
    after = exports(office, "chan")
    assert during["state"].tolist() == ["begun"]
    assert after["state"].tolist() == ["written"]
    row = after.iloc[0]
    assert (row["account"], row["role"], row["purpose"]) == ("dara", "officer", TOLD.purpose)
    assert (row["areas"], row["run"], row["rows"]) == (["0207"], TOLD.run, 12)
    assert (row["file"], row["format"], row["sha256"]) == ("a.zip", ".zip", "ab" * 32)
    assert bool(row["example"]) is True


@pytest.mark.parametrize("problem", [OSError("full"), KeyboardInterrupt()])
def test_a_write_that_fails_is_recorded_as_failed(office: Database, problem: BaseException) -> None:
    with pytest.raises(type(problem)), recorded(office, TOLD, ("02",)):
        raise problem
    assert exports(office, "chan")["state"].tolist() == ["failed"]


def test_without_entry_nothing_is_written(
    office: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RegistryUnwritable("url", "database or disk is full")

    monkeypatch.setattr(office, "write", full)
    with pytest.raises(RegistryUnwritable), recorded(office, TOLD, ("02",)):
        pytest.fail("nothing may be written")
    monkeypatch.undo()
    assert exports(office, "chan").empty


def test_who_lost_the_role_meanwhile_writes_nothing(office: Database) -> None:
    may_export(office, "dara", ("02",))
    revoke(office, "dara", "chan")
    with pytest.raises(NotGranted), recorded(office, TOLD, ("02",)):
        pytest.fail("nothing may be written")
    assert exports(office, "chan").empty


CHILD = """
import sys, time
sys.path[:0] = [{project!r}]
from registry.database import Database
from registry.exports import Entry, recorded

told = Entry("dara", "Field visit", ("0207",), "sites", "0", ".zip", "a.zip", "0", 1, True)
with recorded(Database.open({url!r}), told, ("02",)):
    print("now", flush=True)
    time.sleep(60)
"""


def test_killed_while_the_file_is_written_the_entry_stands(url: str) -> None:
    with Database.open(url) as database:
        grant(database, "chan", "administrator", (), "chan")
        grant(database, "dara", "officer", ("02",), "chan")
    code = CHILD.format(project=str(Path(__file__).parents[2]), url=url)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "now\n"
        child.kill()
    with Database.open(url) as database:
        assert exports(database, "chan")["state"].tolist() == ["begun"]
