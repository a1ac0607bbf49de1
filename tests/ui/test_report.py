"""The page Report in both languages: what is chosen, what is ordered, the preview, the last ten."""

from __future__ import annotations

import asyncio
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.types import Message
from streamlit.testing.v1 import AppTest

from gis.analysis import Note, Result
from gis.naming import name_of
from layers.kept import kept_results
from layers.run import run
from layers.runs import load_run, save_run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text, texts
from registry.database import Database
from registry.exports import exports
from registry.officers import grant
from reports import preview as first_pages
from reports.figure.compose import Atlas, compose
from reports.headings import heading
from reports.jobs import line
from reports.jobs.job import END, ORDER, PROGRESS, WORKER, job_folder, stated, write
from reports.jobs.line import jobs
from reports.jobs.lock import held
from reports.order import MAP, Order, endings, whats
from ui import report_precise, report_preview
from ui.report_bar import MINE, is_told
from ui.report_form import file_title, variables
from ui.report_precise import SETTING, at_this_machine, signed_in
from ui.routes import MADE, ROUTES
from ui.text import own_name

from .conftest import Open, all_text

PAGE = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture(scope="module")
def with_results(
    prepared_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Workspace:
    """A workspace with two results of a district; not to be written."""
    folder = tmp_path_factory.mktemp("with-results") / "workspace"
    made = Workspace(Path(shutil.copytree(prepared_workspace.root, folder)))
    for analysis in ("suitability", "coverage"):
        save_run(run(analysis, "0207", resolution=500, workspace=made), made)
    return made


@pytest.fixture
def own(with_results: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A copy of it that a test may write; workers are not started."""
    monkeypatch.setattr(line, "_worker", lambda *_: None)
    monkeypatch.setattr(line, "_STARTED", {})
    return Workspace(Path(shutil.copytree(with_results.root, tmp_path / "own")))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Orders whose preview was asked for; it is there at once."""
    asked: list[Order] = []

    def begun(wanted: Order) -> report_preview.Drawing:
        asked.append(wanted)
        made = report_preview.Drawing(pages=(_png(),))
        made.over.set()
        return made

    monkeypatch.setattr(report_preview, "_begun", begun)
    return asked


def _png() -> bytes:
    from io import BytesIO

    from matplotlib.figure import Figure

    made = BytesIO()
    Figure(figsize=(0.1, 0.1)).savefig(made, format="png")
    return made.getvalue()


@pytest.fixture
def open_report(
    own: Workspace, open_page: Open, drawn: list[Order], monkeypatch: pytest.MonkeyPatch
) -> Open:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(own.root))

    def opened(**query: str) -> AppTest:
        test = open_page("report", **({"area": "0207"} | query))
        assert not test.exception
        return test

    return opened


def setting(test: AppTest, **values: Any) -> AppTest:
    """The page after somebody chose other settings."""
    for name, value in values.items():
        test.session_state[f"report-{name}"] = value
    test.run()
    assert not test.exception
    return test


def first_of(space: Workspace) -> Result:
    """The kept result that comes first on the page."""
    (first,) = [one for one in kept_results(space) if one.analysis == "suitability"]
    return load_run(first.identity, space)


def press(test: AppTest, key: str) -> AppTest:
    (button,) = [item for item in test.button if item.key == key]
    button.click().run()
    assert not test.exception
    return test


def a_job(space: Workspace, end: dict[str, object] | None, number: int = 1) -> str:
    folder = job_folder(f"20260101-000000-000000-{number:08x}", space)
    asked = datetime.now(UTC) - timedelta(hours=1)
    order = Order("brief", ("0207",), ".pdf", "km")
    document = {"asked": asked.isoformat(), "analyses": [], "order": stated(order)}
    write(folder, ORDER, document)
    if end is not None:
        write(folder, END, end)
        (folder / "made.pdf").write_bytes(b"%PDF")
    return folder.name


def answer(path: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and content that the server gives at an address of our own."""
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()  # nobody goes away before the answer is there
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
    asyncio.run(Starlette(routes=ROUTES)(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(part["body"] for part in sent[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_opens_on_a_brief_of_the_area_from_all_results_in_its_language(
    open_report: Open, drawn: list[Order], language: Language
) -> None:
    test = open_report(lang=language)
    assert not test.error
    (order,) = set(drawn)
    assert (order.what, order.areas, order.language) == ("brief", ("0207",), language)
    assert (order.ending, len(order.results)) == (".pdf", 2)
    said = all_text(test)
    assert text("report_page.anonymous", language) in said
    assert text("report_page.none_yet", language) in said
    assert text("report_page.make", language) in said
    assert len(test.get("image")) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_result_it_says_so_and_offers_the_data_map(
    open_report: Open, drawn: list[Order], language: Language
) -> None:
    test = open_report(lang=language, area="0208")
    assert text("report_page.no_result", language) in all_text(test)
    assert [(order.what, order.results) for order in drawn] == [(MAP, ())]
    setting(test, tab="report")
    assert text("report_page.needs_result", language) in all_text(test)
    (make,) = [item for item in test.button if item.key == "report-make"]
    assert make.disabled


@pytest.mark.parametrize("what", whats())
def test_everything_can_be_ordered(open_report: Open, own: Workspace, what: str) -> None:
    test = press(open_report(tab=what), "report-make")
    (job,) = jobs(own)
    assert (job.order.what, job.state) == (what, "waiting")
    assert job.order.areas == ("0207",)
    assert text("report_page.waiting", "en") in all_text(test)
    assert test.query_params["tab"] == what


def test_words_for_everything_that_can_be_ordered_and_every_format(open_page: Open) -> None:
    for what in whats():
        assert {f"report_page.what_{what}", f"report_page.short_{what}"} <= set(texts())
        assert all(file_title(what, ending) for ending in endings(what))


def test_what_is_set_is_what_is_ordered(open_report: Open, own: Workspace) -> None:
    test = open_report(tab="map")
    setting(test, language="both", paper="A3", turned="landscape", dpi=300, also=("providers",))
    setting(test, **{"ending-map": ".svg"})
    press(test, "report-make")
    (job,) = jobs(own)
    order = job.order
    assert (order.language, order.scripts, order.paper) == ("km", ("km", "en"), "A3")
    assert (order.orientation, order.dpi, order.ending) == ("landscape", 300, ".svg")
    assert order.layers == ("providers",)
    assert job.analyses == ("suitability",)


def test_a_map_without_a_result_shows_a_layer(open_report: Open, drawn: list[Order]) -> None:
    test = setting(open_report(tab="map"), result="none", layer="slope_figures")
    assert (drawn[-1].results, drawn[-1].layers) == ((), ("slope_figures",))
    # what needs a result takes the first again only when one is chosen
    setting(test, tab="brief")
    assert text("report_page.needs_result", "en") in all_text(test)


@pytest.mark.parametrize("analysis", ["suitability", "coverage"])
def test_every_colour_that_is_offered_has_words_and_can_be_drawn(
    with_results: Workspace, analysis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_results.root))
    (kept,) = [one for one in kept_results(with_results) if one.analysis == analysis]
    offered, known = variables([kept]), Atlas.of(with_results)
    assert len(offered) >= 4
    result = load_run(kept.identity, with_results)
    for name, words in offered.items():
        assert words[0].isupper()
        assert compose(known, ["020704"], "en", result=result, variable=name).surface is not None


def test_results_of_wider_areas_are_offered_and_those_of_others_are_not(
    open_report: Open, drawn: list[Order]
) -> None:
    test = open_report(area="020704")
    assert len(drawn[-1].results) == 2
    assert text("report_page.wider", "en") in all_text(test)
    assert text("report_page.no_result", "en") in all_text(open_report(area="02"))


def test_hostile_words_of_a_url_are_passed_over(open_report: Open, drawn: list[Order]) -> None:
    test = open_report(tab="<img src=x>", result="../../etc,none;drop")
    assert drawn[-1].what == "brief"
    assert len(drawn[-1].results) == 2
    assert "<img src=x>" not in all_text(test)


def test_data_shows_its_first_rows_as_they_may_leave(
    open_report: Open, with_results: Workspace, drawn: list[Order]
) -> None:
    test = open_report(tab="data")
    assert drawn == []
    (frame,) = test.dataframe
    communes = first_of(with_results).outcome.tables["communes"]
    assert list(frame.value.iloc[:, 0]) == list(communes.index)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_last_results_say_how_they_ended(
    open_report: Open, own: Workspace, language: Language
) -> None:
    made = {"state": "made", "remarks": [Note("exchange.shapefile")]}
    failure = Note("errors.unknown_area_alone", (("name", "<b>9999"), ("nearest", ())))
    a_job(own, made, 1)
    a_job(own, {"state": "failed", "failure": failure}, 2)
    a_job(own, None, 3)
    said = all_text(open_report(lang=language))
    assert text("exchange.shapefile", language)[:30] in said
    assert "&lt;b&gt;9999" in said
    assert text("report_page.vanished", language) in said
    assert said.count(f"<b>{text('report_page.short_brief', language)}</b>") == 3
    assert own_name("km") in said


def test_work_says_what_it_does_and_how_far_it_is_where_it_can(
    open_report: Open, own: Workspace
) -> None:
    def said(number: int, of: int) -> tuple[str, list[float]]:
        write(folder, PROGRESS, {"step": "steps.writing", "number": number, "of": of})
        test = open_report()
        return all_text(test), [bar.proto.value for bar in test.get("progress")]

    folder = job_folder(a_job(own, None), own)
    with held(folder / WORKER):
        words, bars = said(1, 1)
        step = text("steps.writing", "en")
        assert text("report_page.busy", "en", step=step) in words
        assert text("report_page.working", "en", step=step, n=1, m=1) not in words
        assert bars == []
        assert said(3, 4)[1] == [50]


def test_a_file_is_taken_along_from_an_address_of_its_own_and_never_shown_as_a_page(
    open_report: Open, own: Workspace
) -> None:
    identity = a_job(own, {"state": "made"})
    for _ in range(2):  # however often the list is drawn again
        assert f'href="{MADE}/{identity}" download="deimap-brief-0207-km.pdf"' in all_text(
            open_report()
        )
    status, headers, content = answer(f"{MADE}/{identity}")
    assert (status, content) == (200, b"%PDF")
    assert headers["content-disposition"] == 'attachment; filename="deimap-brief-0207-km.pdf"'
    assert headers["content-type"] == "application/octet-stream"
    assert headers["x-content-type-options"] == "nosniff"
    unmade = a_job(own, None, 2)
    for name in (unmade, "20260101-000000-000000-0000000f", "order.json", "..", ""):
        assert answer(f"{MADE}/{name}")[0] == 404


def test_a_result_is_removed(open_report: Open, own: Workspace) -> None:
    identity = a_job(own, {"state": "made"})
    press(open_report(), f"remove-{identity}")
    assert jobs(own) == []


def test_the_bar_of_other_pages_tells_of_what_was_asked_for(
    open_report: Open, own: Workspace
) -> None:
    test = press(open_report(), "report-make")
    (job,) = jobs(own)
    assert not is_told(job, "sites")
    write(job_folder(job.identity, own), END, {"state": "made"})
    test.switch_page("ui/pages/explore.py").run()
    ready = text("report_page.bar_made", "en", what=text("report_page.short_brief", "en"))
    assert ready in [item.proto.label for item in test.get("page_link")]
    test.switch_page("ui/pages/report.py").run()
    test.switch_page("ui/pages/explore.py").run()
    assert ready not in [item.proto.label for item in test.get("page_link")]


HERE = {"Host": "127.0.0.1:8501", "Origin": "http://127.0.0.1:8501"}


def test_a_page_that_is_loaded_anew_tells_of_what_was_in_line(
    open_report: Open, own: Workspace
) -> None:
    a_job(own, {"state": "made"}, 1)
    identity = a_job(own, None, 2)
    folder = job_folder(identity, own)
    with held(folder / WORKER):
        test = open_report()
    assert test.session_state[MINE] == {identity}
    write(folder, END, {"state": "made"})
    test.switch_page("ui/pages/explore.py").run()
    ready = text("report_page.bar_made", "en", what=text("report_page.short_brief", "en"))
    assert ready in [item.proto.label for item in test.get("page_link")]


@pytest.mark.parametrize(
    ("address", "headers", "here"),
    [
        ("127.0.0.1", HERE, True),
        ("localhost", {"Host": "localhost:8501", "Origin": "http://localhost:8501"}, True),
        ("::1", {"Host": "[::1]:8501", "Origin": "http://[::1]:8501"}, True),
        ("", HERE, False),
        ("0.0.0.0", HERE, False),  # noqa: S104
        ("127.0.0.1", HERE | {"Host": "atlas.example.org"}, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", HERE | {"X-Forwarded-For": "10.0.0.7"}, False),
        # a proxy that calls itself the machine and says nothing of whom it asks for
        ("127.0.0.1", {"Host": "127.0.0.1:8501"}, False),
        ("127.0.0.1", HERE | {"Origin": "https://atlas.example.org"}, False),
        ("127.0.0.1", HERE | {"Origin": "null"}, False),
    ],
)
def test_the_login_of_the_machine_counts_only_for_who_sits_at_it(
    address: str, headers: dict[str, str], here: bool
) -> None:
    assert at_this_machine(address, headers, {SETTING: "yes"}) == here
    for environment in ({}, {SETTING: ""}, {SETTING: "no"}):
        assert not at_this_machine(address, headers, environment)


@pytest.mark.parametrize(
    ("user", "account"),
    [
        ({"email": "A.Officer@example.org", "email_verified": True}, "web:a.officer@example.org"),
        ({"email": "a@example.org", "email_verified": True, "exp": 4e9}, "web:a@example.org"),
        ({"email": "a@example.org", "email_verified": True, "exp": 1.0}, None),
        ({"email": "a@example.org", "email_verified": False}, None),
        ({"email": "a@example.org", "email_verified": "true"}, None),
        ({"email": "a@example.org"}, None),
        ({"email": ""}, None),
        ({"sub": "root"}, None),
    ],
)
def test_a_sign_in_that_ended_or_that_nobody_verified_is_nobody(
    user: dict[str, object], account: str | None
) -> None:
    assert signed_in(user) == account


def test_a_subject_is_one_of_its_issuer_and_no_login_of_a_machine() -> None:
    users = [{"iss": iss, "sub": sub} for iss in ("https://a", "https://b") for sub in ("1", "2")]
    users.append({"iss": "https://a", "sub": "root", "email": "root", "email_verified": False})
    accounts = [signed_in(user) for user in users]
    assert len(set(accounts)) == len(users)
    assert all(re.fullmatch(r"web:[0-9a-f]{16}", str(account)) for account in accounts)
    assert all(name_of(str(account)) == account for account in accounts)


def test_a_precise_export_is_made_for_its_purpose_by_who_may_and_is_kept_nowhere(
    open_report: Open, own: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert text("report_page.no_account", "en") in all_text(open_report(tab="data"))
    monkeypatch.setattr(report_precise, "account_of_visitor", lambda: "tester")
    test = open_report(tab="data")
    (make,) = [item for item in test.button if "precise-form" in str(item.proto.form_id)]
    test.text_input[0].set_value("Visit of outlines with the committee")
    make.click().run()
    (refused,) = test.error
    assert "tester" in refused.value
    with Database.open(own.database_url) as database:
        grant(database, "tester", "administrator", (), "tester")
    (make,) = [item for item in test.button if "precise-form" in str(item.proto.form_id)]
    make.click().run()
    assert not test.error
    assert text("precise.not_passed_on", "en") in all_text(test)
    assert test.session_state["report-precise-made"][2][:2] == b"PK"
    assert jobs(own) == []
    with Database.open(own.database_url) as database:
        (entry,) = exports(database, "tester").to_dict("records")
    assert entry["account"] == "tester"


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_first_rows_are_in_the_language_that_is_ordered(
    open_report: Open, own: Workspace, spoken: Language
) -> None:
    test = setting(open_report(tab="data", lang="en" if spoken == "km" else "km"), language=spoken)
    (table,) = test.dataframe
    assert heading("name_en", spoken).words in table.value.columns


def test_a_preview_that_cannot_be_made_says_why(
    open_report: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begun(wanted: Order) -> report_preview.Drawing:
        made = report_preview.Drawing(fault=ValueError("<b>"))
        made.over.set()
        return made

    monkeypatch.setattr(report_preview, "_begun", begun)
    (error,) = open_report().error
    assert "ValueError" in error.value


def test_a_drawing_that_nobody_waits_for_is_left_and_begun_again_when_asked_for(
    with_results: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_results.root))
    drawn: list[Order] = []

    def noticed(order: Order, known: object) -> tuple[bytes, ...]:
        drawn.append(order)
        return (PAGE,)

    monkeypatch.setattr(report_preview, "preview", noticed)
    order = Order("map", ("0207",), ".pdf", "en", dpi=250)
    with report_preview._TURN:
        made = report_preview.drawing_of(order)
        made.looked -= 2 * report_preview.PATIENCE_S
    for _ in range(500):
        if made.dropped:
            break
        time.sleep(0.01)
    assert made.dropped
    assert drawn == []
    again = report_preview.drawing_of(order)
    assert again.over.wait(30)
    assert (again.pages, drawn) == ((PAGE,), [order])


def test_a_preview_is_drawn_beside_the_page(
    with_results: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_preview, "preview", first_pages.preview)
    monkeypatch.setenv("DEIMAP_WORKSPACE", str(with_results.root))
    results = tuple(path for path in with_results.runs.iterdir() if path.is_dir())
    for order, pages in (
        (Order("map", ("020704",), ".pdf", "km", results=results[:1]), 1),
        (Order("atlas", ("0207",), ".pdf", "en"), 1),
        (Order("brief", ("0207",), ".pdf", "km", results=results), 2),
    ):
        made = report_preview._begun(order)
        assert made.over.wait(60)
        assert made.fault is None
        assert len(made.pages) == pages
        assert all(page.startswith(b"\x89PNG") for page in made.pages)
