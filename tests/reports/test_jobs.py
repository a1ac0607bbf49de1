"""Jobs: in line one after another, stopped, vanished, kept and removed; told by their folders."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gis.analysis import Note, Progress
from gis.errors import BadParameter, FileMissing, OutputUnwritable, UnknownArea
from layers.workspace import Workspace
from locales import LANGUAGES, text, texts
from reports.jobs import job as job_module
from reports.jobs import line, worker
from reports.jobs.job import (
    END,
    FAULT,
    LOG,
    ORDER,
    PROGRESS,
    STOP,
    VANISHED,
    WORKER,
    Job,
    folder_of,
    identities,
    job_folder,
    order_of,
    stated,
    write,
)
from reports.jobs.line import KEPT, ask, is_left, is_next, job, jobs, remove, stop
from reports.jobs.lock import held, is_held
from reports.jobs.worker import work
from reports.order import Made, Order

MAP = Order("map", ("0207",), ".png", "en", dpi=150)


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders stay in line: no worker is started."""
    monkeypatch.setattr(line, "_worker", lambda *_: None)
    monkeypatch.setattr(line, "_STARTED", {})


def put(space: Workspace, number: int, order: Order = MAP, *, old: bool = True) -> Path:
    """A job in the line; an old one is past the time in which a worker comes to life."""
    asked = datetime.now(UTC) - timedelta(hours=1 if old else 0)
    folder = job_folder(f"20260101-000000-000000-{number:08x}", space)
    document = {"asked": asked.isoformat(), "analyses": [], "order": stated(order)}
    write(folder, ORDER, document)
    return folder


def ended(space: Workspace, number: int) -> Path:
    folder = put(space, number)
    write(folder, END, {"state": "stopped"})
    return folder


def only(space: Workspace) -> Job:
    (found,) = jobs(space)
    return found


def content(identity: str, space: Workspace) -> bytes:
    file = job(identity, space).file
    assert file is not None
    return file.read_bytes()


def test_an_order_comes_back_from_its_folder_as_it_was() -> None:
    order = Order(
        *("map", ("0207", "0208"), ".pdf", "km", ("km", "en"), (Path("a"), Path("b"))),
        *(("slope_figures", "adopters"), "need", "A3", "landscape", 300, "district"),
        looks=Path("looks.docx"),
    )
    for one in (order, MAP):
        assert order_of(json.loads(json.dumps(stated(one)))) == one
    with pytest.raises(TypeError):
        order_of({**stated(MAP), "colour": "red"})


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (Order("poster", ("0207",), ".pdf", "en"), BadParameter),
        (Order("map", ("0207",), ".docx", "en"), BadParameter),
        (Order("atlas", ("0207",), ".png", "en"), BadParameter),
        (Order("brief", ("0207",), ".pdf", "fr"), BadParameter),  # type: ignore[arg-type]
        (Order("map", ("0207",), ".pdf", "en", paper="A0"), BadParameter),  # type: ignore[arg-type]
        (Order("map", ("0207",), ".pdf", "en", dpi=72), BadParameter),
        (Order("map", (), ".pdf", "en"), UnknownArea),
    ],
)
def test_an_order_that_does_not_hold_is_refused_before_it_is_in_line(
    space: Workspace, quiet: None, order: Order, error: type[Exception]
) -> None:
    with pytest.raises(error):
        ask(order, space)
    assert not folder_of(space).exists()


def test_a_job_waits_works_and_ends_by_what_its_folder_holds(space: Workspace) -> None:
    folder = put(space, 1)
    with held(folder / WORKER):
        assert only(space).state == "waiting"
        write(folder, PROGRESS, {"step": "steps.page", "number": 3, "of": 22})
        assert (only(space).state, only(space).step) == ("working", ("steps.page", 3, 22))
    (folder / "made.png").write_bytes(b"x")
    lost = Note("exchange.shapefile")
    write(folder, END, {"state": "made", "remarks": [lost]})
    made = only(space)
    assert (made.state, made.ended, made.remarks) == ("made", True, (lost,))
    assert content(made.identity, space) == b"x"
    assert made.file_name == "deimap-map-0207-en.png"


def test_a_worker_that_vanished_has_failed_and_one_that_wakes_up_has_not(space: Workspace) -> None:
    put(space, 1, old=False)
    assert only(space).state == "waiting"
    write(job_folder(only(space).identity, space), PROGRESS, {"step": "", "number": 1, "of": 1})
    assert only(space).failure == Note(VANISHED)
    shutil.rmtree(folder_of(space))
    put(space, 2)
    assert (only(space).state, only(space).failure) == ("failed", Note(VANISHED))


def test_a_damaged_folder_hides_no_other(space: Workspace) -> None:
    put(space, 1)
    (put(space, 2) / ORDER).write_text("{")
    (folder_of(space) / "mine.txt").touch()
    assert is_left("20260101-000000-000000-00000002")
    assert [one.identity[-1] for one in jobs(space)] == ["1"]
    for identity in ("../runs", "", "mine.txt"):
        with pytest.raises(FileMissing):
            job(identity, space)


