"""Areas by code, name, point and parent."""

from __future__ import annotations

from dataclasses import replace

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import AmbiguousArea, UnknownArea
from gis.grid import CRS
from layers.boundaries import Gazetteer
from layers.spelling import folded


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("0207", "0207"),
        (" 02 07 ", "0207"),
        ("០២០៧", "0207"),
        ("KH0207", "0207"),
        ("KH", "KH"),
        ("kh", "KH"),
        ("cambodia", "KH"),
        ("កម្ពុជា", "KH"),
        ("13", "13"),
        ("Rattanak Mondul", "0207"),
        ("rattanakmondul", "0207"),
        ("Ratanak Mondol", "0207"),
        ("Srok Rotanak Mondol", "0207"),
        ("Srŏk Rotanak Mondol", "0207"),
        ("SANGKER", "0208"),
        ("រតនមណ្ឌល", "0207"),
        ("ស្រុករតនមណ្ឌល", "0207"),
        ("បាណន់", "0201"),
        ("ស្រុកជាំក្សាន្ត", "1303"),
        ("Srok Choam Khsant", "1303"),
        ("Krong Battambang", "0203"),
        ("Battambang province", "02"),
        ("ខេត្តព្រះវិហារ", "13"),
        ("Krong Preah Vihear", "1308"),
        ("កន្ទឺ១", "020101"),
        # one commune, two lists: the digits 020408 name another one in each
        ("2025:020408", "020407"),
        ("2025:020407", "020408"),
        ("020408", "020408"),
        ("2025:021106", "021103"),
        ("2025:0207", "0207"),
    ],
)
def test_words_name_one_area(places: Gazetteer, words: str, code: str) -> None:
    assert places.find(words).code == code


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        ("Preah Vihear", ("13 Preah Vihear (province)", "1308 Preah Vihear (district)")),
        ("ព្រះវិហារ", ("13 Preah Vihear (province)", "1308 Preah Vihear (district)")),
        ("Battambang", ("02 Battambang (province)", "0203 Battambang (district)")),
        ("Sdau", ("020701 Sdau (commune)", "130604 Sdau (commune)")),
        ("ឃុំស្ដៅ", ("020701 Sdau (commune)", "130604 Sdau (commune)")),
    ],
)
def test_a_shared_name_lists_its_bearers(
    places: Gazetteer, words: str, choices: tuple[str, ...]
) -> None:
    with pytest.raises(AmbiguousArea) as error:
        places.find(words)
    assert error.value.choices == choices


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("Rattanak Mundoll", "0207 Rattanak Mondul (district)"),
        ("Sangkhe", "0208 Sangke (district)"),
        ("0229", "0209 Samlout (district)"),
        ("207", "0207 Rattanak Mondul (district)"),
        ("2025:999999", None),
        ("qqqqqq", None),
        ("", None),
        ("02070101", "020701 Sdau (commune)"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(
    places: Gazetteer, words: str, nearest: str | None
) -> None:
    with pytest.raises(UnknownArea) as error:
        places.find(words)
    assert error.value.name == words
    if nearest is None:
        assert error.value.nearest == ()
    else:
        assert nearest in error.value.nearest


def test_every_spelling_of_the_figures_finds_its_area_or_lists_it(places: Gazetteer) -> None:
    named = [*places.spellings]
    for table in (places.provinces, places.districts, places.communes):
        named += [(code, name) for code, name in table["name_en"].items()]
        named += [(code, name) for code, name in table["name_km"].items() if name]
    assert len(named) > 350
    for code, name in named:
        assert code in bearers(places, name)


def bearers(places: Gazetteer, name: str) -> list[str]:
    """Codes of the areas that a name means."""
    try:
        return [places.find(name).code]
    except AmbiguousArea as error:
        return [choice.split()[0] for choice in error.choices]


@given(name=st.sampled_from(["Rattanak Mondul", "Thma Koul", "រតនមណ្ឌល"]), data=st.data())
def test_case_space_and_signs_do_not_matter(name: str, data: st.DataObject) -> None:
    noise = st.sampled_from(["", " ", "-", "\u200b", "'", "."])
    spelt = "".join(sign + data.draw(noise) for sign in name)
    assert folded(spelt.upper()) == folded(name)


def test_counts_and_outlines(places: Gazetteer) -> None:
    assert [len(t) for t in (places.provinces, places.districts, places.communes)] == [2, 22, 153]
    assert len(places.villages) == 999
    assert shapely.coverage_is_valid(places.communes.geometry.to_numpy())
    for table, parent in ((places.districts, "district"), (places.provinces, "province")):
        own = places.communes.to_crs(CRS).area.groupby(places.communes[parent]).sum()
        assert table.to_crs(CRS).area.to_dict() == pytest.approx(own.to_dict(), rel=1e-9)


def test_all_keys_are_text(places: Gazetteer) -> None:
    for table, digits in (
        (places.provinces, 2),
        (places.districts, 4),
        (places.communes, 6),
        (places.villages, 8),
    ):
        assert all(isinstance(code, str) and len(code) == digits for code in table.index)
    assert set(places.communes["district"]) == set(places.districts.index)


def test_children_parents_and_levels(places: Gazetteer) -> None:
    assert [area.code for area in places.children("KH")] == ["02", "13"]
    assert len(places.children("02")) == 14
    assert [a.code for a in places.children("0207")] == [f"02070{n}" for n in range(1, 6)]
    assert places.children("020701")[0].level == "village"
    assert places.area("020701").parent == "0207"
    assert places.level_of("13") == "province"
    with pytest.raises(UnknownArea):
        places.children("99")


def test_communes_of_several_areas_come_once(places: Gazetteer) -> None:
    assert len(places.communes_of(["0207", "0208", "0201", "13"])) == 74
    assert len(places.communes_of(["0207", "020701", "02"])) == 102
    assert list(places.communes_of(["020702", "020701"]).index) == ["020701", "020702"]
    assert len(places.communes_of(["KH"])) == 153
    with pytest.raises(UnknownArea):
        places.communes_of(["0207", "0299"])


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [(102.96, 12.9, "020704"), (103.2, 13.1, "0203"), (104.9, 13.8, "130"), (0.0, 0.0, None)],
)
def test_area_at_a_point(places: Gazetteer, lon: float, lat: float, code: str | None) -> None:
    found = places.at(lon, lat)
    if code is None:
        assert found is None
    else:
        assert found is not None
        assert found.level == "commune"
        assert found.code.startswith(code)


