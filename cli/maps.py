"""Maps on paper from the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from layers.workspace import Workspace
from locales import LANGUAGES, Language, text

if TYPE_CHECKING:
    from gis.analysis import Result
    from layers.gazetteer import Level

PAPERS = ("A4", "A3", "slide")
ORIENTATIONS = ("portrait", "landscape")
LEVELS = ("province", "district", "commune")
LEAST_DPI, MOST_DPI = 150, 300


_OF_A_MAP = (
    click.option(
        "--layers", default="", help="Layers, adopters, providers; one may colour the land."
    ),
    click.option("--result", type=click.Path(path_type=Path), help="Folder of a result to show."),
    click.option("--variable", help="What of the result colours the land."),
    click.option("--lang", type=click.Choice([*LANGUAGES, "both"]), help="both: names twice."),
    click.option("--paper", type=click.Choice(PAPERS), default="A4", show_default=True),
)


def of_a_map(command: Callable[..., None]) -> Callable[..., None]:
    """The options of every printed map: what it shows, in which language, on which paper."""
    for option in reversed(_OF_A_MAP):
        command = option(command)
    return command


def _spoken(lang: str | None, default: Language) -> Language:
    """The language of titles and legend; a map in both scripts speaks Khmer."""
    if lang is None:
        return default
    return "en" if lang == "en" else "km"


@click.command("map")
@click.option("--area", required=True, help="Codes or names, separated by commas; KH = country.")
@of_a_map
@click.option("--orientation", type=click.Choice(ORIENTATIONS), help="By default as the area is.")
@click.option("--dpi", type=click.IntRange(LEAST_DPI, MOST_DPI), default=200, show_default=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.pdf, .png, .svg")
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def map_(
    language: Language,
    area: str,
    layers: str,
    result: Path | None,
    variable: str | None,
    lang: str | None,
    paper: str,
    orientation: str | None,
    dpi: int,
    out: Path,
    overwrite: bool,
) -> None:
    """Make a map for a report: one page as PDF, PNG or SVG."""
    from layers.runs import read_result
    from reports.figure.compose import Atlas, compose
    from reports.figure.file import ENDINGS, page_of, paper_for
    from reports.whole import require_out, write_whole

    ending = require_out(out, ENDINGS, overwrite)
    spoken = _spoken(lang, language)
    shown: Result | None = read_result(result) if result is not None else None
    content = compose(
        Atlas.of(Workspace.default()),
        _parts(area),
        spoken,
        layers=_parts(layers),
        result=shown,
        variable=variable,
        scripts=("km", "en") if lang == "both" else (spoken,),
    )
    page = paper_for(content, paper, orientation)  # type: ignore[arg-type]
    write_whole(out, page_of(content, page, ending, dpi))
    click.echo(text("cli.exported", spoken, path=str(out)))


@click.command("atlas")
@click.option("--area", required=True, help="Codes or names, separated by commas; KH = country.")
@click.option("--by", type=click.Choice(LEVELS), help="A page each; by default one level below.")
@of_a_map
@click.option("--orientation", type=click.Choice(ORIENTATIONS), help="By default as each area is.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.pdf")
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def atlas(
    language: Language,
    area: str,
    by: Level | None,
    layers: str,
    result: Path | None,
    variable: str | None,
    lang: str | None,
    paper: str,
    orientation: str | None,
    out: Path,
    overwrite: bool,
) -> None:
    """Make an atlas: an index and one page for each part of an area or of several."""
    from cli.progress import progress_bar
    from layers.runs import read_result
    from reports.atlas import Wish
    from reports.atlas import atlas as made_of
    from reports.figure.compose import Atlas
    from reports.whole import require_out, write_whole

    require_out(out, (".pdf",), overwrite)
    spoken = _spoken(lang, language)
    wish = Wish(
        spoken,
        ("km", "en") if lang == "both" else (),
        tuple(_parts(layers)),
        read_result(result) if result is not None else None,
        variable,
        paper,  # type: ignore[arg-type]
        orientation,  # type: ignore[arg-type]
        by=by,
    )
    with progress_bar(spoken) as progress:
        made = made_of(Atlas.of(Workspace.default()), _parts(area), wish, progress)
    write_whole(out, made.content)
    for code, reason in made.failed:
        click.echo(text("figure.page_failed", spoken, name=code, reason=reason), err=True)
    click.echo(text("cli.exported", spoken, path=str(out)))


def _parts(words: str) -> list[str]:
    return [part.strip() for part in words.split(",") if part.strip()]
