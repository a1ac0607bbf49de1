"""Maps on paper from the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.orders import carry_out, ending_of, parts
from locales import LANGUAGES, Language

if TYPE_CHECKING:
    from layers.gazetteer import Level
    from reports.figure.paper import Orientation, PaperName

PAPERS = ("A4", "A3", "slide")
ORIENTATIONS = ("portrait", "landscape")
LEVELS = ("province", "district", "commune")
LEAST_DPI, MOST_DPI = 150, 300


_OF_A_MAP = (
    click.option(
        "--layers", default="", help="Layers, adopters, providers; one may colour the land."
    ),
    # several are taken so that they can be refused: else the last would stand for all
    click.option(
        "--result",
        "results",
        multiple=True,
        type=click.Path(path_type=Path),
        help="Folder of the one result to show.",
    ),
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


def _scripts(lang: str | None) -> tuple[Language, ...]:
    return ("km", "en") if lang == "both" else ()


@click.command("map")
@click.option("--area", required=True, help="Codes or names, separated by commas; KH = country.")
@of_a_map
@click.option("--orientation", type=click.Choice(ORIENTATIONS), help="By default as the area is.")
@click.option("--dpi", type=click.IntRange(LEAST_DPI, MOST_DPI), default=200, show_default=True)
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="FILE.pdf, .png, .svg; .html"
)
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def map_(
    language: Language,
    area: str,
    layers: str,
    results: tuple[Path, ...],
    variable: str | None,
    lang: str | None,
    paper: PaperName,
    orientation: Orientation | None,
    dpi: int,
    out: Path,
    overwrite: bool,
) -> None:
    """Make a map for a report: one page, or a result as one HTML file that needs no network."""
    from reports.order import MAP, Order

    order = Order(
        MAP,
        parts(area),
        ending_of(MAP, out, overwrite),
        _spoken(lang, language),
        _scripts(lang),
        results,
        parts(layers),
        variable,
        paper,
        orientation,
        dpi,
    )
    carry_out(order, out)


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
    results: tuple[Path, ...],
    variable: str | None,
    lang: str | None,
    paper: PaperName,
    orientation: Orientation | None,
    out: Path,
    overwrite: bool,
) -> None:
    """Make an atlas: an index and one page for each part of an area or of several."""
    from reports.order import ATLAS, Order

    order = Order(
        ATLAS,
        parts(area),
        ending_of(ATLAS, out, overwrite),
        _spoken(lang, language),
        _scripts(lang),
        results,
        parts(layers),
        variable,
        paper,
        orientation,
        by=by,
    )
    carry_out(order, out)
