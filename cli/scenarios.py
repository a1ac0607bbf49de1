"""Scenarios at the terminal: kept, repeated, listed, compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pandas as pd

import layers.scenarios as kept
from cli.commands import show_table
from cli.progress import progress_bar
from gis.analysis import Note, Progress, Result
from gis.errors import BadParameter
from layers.folder import require_free
from layers.prepare import prepare
from layers.workspace import Workspace
from locales import Language, number, text


def require_free_name(name: str | None) -> None:
    """Check that a result may be kept under a name, before the work is done."""
    if name is not None:
        kept.require_free_name(name, prepare(Workspace.default()))


def keep(name: str | None, result: Result) -> None:
    """Keep a result under a name, where one was given."""
    if name is not None:
        kept.save_scenario(name, result, Workspace.default())


def repeated(
    analysis: str,
    name: str | None,
    asked: Mapping[str, object],
    present_data: bool,
    progress: Progress,
) -> Result:
    """A scenario computed again; nothing may be asked beside it.

    Raises
    ------
    BadParameter
        When something is asked beside it, it is of another analysis, or there is no name.
    """
    if name is None:
        raise BadParameter("--present-data", "", Note("allowed.with_scenario"))
    if any(asked.values()):
        options = ", ".join(option for option, value in asked.items() if value)
        raise BadParameter(options, name, Note("allowed.without_scenario"))
    workspace = prepare(Workspace.default())
    made = kept.scenario(name, workspace).provenance
    if made.analysis != analysis:
        raise BadParameter("ANALYSIS", analysis, made.analysis)
    return kept.repeat(name, workspace, progress, present_data)


def listed(language: Language) -> None:
    """The scenarios, newest first."""
    names = ("name", "analysis", "areas", "made", "example", "note")
    rows = [
        [
            item.name,
            item.provenance.analysis,
            ",".join(item.provenance.areas),
            item.provenance.created,
            text("workbook.yes" if item.provenance.example else "scenarios.no", language),
            item.note,
        ]
        for item in kept.scenarios(prepare(Workspace.default()))
    ]
    show_table([text(f"cli.column_{name}", language) for name in names], rows)


def compared(names: tuple[str, str], out: Path | None, language: Language) -> None:
    """Two scenarios side by side, on the terminal and perhaps in a folder."""
    if out is not None:
        require_free(out)
    workspace = prepare(Workspace.default())
    with progress_bar(language) as progress:
        results = [kept.result_of(name, workspace, progress) for name in names]
    found = kept.compare(*results)
    _show_sites(found.sites, language)
    for note in found.why:
        click.echo(text(note.key, language, **dict(note.values)))
    if found.example:
        click.echo(text("cli.example", language), err=True)
    if out is not None:
        files = kept.write_comparison(found, names, out)
        click.echo(text("cli.written", language, count=len(files), path=str(out)), err=True)


def _show_sites(sites: pd.DataFrame, language: Language) -> None:
    names = ("first", "second", "code", "name", "hectares_first", "hectares_second", "what")
    rows = [
        [
            *(_rank(site[f"rank_{side}"]) for side in ("first", "second")),
            site["code"],
            site[f"name_{language}"] or site["name_en"],
            *(_hectares(site[f"hectares_{side}"], language) for side in ("first", "second")),
            site[f"what_{language}"],
        ]
        for _, site in sites.iterrows()
    ]
    show_table([text(f"cli.column_{name}", language) for name in names], rows)


def _rank(rank: Any) -> str:
    return "" if pd.isna(rank) else str(rank)


def _hectares(value: float, language: Language) -> str:
    return "" if pd.isna(value) else number(value, language)
