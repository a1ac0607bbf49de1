"""What a map tells of a run beside its colours: remarks and their area, bases, the stamp."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import pytest

from gis.analysis import Note, Result
from gis.grid import CRS
from layers.run import run
from layers.workspace import Workspace
from locales import LANGUAGES, Language, text
from reports.anonymous import NOTES, public
from reports.bases import at_villages
from reports.document.compose import compose as report
from reports.document.content import Points
from reports.figure import compose as pages
from reports.figure.compose import Atlas, compose

NOTE = Note("friction.no_water")
CHECKED = Note("machine_bases.checked", (("model", 978.0), ("hectares", 1072.0)))


@pytest.fixture(scope="module")
def made(land_workspace: Workspace) -> Result:
    return run("coverage", "0207", resolution=500, workspace=land_workspace)


def noted(result: Result, *notes: Note) -> Result:
    return replace(result, outcome=replace(result.outcome, warnings=notes))


def moved(result: Result) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Bases inside the house and outside it, in metres."""
    inside, outside = (
        one.outcome.features["bases"].to_crs(CRS) for one in (result, public(result))
    )
    return inside, outside


def test_bases_leave_the_house_at_the_nearest_village_of_their_commune(
    atlas: Atlas, made: Result
) -> None:
    """Against every village of the list, one by one."""
    inside, outside = moved(made)
    assert len(inside) > 5
    villages = atlas.places.villages.to_crs(CRS)
    for place, commune, told in zip(
        inside.geometry, inside["commune"], outside.geometry, strict=True
    ):
        own = villages.geometry[villages["commune"] == commune]
        if own.empty:
            continue
        assert own.distance(told).min() < 0.01
        assert place.distance(told) == pytest.approx(own.distance(place).min(), abs=0.01)
    apart = inside.geometry.distance(outside.geometry)
    assert (apart > 0).all()
    assert apart.median() > 100
    columns = [name for name in inside.columns if name != "geometry"]
    assert inside[columns].equals(outside[columns])
    # what machines need to get anywhere stays as it was worked out
    told = public(made).outcome.rasters["travel_time"]
    assert told.identical(made.outcome.rasters["travel_time"])


def test_a_base_without_a_village_stands_in_the_middle_of_its_commune(
    atlas: Atlas, made: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(atlas.places, villages=atlas.places.villages.iloc[:0])
    monkeypatch.setattr("reports.bases.gazetteer", lambda workspace: bare)
    base = made.outcome.features["bases"].iloc[:3].copy()
    # one is new, where nobody lives; of one nobody stated the commune
    base["state"] = ["present", "present", "new"]
    base["commune"] = [base["commune"].iloc[0], "", base["commune"].iloc[2]]
    outcome = replace(made.outcome, features={"bases": base})
    known, unknown, new = at_villages(outcome).features["bases"].to_crs(CRS).geometry
    communes = atlas.metres["communes"].geometry
    middles = communes.representative_point()
    assert known.distance(middles[base["commune"].iloc[0]]) < 0.01
    assert (
        unknown.distance(middles[communes.distance(base.to_crs(CRS).geometry.iloc[1]).idxmin()])
        < 0.01
    )
    assert new.equals(base.to_crs(CRS).geometry.iloc[2])


def test_providers_do_not_stand_beside_the_bases_that_they_are(atlas: Atlas, made: Result) -> None:
    alone, asked = (
        compose(atlas, ["0207"], "en", result=made, layers=layers)
        for layers in ((), ("providers",))
    )
    assert asked.points == alone.points != ()
    assert {sign.kind for sign in asked.points} == {"base"}
    # without bases they do
    assert compose(atlas, ["0207"], "en", layers=["providers"]).points


@pytest.mark.parametrize("language", LANGUAGES)
def test_remarks_say_whose_they_are(atlas: Atlas, made: Result, language: Language) -> None:
    result = noted(made, NOTE)
    (whole,) = compose(atlas, ["0207"], language, result=result).remarks
    (part,) = compose(atlas, ["020702"], language, result=result).remarks
    said = text(NOTE.key, language)
    name = text("frame.level_district", language)
    assert whole == said
    assert part.endswith(f" {said}")
    assert name in part.removesuffix(said)
    titles = [
        block.title
        for area in ("0207", "020702")
        for section in report(atlas, [area], [result], language).sections
        for block in section.blocks
        if isinstance(block, Points) and said in block.items
    ]
    plain, of_whole = titles
    assert plain == text("workbook.warnings", language)
    assert of_whole.startswith(f"{plain} ")
    assert name in of_whole


def test_what_is_of_the_numbers_comes_after_what_is_of_the_map(atlas: Atlas, made: Result) -> None:
    others = (NOTE, Note("workbook.maps_by_commune"), Note("workbook.withheld"))
    (said,) = compose(atlas, ["0207"], "en", result=noted(made, CHECKED, *others)).remarks
    assert said.startswith(text(NOTE.key, "en"))
    assert "978" not in said
    assert said.endswith(text("figure.more_remarks", "en", count=1))
    assert "report" in text("figure.more_remarks", "en", count=1)


def test_what_is_left_out_is_said_first(made: Result) -> None:
    """Requests of a commune that no row names are withheld."""
    tables = dict(made.outcome.tables)
    tables["requested"] = tables["requested"].iloc[:0]
    assert tables["communes"]["requested_ha"].sum() > 0
    bare = noted(replace(made, outcome=replace(made.outcome, tables=tables)), NOTE)
    assert public(bare).outcome.warnings == (*NOTES, NOTE)


def test_example_layers_under_a_map_stamp_it(atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not compose(atlas, ["0208"], "en").stamp
    found = pages.backdrop_of

    def made_up(*given: object) -> object:
        under = found(*given)  # type: ignore[arg-type]
        return replace(under, used=tuple(replace(one, example=True) for one in under.used))

    monkeypatch.setattr(pages, "backdrop_of", made_up)
    assert compose(Atlas.of(atlas.workspace), ["0208"], "en").stamp
