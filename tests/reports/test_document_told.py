"""What a report tells, worked out by hand: sums of communes, what is withheld, what was set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gis.analysis import Result
from gis.coverage.machinery import Machinery
from gis.coverage.parameters import COVERAGE_BASES, CoverageParameters
from gis.parameters import Basis
from layers.basis import parameter_title, way_title
from layers.catalogue import catalogue
from layers.machinery import machinery
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from reports.about import areas_and_time
from reports.anonymous import public
from reports.asked import year_of
from reports.cited import SAID, cited
from reports.document import charts, shown
from reports.document.content import Points, Table, Words
from reports.document.key_figures import key_figures
from reports.document.machinery import machinery_table
from reports.document.shown import cell, places_table
from reports.document.sites import DETAILED, none_here, sites_table
from reports.document.told import Told, told_of
from reports.document.values import BASES
from reports.headings import HECTARES, analysis_title, heading, in_words
from reports.silent import silent_cells

CODES = ("020701", "020702", "020704", "020801")
WHOLE = {"demand_ha": 600.0, "served_ha": 450.0, "unmet_ha": 150.0, "reachable_ha": 480.0}


def result(analysis: str, table: Mapping[str, list[Any]], **more: Any) -> Result:
    """A result of two districts whose communes have the columns given."""
    names = {"name_en": ["Sdau", "Andaeuk Haeb", "Traeng", "Anlung Vil"], "name_km": [""] * 4}
    district = [code[:4] for code in CODES]
    index = pd.Index(CODES, name="code")
    communes = pd.DataFrame({**names, "district": district, **table}, index=index)
    made = more.pop("made")
    outcome = replace(
        made.outcome, tables={"communes": communes, **more.pop("tables", {})}, features={},
        summary=more.pop("summary", {}), rasters={}, warnings=(),
    )  # fmt: skip
    provenance = replace(
        made.provenance, analysis=analysis, areas=("0207", "0208"),
        parameters=more.pop("parameters", {}),
    )  # fmt: skip
    return replace(made, outcome=outcome, provenance=provenance)


def told(result: Result, silent: Mapping[str, pd.DataFrame] | None = None, *unsaid: str) -> Told:
    return Told(result, silent or {}, frozenset(unsaid))


@pytest.fixture
def degraded(mapped: Result) -> Result:
    table = {
        "land_ha": [100.0, 300.0, 500.0, 100.0],
        "degraded_ha": [10.0, 90.0, 0.0, 50.0],
        "stable_ha": [80.0, 150.0, 400.0, 50.0],
        "improved_ha": [10.0, 60.0, 100.0, 0.0],
        "people_degraded": [5.0, 20.0, 0.0, 7.0],
    }
    return result("land-degradation", table, made=mapped)


def test_communes_of_an_area_add_up_and_shares_are_those_of_the_sums(degraded: Result) -> None:
    """Of 900 ha in three communes 100 are degraded, 630 stable, 170 improved."""
    found = key_figures(told(degraded), ("0207",), CODES[:3], "en")
    assert [value for _, value in found] == ["11\u00a0%", "70\u00a0%", "19\u00a0%", "25"]


def test_a_row_of_the_area_comes_before_a_sum(degraded: Result) -> None:
    row = pd.DataFrame(
        {"degraded_share": [0.5], "stable_share": [0.25], "improved_share": [np.nan]},
        index=pd.Index(["0207"], name="code"),
    )
    tables = {**degraded.outcome.tables, "districts": row}
    made = replace(degraded, outcome=replace(degraded.outcome, tables=tables))
    found = key_figures(told(made), ("0207",), CODES[:3], "en")
    assert [value for _, value in found] == ["50\u00a0%", "25\u00a0%", "unknown"]


def coverage(made: Result, summary: Mapping[str, Any]) -> Result:
    table = {
        "demand_ha": [200.0, 100.0, 200.0, 100.0],
        "served_ha": [200.0, 50.0, 100.0, 100.0],
        "unmet_ha": [0.0, 50.0, 100.0, 0.0],
        "reachable_ha": [200.0, 80.0, 100.0, 100.0],
        "median_minutes": [30.0, 40.0, 50.0, 60.0],
    }
    return result("coverage", table, made=made, summary=summary)


def test_of_all_areas_of_a_run_its_own_summary_is_told(mapped: Result) -> None:
    """Median travel time is no sum: only the run itself knows it."""
    whole = coverage(mapped, {**WHOLE, "median_minutes": 44.0})
    found = key_figures(told(whole), ("0207", "0208"), CODES, "en")
    assert [value for _, value in found] == ["600", "450", "150", "480", "44"]
    part = key_figures(told(whole), ("0207",), CODES[:3], "en")
    assert [value for _, value in part] == ["500", "350", "150", "380"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_withheld_says_so_in_cells_sums_and_figures(
    mapped: Result, language: Language
) -> None:
    """One commune of three is withheld: its cell and every sum with it, nothing else."""
    whole = coverage(mapped, {**WHOLE, "median_minutes": 44.0})
    hidden = whole.outcome.tables["communes"].copy()
    hidden.loc["020702", "demand_ha"] = np.nan
    silent = silent_cells(whole.outcome.tables, {"communes": hidden})
    made = replace(whole, outcome=replace(whole.outcome, tables={"communes": hidden}))
    said, unknown = text("workbook.cell_withheld", language), text("terms.unknown", language)
    table = places_table(told(made, silent), CODES[:3], ("0207",), language)
    assert table is not None
    assert [row[1] for row in table.rows] == ["200", said, "200"]
    found = [value for _, value in key_figures(told(made, silent), ("0207",), CODES[:3], language)]
    assert found == [said, "350", "150", "380"]
    run = key_figures(told(whole, {}, "demand_ha"), ("0207", "0208"), CODES, language)
    assert [value for _, value in run][:2] == [said, "450"]
    assert (cell(np.nan, HECTARES, language), cell("", "", language)) == (unknown, "")


def test_several_districts_stand_beside_their_communes(degraded: Result) -> None:
    one = places_table(told(degraded), CODES[:3], ("0207",), "en")
    two = places_table(told(degraded), CODES, ("0207", "0208"), "en")
    assert one is not None
    assert two is not None
    assert one.rows[0][:2] == ("Sdau", "100")
    assert two.rows[-1][:3] == ("Anlung Vil", "0208", "100")


def with_districts(made: Result, **columns: list[float]) -> Result:
    """The result with rows for its two districts."""
    names = {"name_en": ["Rattanak Mondul", "Sangkae"], "name_km": ["", ""]}
    rows = pd.DataFrame({**names, **columns}, index=pd.Index(["0207", "0208"], name="code"))
    tables = {**made.outcome.tables, "districts": rows}
    return replace(made, outcome=replace(made.outcome, tables=tables))


def test_a_district_of_which_an_area_holds_a_part_is_told_by_its_communes_there(
    mapped: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 0207 two communes of three: 300 ha asked, 250 served; 0208 is whole."""
    monkeypatch.setattr(charts, "MOST", 2)
    monkeypatch.setattr(shown, "MOST", 2)
    made = told(
        with_districts(
            coverage(mapped, WHOLE),
            demand_ha=[500.0, 100.0], reachable_ha=[380.0, 100.0], served_ha=[350.0, 100.0],
            unmet_ha=[150.0, 0.0], median_minutes=[40.0, 60.0],
        )
    )  # fmt: skip
    communes, districts = (*CODES[:2], CODES[3]), ("0207", "0208")
    table = places_table(made, communes, districts, "en")
    assert table is not None
    assert table.rows == (
        ("part of Rattanak Mondul", "300", "280", "250", "50", "–"),
        ("Sangkae", "100", "100", "100", "0", "60"),
    )
    chart = charts.chart_of(made, communes, districts, "en")
    assert chart is not None
    assert chart.places == ("part of Rattanak Mondul", "Sangkae")
    assert [part.hectares for part in chart.parts] == [(250.0, 100.0), (50.0, 0.0)]
    whole = places_table(made, CODES, districts, "en")
    assert whole is not None
    assert whole.rows[0] == ("Rattanak Mondul", "500", "380", "350", "150", "40")


