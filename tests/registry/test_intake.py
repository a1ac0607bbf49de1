"""Files of each kind: what is taken, what is refused, and that it is all or nothing."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis.errors import ImportRefused, UnknownParameter
from registry import records
from registry.database import Database
from registry.intake import KINDS, Meta, Report, intake
from registry.intake.column import Gazetteer

Take = Callable[..., Report]
Told = Callable[..., list[tuple[int | None, str | None, str]]]

OUTLINE = "POLYGON ((102.85 12.85, 102.851 12.85, 102.851 12.851, 102.85 12.85))"
PLOTS = f'''reference,commune,track,crop,wkt
P1,020704,upland,maize,"{OUTLINE}"
P2,020704,rice,rice,"{OUTLINE.replace("2.85", "2.86").replace("12.851", "12.861")}"
'''
SEASONS = """reference,season,year,status,principles,observed_by,observed_on
P1,main-wet,2025,practised,no-till;soil-cover,pdaff,2025-08-02
P1,dry,2025,not-visited,,,
P2,main-wet,2025,stopped,,cooperative,2025-09-01
"""
PROVIDERS = """reference,commune,organisation,lon,lat
S1,020704,enterprise,102.85,12.85
S2,2025:020408,cooperative,103.05,12.85
"""
MACHINES = """reference,provider,machine,count,crops,field_capacity_ha_day,field_capacity_basis
M1,S1,no-till planter,1,maize,4,working value
M2,S1,tractor,2,rice;maize,,
"""
_ASKED = "requested_crop,requested_season,requested_year,requested_ha,requested_machine"
EVENTS = f"""reference,event,date,commune,women,men,lon,lat,{_ASKED}
E1,field-showcase,2026-01-05,020704,12,9,102.85,12.85,maize,early-wet,2026,40,no-till-planter
E1,field-showcase,2026-01-05,020704,12,9,102.85,12.85,maize,early-wet,2026,15.5,
E2,annual-meeting,2026-02-01,020704,0,3,102.86,12.86,,,,,
"""
VILLAGES = """code,commune,name_en,name_km,lon,lat
02070401,020704,Traeng,ត្រែង,102.85,12.85
02070402,,Kilou,,102.86,12.86
"""
NAMES = """code,spelling
020704,Treng;Tréng
0207,Ratanak Mondol
"""
FILES = {
    "plots": (PLOTS, 2, 2),
    "seasons": (SEASONS, 3, 3),
    "providers": (PROVIDERS, 2, 2),
    "machines": (MACHINES, 2, 2),
    "events": (EVENTS, 2, 3),
    "villages": (VILLAGES, 2, 2),
    "names": (NAMES, 3, 2),
}
BEFORE = {"seasons": ("plots",), "machines": ("providers",)}


def prepared(take: Take, kind: str, into: Database) -> None:
    for needed in BEFORE.get(kind, ()):
        take(needed, FILES[needed][0], into)


def test_every_kind_is_tried() -> None:
    assert [kind.name for kind in KINDS] == list(FILES)


@pytest.mark.parametrize("kind", FILES)
def test_the_same_file_twice_changes_nothing(take: Take, database: Database, kind: str) -> None:
    words, made, rows = FILES[kind]
    prepared(take, kind, database)
    trail = len(records.imports(database))
    assert take(kind, words, database) == Report(kind, made, 0, 0, rows)
    assert len(records.imports(database)) == trail + 1
    assert take(kind, words, database) == Report(kind, 0, 0, made, rows)
    assert len(records.imports(database)) == trail + 1


@pytest.mark.parametrize("kind", FILES)
def test_a_dry_run_says_the_same_and_stores_nothing(
    take: Take, database: Database, kind: str
) -> None:
    words, made, rows = FILES[kind]
    prepared(take, kind, database)
    trail = len(records.imports(database))
    assert take(kind, words, database, dry_run=True) == Report(kind, made, 0, 0, rows, dry_run=True)
    assert len(records.imports(database)) == trail
    assert take(kind, words, database).added == made


@pytest.mark.parametrize("kind", FILES)
def test_all_or_nothing(take: Take, database: Database, kind: str, told: Told) -> None:
    """The last row is off: nothing of the rows before it is kept."""
    words, _, rows = FILES[kind]
    prepared(take, kind, database)
    trail = len(records.imports(database))
    headings = words.split("\n", 1)[0].split(",")
    with pytest.raises(ImportRefused) as caught:
        take(kind, words + "X" + "," * (len(headings) - 1) + "\n", database)
    assert {row for row, _, _ in told(caught)} == {rows + 2}
    assert len(records.imports(database)) == trail
    assert take(kind, words, database, dry_run=True).unchanged == 0


@pytest.mark.parametrize(
    ("kind", "old", "new", "row", "column", "key"),
    [
        ("plots", "track", "tracks", None, "track", "column_missing"),
        ("plots", "crop,", "crop,phone,", None, "phone", "column_personal"),
        ("plots", "crop,", "crop,Farmer  Name,", None, "farmer_name", "column_personal"),
        ("plots", "crop,", "crop,ឈ្មោះ,", None, "ឈ្មោះ", "column_personal"),
        ("plots", "crop,", "crop,covercrop,", None, "covercrop", "column_unknown_near"),
        ("plots", "crop,", "crop,weather,", None, "weather", "column_unknown"),
        ("plots", "crop,", "crop,,", None, None, "column_unnamed"),
        ("plots", "upland", "highland", 2, "track", "unknown_word"),
        ("plots", "P2", "P1", 3, "reference", "repeated"),
        ("plots", "P1", "", 2, "reference", "value_missing"),
        ("plots", "P1,020704", "P1,20704", 2, "commune", "code_lost_zero"),
        ("seasons", "P1,main-wet", "P9,main-wet", 2, "reference", "unknown_plots"),
        ("seasons", "stopped", "not-visited", 4, "observed_by", "seen_without_visit"),
        ("seasons", "2025-08-02", "2025-06-30", 2, "observed_on", "date_before_season"),
        ("seasons", "P1,dry", "P1,main-wet", 3, "reference", "repeated"),
        ("seasons", "main-wet,2025,stopped", "wet,2025,stopped", 4, "season", "unknown_word"),
        ("seasons", "practised", "adopted", 2, "status", "unknown_word"),
        ("providers", "S2,", "S1,", 3, "reference", "repeated"),
        ("providers", "102.85,12.85", "100.5,13.75", 2, None, "place_abroad"),
        ("providers", "102.85,12.85", "102.45,13.6", 2, "commune", "outside_commune"),
        ("machines", "M2,S1", "M2,S9", 3, "provider", "unknown_providers"),
        ("machines", "M2,", "M1,", 3, "reference", "repeated"),
        ("machines", "4,working value", "4,", 2, "field_capacity_basis", "capacity_without_basis"),
        ("machines", "tractor,2", "tractor,0", 3, "count", "too_low"),
        ("machines", "4,working value", "0,working value", 2, "field_capacity_ha_day", "too_low"),
        ("machines", "4,working value", "-4,measured", 2, "field_capacity_ha_day", "too_low"),
        ("machines", "4,working value", "400,measured", 2, "field_capacity_ha_day", "too_high"),
        ("events", "40,no-till-planter\nE1,field-showcase,2026-01-05",
         "40,no-till-planter\nE1,field-showcase,2026-01-06",
         3, "date", "event_differs"),
        ("events", "12,9,102.85,12.85,maize,early-wet,2026,15.5",
         "12,9,102.86,12.85,maize,early-wet,2026,15.5", 3, "geometry", "event_differs"),
        ("events", "15.5,", "15.5,no-till-planter", 3, "reference", "repeated"),
        ("events", "2026,15.5", "2026,-15.5", 3, "requested_ha", "too_low"),
        ("events", "early-wet,2026,40", "early-wet,,40", 2, "requested_year", "request_incomplete"),
        ("villages", "02070402", "020704", 3, "code", "not_a_village_code"),
        ("villages", "02070402", "2070402", 3, "code", "code_lost_zero"),
        ("names", "0207,", "Rattanak,", 3, "code", "not_a_code"),
        ("names", "Ratanak Mondol", "", 3, "spelling", "value_missing"),
    ],
)  # fmt: skip
def test_fault(
    take: Take,
    memory: Database,
    kind: str,
    old: str,
    new: str,
    row: int | None,
    column: str | None,
    key: str,
    told: Told,
) -> None:
    words = FILES[kind][0]
    assert old in words
    prepared(take, kind, memory)
    with pytest.raises(ImportRefused) as caught:
        take(kind, words.replace(old, new, 1))
    assert (row, column, key) in told(caught)


def test_every_fault_is_told_in_order(take: Take, told: Told) -> None:
    words = PROVIDERS.replace("enterprise,102.85", "club,0").replace("S2", "S1")
    with pytest.raises(ImportRefused) as caught:
        take("providers", words)
    assert told(caught) == [
        (2, None, "place_abroad"),
        (2, "organisation", "unknown_word"),
        (3, "reference", "repeated"),
    ]


@pytest.mark.parametrize("kind", FILES)
def test_an_empty_file(take: Take, memory: Database, kind: str, told: Told) -> None:
    with pytest.raises(ImportRefused) as caught:
        take(kind, FILES[kind][0].split("\n", 1)[0] + "\n")
    assert told(caught) == [(None, None, "no_rows")]


def test_unknown_kind(take: Take) -> None:
    with pytest.raises(UnknownParameter):
        take("farmers", "reference\nA\n")


def test_a_changed_record_keeps_what_it_said(take: Take, database: Database) -> None:
    take("providers", PROVIDERS, database)
    report = take("providers", PROVIDERS.replace("enterprise", "individual"), database)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    found = records.providers(database).set_index("reference")["organisation"]
    assert found.to_dict() == {"S1": "individual", "S2": "cooperative"}
    trail = records.changes(database)
    assert trail[["record_table", "record_key"]].to_numpy().tolist() == [["providers", "S1"]]
    before = trail["before"].item()
    assert (before["organisation"], before["geometry"]) == ("enterprise", "POINT (102.85 12.85)")


def test_requests_follow_their_event(take: Take, database: Database) -> None:
    take("events", EVENTS, database)
    fewer = "\n".join(EVENTS.split("\n")[:2] + EVENTS.split("\n")[3:])
    report = take("events", fewer, database)
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    assert records.requests(database)["hectares"].tolist() == [40.0]
    assert records.events(database)["requested_ha"].fillna(-1).tolist() == [40.0, -1]


def test_an_example_never_replaces_a_real_record(
    take: Take, database: Database, told: Told
) -> None:
    take("providers", PROVIDERS, database, example=True)
    assert records.providers(database)["example"].all()
    take("providers", PROVIDERS.replace("S2", "S3"), database)
    found = records.providers(database).set_index("reference")["example"]
    assert found.to_dict() == {"S1": False, "S2": True, "S3": False}
    with pytest.raises(ImportRefused) as caught:
        take("providers", PROVIDERS, database, example=True)
    assert told(caught) == [(2, "reference", "example_over_real")]


def test_the_file_may_mark_examples(take: Take, memory: Database) -> None:
    words = "reference,commune,organisation,lon,lat,example\n"
    rows = "A,020704,enterprise,102.85,12.85,true\nB,020704,enterprise,102.85,12.85,\n"
    take("providers", words + rows)
    assert records.providers(memory)["example"].tolist() == [True, False]


def test_a_date_to_come_is_only_said(take: Take, memory: Database) -> None:
    take("plots", PLOTS)
    report = take("seasons", SEASONS.replace("2025-08-02", "2099-08-02"))
    assert [(note.row, note.key) for note in report.warnings] == [(2, "date_to_come")]
    assert report.added == 3


def test_villages_elsewhere_are_only_said(take: Take, memory: Database) -> None:
    words = VILLAGES.replace("02070401,020704", "02070401,020407").replace(",,", ",020704,", 1)
    words += "02070403,020704,Same,,102.86,12.86\n"
    found = [(note.row, note.key) for note in take("villages", words).warnings]
    assert found == [(2, "village_of_other_commune"), (4, "same_place"), (2, "in_commune")]
    assert records.villages(memory)["commune"].tolist() == ["020407", "020704", "020704"]


def test_a_village_without_commune_is_of_its_code(take: Take, memory: Database) -> None:
    take("villages", VILLAGES)
    assert records.villages(memory).loc["02070402", "commune"] == "020704"


def test_headings_may_be_told(take: Take, memory: Database) -> None:
    words = "Code,EN,Other,weather\n020704,Treng,Traeng,dry\n020704,,Tréng,\n"
    stated = {"Code": "code", "EN": "spelling", "Other": "spelling"}
    take("names", words, meta=Meta(columns=stated))
    assert records.names(memory)["spelling"].tolist() == ["Traeng", "Treng", "Tréng"]


def test_a_stated_heading_that_is_not_there(take: Take, told: Told) -> None:
    stated = {"kode": "code", "spelling": "spelling"}
    with pytest.raises(ImportRefused) as caught:
        take("names", NAMES, meta=Meta(columns=stated))
    assert told(caught)[0] == (None, "kode", "column_missing")


def test_a_person_is_no_reference(take: Take, told: Told) -> None:
    words = "Farmer name,commune,organisation,lon,lat\nA,020704,enterprise,102.85,12.85\n"
    headings = words.split("\n", 1)[0].split(",")
    stated = Meta(columns=dict.fromkeys(headings[:1], "reference") | {n: n for n in headings[1:]})
    with pytest.raises(ImportRefused) as caught:
        take("providers", words, meta=stated)
    assert told(caught) == [(None, "farmer_name", "column_personal")]


def test_where_records_come_from_is_kept(take: Take, memory: Database) -> None:
    take("names", NAMES, meta=Meta("PDAFF Battambang", "letter 12 of 2026"))
    entry = records.imports(memory).iloc[0]
    told = entry[["kind", "file", "owner", "agreement", "rows", "added", "changed"]].tolist()
    assert told == ["names", "names.csv", "PDAFF Battambang", "letter 12 of 2026", 2, 3, 0]
    assert len(entry["sha256"]) == 64


@pytest.mark.parametrize("name", ["communes.csv", "districts.csv"])
def test_published_crosswalk(
    shared_data: Path, database: Database, places: Gazetteer, name: str
) -> None:
    path = shared_data / "crosswalk" / name
    report = intake(path, "names", database, places)
    assert report.added == len(records.names(database)) > 400
    assert {note.key for note in report.warnings} == {"names_elsewhere", "rows_passed_over"}
    found = records.names(database)
    spellings = set(found["spelling"][found["code"].isin(["0207", "020704"])])
    assert spellings >= ({"Ratanak Mondol"} if name == "districts.csv" else {"Traeng"})
    assert intake(path, "names", database, places).unchanged == report.added


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(
    st.sets(
        st.text(st.characters(exclude_categories=("C", "Nd")), min_size=1, max_size=40)
        .map(lambda words: unicodedata.normalize("NFC", words).strip())
        .filter(bool),
        min_size=1,
        max_size=5,
    )
)
def test_references_stay_as_they_are(
    tmp_path: Path, places: Gazetteer, references: set[str]
) -> None:
    """Whatever is written as a reference is kept as plain text."""
    path = tmp_path / "f.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["reference", "commune", "organisation", "lon", "lat"])
        rows.writerows([word, "020704", "enterprise", 102.85, 12.85] for word in references)
    with Database.open("sqlite://") as database:
        intake(path, "providers", database, places)
        assert set(records.providers(database)["reference"]) == references
