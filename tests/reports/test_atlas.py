"""An atlas: every page is there, in order, alike, and one that fails takes no other with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.main import exit_code
from gis.errors import BadParameter
from layers.workspace import Workspace
from reports import atlas as module
from reports.atlas import Wish, atlas
from reports.figure.compose import Atlas
from reports.figure.content import MapContent

DISTRICT, COMMUNES = "0207", 5


@pytest.fixture(scope="module")
def known(prepared_workspace: Workspace) -> Atlas:
    return Atlas.of(prepared_workspace)


def pages_in(pdf: bytes) -> int:
    """Pages as the file counts them."""
    found = re.search(rb"/Type /Pages.*?/Count (\d+)|/Count (\d+).*?/Type /Pages", pdf, re.S)
    assert found is not None
    return int(found[1] or found[2])


def test_an_index_and_a_page_for_each_part(known: Atlas) -> None:
    steps: list[tuple[int, int]] = []
    made = atlas(known, DISTRICT, Wish("km"), lambda _, number, of: steps.append((number, of)))
    parts = known.places.children(DISTRICT)
    assert made.pages == pages_in(made.content) == len(parts) + 1 == COMMUNES + 1
    assert steps == [(number, made.pages) for number in range(1, made.pages + 1)]
    assert made.failed == ()


def test_a_page_that_fails_is_said_and_the_rest_is_made(
    known: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = module._composed

    def failing(known: Atlas, code: str, wish: Wish) -> MapContent:
        if code == "020702":
            raise ValueError("no such thing")
        return whole(known, code, wish)

    monkeypatch.setattr(module, "_composed", failing)
    made = atlas(known, DISTRICT, Wish("en"))
    assert pages_in(made.content) == COMMUNES + 1
    assert made.failed == (("020702", "ValueError: no such thing"),)


def test_stopping_leaves_nothing(
    tmp_path: Path, known: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> MapContent:
        raise KeyboardInterrupt

    monkeypatch.setenv("DEIMAP_WORKSPACE", str(known.workspace.root))
    monkeypatch.setattr(module, "_composed", stopped)
    out = tmp_path / "a.pdf"
    assert exit_code(["atlas", "--area", DISTRICT, "--out", str(out)]) == 130
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_parts_has_no_atlas(known: Atlas) -> None:
    with pytest.raises(BadParameter):
        atlas(known, "020701", Wish("en"))


def test_pages_of_an_atlas_are_cut_and_coloured_alike(known: Atlas) -> None:
    wish = Wish("en", layers=("slope_figures",))
    colours = [
        module._composed(known, part.code, wish).surface.colours  # type: ignore[union-attr]
        for part in known.places.children("02")
    ]
    assert len(set(colours)) == 1


def test_the_index_lists_the_pages_in_their_order(known: Atlas) -> None:
    parts = known.places.children("02")
    content = module._index(known, known.places.find("02"), parts, Wish("en"))
    listed = [item.text.split("\u2003") for item in content.legend[0].items]
    assert listed == [[str(n), part.name_en] for n, part in enumerate(parts, 2)]
    assert {sign.id: sign.number for sign in content.points} == {
        part.code: str(n) for n, part in enumerate(parts, 2)
    }