DAMAGED_ENDS: tuple[object, ...] = (
    {"remarks": []},
    {"state": "lost"},
    {"state": ["made"]},
    {"state": "made", "remarks": 7},
    {"state": "made", "remarks": ["exchange.shapefile"]},
    {"state": "made", "remarks": [{"key": "no.such_text", "values": {}}]},
    {"state": "failed", "failure": {"key": "errors.unknown_area_alone", "values": {}}},
    {"state": "failed", "failure": {"key": "steps.page", "values": []}},
)


@pytest.mark.parametrize("end", DAMAGED_ENDS)
def test_an_end_that_nobody_can_read_stops_neither_the_list_nor_the_line(
    space: Workspace, quiet: None, end: object
) -> None:
    folder, second = put(space, 1), put(space, 2)
    (folder / END).write_text(json.dumps(end))
    assert [(one.state, one.failure) for one in jobs(space)[1:]] == [("failed", Note(VANISHED))]
    with held(second / WORKER):
        assert is_next(second.name, space)
    asked = ask(MAP, space)
    remove(folder.name, space)
    assert asked in identities(space)
    assert folder.name not in identities(space)


@pytest.mark.parametrize(
    "begun",
    [
        {"step": "x"},
        {"step": "x", "number": 1, "of": 2},
        {"step": "steps.page", "number": None, "of": 2},
    ],
)
def test_a_step_that_nobody_can_read_is_work_all_the_same(
    space: Workspace, begun: dict[str, object]
) -> None:
    folder = put(space, 1)
    write(folder, PROGRESS, begun)
    with held(folder / WORKER):
        assert (only(space).state, only(space).step) == ("working", None)
        assert not is_next("20260101-000000-000000-00000002", space)


def test_an_order_that_no_longer_holds_is_not_in_the_list(space: Workspace) -> None:
    order = stated(MAP)
    for number, change in enumerate(({"what": "poster"}, {"ending": "/../x"}, {"areas": []}, {})):
        folder = put(space, number)
        document = {"asked": "2026-01-01T00:00:00", "analyses": [], "order": order | change}
        write(folder, ORDER, document)
    assert only(space).seconds > 0


def test_only_the_file_that_was_made_is_handed_out(space: Workspace, tmp_path: Path) -> None:
    folder = put(space, 1)
    (tmp_path / "secret").write_bytes(b"s")
    write(folder, END, {"state": "made", "file": "../../secret"})
    assert only(space).file is None
    (folder / "made.png").symlink_to(tmp_path / "secret")
    assert only(space).file is None
    (folder / "made.png").unlink()
    (folder / "made.png").write_bytes(b"x")
    assert only(space).file == folder / "made.png"


def test_a_worker_that_takes_hold_while_its_folder_is_read_lives(
    space: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put(space, 1)

    def late(path: Path) -> bool:
        monkeypatch.undo()
        before = is_held(path)
        taken.enter_context(held(path))
        write(folder, PROGRESS, {"step": "steps.page", "number": 1, "of": 2})
        return before

    with ExitStack() as taken:
        monkeypatch.setattr(job_module, "is_held", late)
        assert only(space).state == "working"
    # and one that has ended by then has not failed

    def ends(path: Path) -> bool:
        monkeypatch.undo()
        monkeypatch.setattr(job_module, "is_held", ended_by_now)
        return False

    def ended_by_now(path: Path) -> bool:
        write(folder, END, {"state": "made"})
        return False

    monkeypatch.setattr(job_module, "is_held", ends)
    assert only(space).state == "made"


def test_one_that_was_stopped_and_did_not_listen_is_stopped(space: Workspace) -> None:
    folder = put(space, 1)
    write(folder, PROGRESS, {"step": "steps.page", "number": 1, "of": 2})
    with held(folder / WORKER):
        stop(folder.name, space)
        assert only(space).state == "working"
    assert (only(space).state, only(space).failure) == ("stopped", None)


def test_a_clock_that_was_set_back_keeps_no_dead_job_and_lets_no_two_work(
    space: Workspace, quiet: None
) -> None:
    folder = put(space, 0xF)
    asked = datetime.now(UTC) + timedelta(days=400)
    order = {"asked": asked.isoformat(), "analyses": [], "order": stated(MAP)}
    write(folder, ORDER, order)
    assert only(space).state == "failed"
    assert is_left("29990101-000000-000000-00000001")
    before = put(space, 1)
    with held(folder / WORKER), held(before / WORKER):
        assert is_next(before.name, space)
        write(folder, PROGRESS, {"step": "steps.page", "number": 1, "of": 2})
        assert not is_next(before.name, space)
    remove(folder.name, space)
    assert identities(space) == [before.name]


def test_no_failure_pushes_out_a_file(space: Workspace, quiet: None) -> None:
    folders = [put(space, number) for number in range(2 * KEPT + 4)]
    for number, folder in enumerate(folders):
        write(folder, END, {"state": "made" if number <= KEPT else "failed"})
    ask(MAP, space)
    left = [one.state for one in jobs(space)]
    assert left == ["waiting", *["failed"] * KEPT, *["made"] * KEPT]
    assert folders[0].name not in identities(space)


def test_one_after_another(space: Workspace) -> None:
    first, second = put(space, 1), put(space, 2)
    with held(first / WORKER), held(second / WORKER):
        assert is_next(first.name, space)
        assert not is_next(second.name, space)
        write(first, END, {"state": "made"})
        assert is_next(second.name, space)
    # one that vanished keeps nobody waiting
    third = put(space, 3)
    assert is_next(third.name, space)


def test_the_last_ten_are_kept_and_those_in_line_beside_them(space: Workspace, quiet: None) -> None:
    for number in range(KEPT + 3):
        ended(space, number)
    # an order of another version of the program, and one that is just being written
    write(put(space, 0xAA), ORDER, {"what": "poster"})
    now = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-ffffffff"
    job_folder(now, space).mkdir()
    working = put(space, 0xFF)
    with held(working / WORKER):
        identity = ask(MAP, space)
        assert identities(space) == [
            *(f"20260101-000000-000000-{number:08x}" for number in range(3, KEPT + 3)),
            *(working.name, now, identity),
        ]
    assert sorted(path.name for path in folder_of(space).iterdir()) == identities(space)


def test_only_what_ended_is_removed_and_only_what_has_not_is_stopped(space: Workspace) -> None:
    over, working = ended(space, 1), put(space, 2)
    with held(working / WORKER):
        remove(working.name, space)
        stop(over.name, space)
        stop(working.name, space)
    assert not (over / STOP).exists()
    assert (working / STOP).exists()
    remove(over.name, space)
    assert identities(space) == [working.name]
    with pytest.raises(FileMissing):
        job(over.name, space)


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "made").touch()
    with pytest.raises(OutputUnwritable):
        ask(MAP, Workspace(tmp_path))