def test_a_village_belongs_to_its_commune_column(places: Gazetteer) -> None:
    conflicts = places.village_conflicts()
    by_code = conflicts["commune"] != conflicts["commune_of_code"]
    assert by_code.sum() == 46
    other = conflicts[by_code].index[0]
    commune = places.villages.loc[other, "commune"]
    assert other in [area.code for area in places.children(commune)]
    assert (places.villages["name_km"] == "").sum() == 103


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("sdau", ["020701", "130604"]),
        ("battam", ["02", "0203"]),
        ("0207", ["0207", "020701"]),
        ("សំឡូ", ["0209", "020905"]),
        ("banann", ["0201"]),
    ],
)
def test_search_puts_the_widest_and_nearest_first(
    places: Gazetteer, words: str, first: list[str]
) -> None:
    found = [area.code for area in places.search(words, limit=5)]
    assert found[: len(first)] == first
    assert len(found) <= 5


def test_search_finds_villages_and_nothing_for_nothing(places: Gazetteer) -> None:
    assert "02010305" in [area.code for area in places.search("បាយដំរាំ")]
    assert places.search("") == []
    assert places.search("qqqqqqqq") == []


def test_more_spellings_are_found_and_foreign_ones_ignored(places: Gazetteer) -> None:
    more = replace(places, spellings=(("0207", "Golden Mound"), ("9901", "Elsewhere")))
    assert more.find("golden mound").code == "0207"
    with pytest.raises(UnknownArea):
        more.find("Elsewhere")