def test_a_part_with_a_withheld_commune_has_no_bar_and_no_sum(
    mapped: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(charts, "MOST", 2)
    monkeypatch.setattr(shown, "MOST", 2)
    made = with_districts(coverage(mapped, WHOLE), served_ha=[350.0, 100.0], unmet_ha=[150.0, 0.0])
    hidden = made.outcome.tables["communes"].copy()
    hidden.loc["020702", "served_ha"] = np.nan
    silent = silent_cells(made.outcome.tables, {"communes": hidden})
    tables = {**made.outcome.tables, "communes": hidden}
    one = told(replace(made, outcome=replace(made.outcome, tables=tables)), silent)
    communes, districts = (*CODES[:2], CODES[3]), ("0207", "0208")
    table = places_table(one, communes, districts, "en")
    chart = charts.chart_of(one, communes, districts, "en")
    assert table is not None
    assert chart is not None
    assert table.rows[0][1:] == (text("workbook.cell_withheld", "en"), "50")
    assert chart.places == ("Sangkae",)


def test_of_a_crop_area_nothing_is_unmet_and_its_year_is_that_of_the_figures(
    mapped: Result,
) -> None:
    """It is not unknown how much is unmet: nobody asked for it."""
    made = coverage(mapped, {**WHOLE, "year": 2026})
    use = replace(made.provenance.layers[0], variable="commune_figures", year=2011)
    stated = {"track": "upland", "season": "main-wet", "year": None, "scenario_share": 0.1}
    about = {
        kind: replace(made.provenance, layers=(use,), parameters={**stated, "demand": kind})
        for kind in ("crop-area", "requested", "scenario")
    }
    by_kind = {kind: told(replace(made, provenance=one)) for kind, one in about.items()}
    unmet = heading("unmet_ha", "en", "communes").words
    for kind, one in by_kind.items():
        figures = dict(key_figures(one, ("0207",), CODES[:3], "en"))
        table = places_table(one, CODES[:3], ("0207",), "en")
        chart = charts.chart_of(one, CODES[:3], ("0207",), "en")
        assert table is not None
        assert chart is not None
        told_of_it = kind != "crop-area"
        assert (unmet in figures) == told_of_it
        assert (unmet in [column.words for column in table.columns]) == told_of_it
        assert len(chart.parts) == 1 + told_of_it
        assert year_of(one.result) == (2026 if kind == "requested" else 2011)


def sites(made: Result, count: int) -> Result:
    codes = [f"{20000 + place:06d}" for place in range(count)]
    table = pd.DataFrame(
        {
            "name_en": [f"Commune {place}" for place in range(count)],
            "rank": range(1, count + 1),
            "hectares": 10.0,
            "cost_usd": 1600.0,
            "reason_en": "Why.",
            "against_en": "Against it.",
            "sureness_en": "How sure.",
        },
        index=pd.Index(codes, name="code"),
    )
    outcome = replace(made.outcome, tables={"sites": table}, features={}, rasters={}, summary={})
    return replace(made, outcome=outcome)


def test_five_hundred_sites_are_told_each_and_the_first_in_full(mapped: Result) -> None:
    made = told(sites(mapped, 500))
    codes = tuple(made.result.outcome.tables["sites"].index)
    table = sites_table(made, codes, "en")
    assert table is not None
    assert [row[0] for row in table.rows] == [str(rank) for rank in range(1, 501)]
    reasons = [row[-1] for row in table.rows]
    assert reasons == ["Why.\nAgainst it.\nHow sure."] * DETAILED + ["Why."] * (500 - DETAILED)
    assert table.caption == text("document.ranked_short", "en", told=DETAILED)
    figures = dict(key_figures(made, ("KH",), codes, "en"))
    assert figures[text("document.reached", "en")] == "5,000"
    first = sites_table(made, codes, "en", 3)
    assert first is not None
    assert [row[-1] for row in first.rows] == ["Why."] * 3
    assert first.caption == text("document.ranked_first", "en", told=3, of=500)


def test_new_bases_have_a_title_and_figures_of_their_own(mapped: Result) -> None:
    """Nobody stated what a base costs: cost is no figure then."""
    made = sites(mapped, 4)
    table = made.outcome.tables["sites"].assign(cost_usd=np.nan)
    outcome = replace(made.outcome, tables={"sites": table})
    asked = {"demand": "requested", "scenario_share": 0.1, "year": None}
    parameters = {"goal": "bases", "bases": asked, "service_season": "main-wet"}
    about = replace(made.provenance, analysis="sites", parameters=parameters)
    bases = told(replace(made, outcome=outcome, provenance=about))
    assert analysis_title(about, "en") == text("workbook.analysis_bases", "en")
    figures = key_figures(bases, ("KH",), tuple(table.index), "en")
    words = ("document.number_of_bases", "document.served_more")
    assert figures == tuple(zip((text(key, "en") for key in words), ("4", "40"), strict=True))


def test_an_area_has_no_name_of_a_base_with_its_number(mapped: Result) -> None:
    """Bases are numbered: the thirteenth is not the province 13."""
    bases = pd.DataFrame({"name_en": ["Rik Reay"]}, index=pd.Index(["13"], name="code"))
    outcome = replace(mapped.outcome, tables={**mapped.outcome.tables, "providers": bases})
    made = replace(mapped, outcome=outcome, provenance=replace(mapped.provenance, areas=("13",)))
    assert next(iter(areas_and_time(made, "en"))).cells[1] == "13"


@pytest.mark.parametrize(("language", "name"), [("en", "Sdau"), ("km", "Sdau (en)")])
def test_a_missing_khmer_name_is_the_english_one_and_says_so(language: Language, name: str) -> None:
    row = {"name_en": "Sdau", "name_km": "", "village_en": np.nan}
    assert shown.place_name(row, "020701", language) == name
    assert shown.place_name(row, "", language, "village") == ""
    assert shown.place_name({}, "020701", language) == "020701"
    assert shown.place_name({"name_en": "Sdau", "name_km": "ស្ដៅ"}, "", "km") == "ស្ដៅ"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_area_without_a_site_says_so_and_which_rule_stopped_whom(
    mapped: Result, language: Language
) -> None:
    """Two communes have no hectares, one was a candidate: nothing of it is hidden."""
    stopped = {"stopped_by": ["no_hectares", "", "no_hectares", "too_little"]}
    one = result("sites", stopped, made=mapped, tables=sites(mapped, 2).outcome.tables)
    said, why = none_here(told(one), CODES[:3], language)
    assert isinstance(said, Words)
    assert isinstance(why, Points)
    assert said.words == text("document.no_site", language)
    mark = " (en)" if language == "km" else ""
    rule = in_words("stopped_by", "no_hectares", language, {})
    stops = (
        (rule, f"Sdau{mark}, Traeng{mark}"),
        (text("document.not_chosen", language), f"Andaeuk Haeb{mark}"),
    )
    assert why.items == tuple(
        text("document.stopped_by", language, rule=words, communes=names) for words, names in stops
    )
    codes = tuple(sites(mapped, 2).outcome.tables["sites"].index)
    assert none_here(told(one), codes, language) == ()


EVERY = {one.name: one for bases in BASES.values() for one in bases}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("basis", EVERY.values(), ids=EVERY)
def test_every_working_value_has_words(basis: Basis, language: Language) -> None:
    assert parameter_title(basis.name, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_of_the_table_of_machinery_has_words(language: Language) -> None:
    assert all(way_title(row.key, language) for row in machinery().speeds)


def test_what_machines_are_taken_to_do_is_that_of_the_run(mapped: Result) -> None:
    """Days of rain and a rate that the run replaced are the replaced ones."""
    known: Machinery = machinery()
    as_stated = {
        "machinery": {
            name: [vars(row) for row in getattr(known, name)] for name in vars(known)
        },
        "season": "main-wet", "track": "upland",
        "tracks": [{"key": "upland", "crops": ["maize"], "machines": ["no-till-planter"]}],
        "rain_days": {"7": 31.0, "8": 1.0}, "hectares_a_day": {"no-till-planter": 2.5},
        "seed_kg_ha": {}, "cover_crop": "sunn-hemp",
    }  # fmt: skip
    about = replace(mapped.provenance, analysis="coverage", parameters=as_stated)
    (table,) = machinery_table([told(replace(mapped, provenance=about))], "en")
    assert isinstance(table, Table)
    rows = {row[1]: row[2] for row in table.rows}
    assert rows["Jul"] == "31 days a month"
    assert [said for name, said in rows.items() if "Aug" in name] == ["1 day a month"]
    slopes = [name for name in rows if name.endswith("%")]
    assert slopes[-2:] == ["≤\u00a030\u00a0%", ">\u00a030\u00a0%"]
    assert rows[text("map.machine_no-till-planter", "en")] == "2.5 ha a day"
    assert text("coverage_page.way_motorway", "en") in "".join(rows)


def test_settings_of_coverage_are_all_told() -> None:
    """A number without a basis would be told nowhere."""
    stated = {one.name.partition(".")[0] for one in COVERAGE_BASES}
    numbers = {
        name
        for name, value in vars(CoverageParameters()).items()
        if isinstance(value, float) or (isinstance(value, tuple) and value)
    }
    assert numbers <= stated


def test_every_phrase_of_a_source_is_one_that_is_cited(prepared_workspace: Workspace) -> None:
    """And in English a source stays as it is stated, but for the file that made it up."""
    layers = catalogue(prepared_workspace).layers.values()
    stated = {words for layer in layers for words in (layer.source, layer.licence)}
    for words in stated:
        if "layers/" not in words:
            assert cited(words, "en") == words
        assert "layers/" not in cited(words, "en")
        assert "stated" not in cited(words, "km")
    others = {text("sources.registry", "en"), text("sources.own_records", "en"), "generalised"}
    assert all(any(one in words for words in stated | others) for one in SAID)


def test_a_told_result_knows_what_public_left_out(mapped: Result) -> None:
    """A result of which nothing is withheld has no silent cell."""
    made = told_of(mapped, public(mapped))
    assert not any(cells.to_numpy().any() for cells in made.silent.values())
    assert not made.unsaid