Maker = Callable[[Order, Workspace, Progress], Made]


@pytest.fixture
def worked(space: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[[Maker], Job]:
    """What becomes of a job whose order is made by a function; in this process."""
    monkeypatch.setattr(worker.signal, "signal", lambda *_: None)
    monkeypatch.setattr(worker, "_POLL_S", 0.02)

    def run(make: Maker) -> Job:
        monkeypatch.setattr(worker, "make", make)
        work(put(space, 1, old=False))
        return only(space)

    return run


def test_the_worker_says_how_it_ended(space: Workspace, worked: Callable[[Maker], Job]) -> None:
    def faulty(order: Order, where: Workspace, progress: Progress) -> Made:
        progress("steps.page", 1, 2)
        raise ValueError("x" * 1000)

    def refused(order: Order, where: Workspace, progress: Progress) -> Made:
        raise UnknownArea("Kandal", ("Kandaek",))

    failed = worked(faulty)
    assert failed.failure is not None
    assert failed.failure.key == FAULT
    assert 200 < len(dict(failed.failure.values)["why"]) <= 300
    failure = worked(refused).failure
    assert failure is not None
    for language in LANGUAGES:
        assert "Kandal" in text(failure.key, language, **dict(failure.values))
    made = worked(lambda *_: Made(b"content", (Note("exchange.shapefile"),)))
    assert content(made.identity, space) == b"content"
    assert made.remarks == (Note("exchange.shapefile"),)
    folder = job_folder(made.identity, space)
    assert {path.name for path in folder.iterdir()} == {ORDER, PROGRESS, END, WORKER, "made.png"}
    assert not is_held(folder / WORKER)


def test_a_stop_reaches_the_work_between_its_steps(
    space: Workspace, worked: Callable[[Maker], Job]
) -> None:
    def endless(order: Order, where: Workspace, progress: Progress) -> Made:
        stop(only(space).identity, space)
        while True:
            time.sleep(0.01)

    assert worked(endless).state == "stopped"
    assert not any(folder_of(space).rglob("made*"))


def test_words_of_the_line_are_texts() -> None:
    assert {VANISHED, FAULT} <= set(texts())


def test_a_process_of_its_own_makes_the_order(
    prepared_workspace: Workspace, tmp_path: Path
) -> None:
    space = Workspace(Path(shutil.copytree(prepared_workspace.root, tmp_path / "own")))
    first, second = ask(MAP, space), ask(Order("map", ("9999",), ".png", "km"), space)
    stopped, killed = ask(MAP, space), ask(MAP, space)
    stop(stopped, space)
    line._STARTED[killed].kill()
    for _ in range(1200):
        if all(one.ended for one in jobs(space)):
            break
        time.sleep(0.1)
    for process in line._STARTED.values():
        process.wait(timeout=60)
    log = (job_folder(first, space) / LOG).read_text()
    states = {one.identity: one.state for one in jobs(space)}
    assert states == {first: "made", second: "failed", stopped: "stopped", killed: "failed"}, log
    assert job(killed, space).failure == Note(VANISHED)
    assert identities(space) == sorted(path.name for path in folder_of(space).iterdir())
    assert content(first, space).startswith(b"\x89PNG")
    failure = job(second, space).failure
    assert failure is not None
    assert failure.key == "errors.unknown_area_alone"
