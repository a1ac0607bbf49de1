"""The commands, one function each: they call what the web calls."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gis.analysis import Note
from gis.errors import BadParameter, DeimapError, FileMissing
from gis.unreadable import unreadable
from layers.workspace import Workspace
from locales import LANGUAGES, Language, error_text, fault_text, text

if TYPE_CHECKING:
    from layers.boundaries import Gazetteer
    from layers.catalogue import Layer

IMPORT_KINDS = (
    "plots",
    "seasons",
    "providers",
    "machines",
    "events",
    "villages",
    "names",
    "boundaries",
    "layer",
)
EXPORT_SHEETS = ("company",)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.pass_obj
def app(language: Language, port: int, host: str) -> None:
    """Open the web app."""
    from cli.serve import serve

    serve(host, port, language)


@click.command()
@click.option("--level", type=click.Choice(["province", "district", "commune"]), default=None)
@click.pass_obj
def areas(language: Language, level: str | None) -> None:
    """Codes and names of the areas."""
    from layers.boundaries import gazetteer
    from layers.prepare import prepare

    places = gazetteer(prepare(Workspace.default()))
    frames = {
        "province": places.provinces,
        "district": places.districts,
        "commune": places.communes,
    }
    for name in [level] if level else frames:
        for code, row in frames[name].sort_index().iterrows():
            click.echo(f"{code}\t{name}\t{row['name_en']}\t{row['name_km'] or ''}")


@click.command()
@click.option("--check", is_flag=True, help="Open every layer.")
@click.pass_obj
def layers(language: Language, check: bool) -> None:
    """The catalogue: what data exists, of which year, under which licence."""
    from layers.boundaries import gazetteer
    from layers.catalogue import catalogue
    from layers.prepare import prepare

    workspace = prepare(Workspace.default())
    places = gazetteer(workspace)
    columns = ["id", "variable", "unit", "year", "title", "licence", *(["check"] if check else [])]
    rows, failed = [], None
    for layer in catalogue(workspace).layers.values():
        year, title = str(layer.year or ""), layer.title[language]
        row = [layer.id, layer.variable, layer.unit, year, title, layer.licence]
        if check:
            fault = fault_of(layer, places)
            failed = failed or fault
            row.append(error_text(fault, language) if fault else "ok")
        rows.append(row)
    show_table([text(f"cli.column_{name}", language) for name in columns], rows)
    if failed is not None:
        raise failed


def fault_of(layer: Layer, places: Gazetteer) -> DeimapError | None:
    """What is wrong with a layer, ``None`` when it opens."""
    from layers.sources import check

    try:
        check(layer, places)
    except DeimapError as error:
        return error
    return None


def show_table(headings: list[str], rows: list[list[str]]) -> None:
    """A table for eyes on a terminal, tab-separated lines for whatever reads the output."""
    console = Console()
    if not console.is_terminal:
        for row in [headings, *rows]:
            click.echo("\t".join(row))
        return
    table = Table(*headings)
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(table)


def needed(context: click.Context, option: click.Parameter, area: str | None) -> str | None:
    """The area of a call; only a scenario brings its own."""
    if area is None and context.params.get("scenario") is None:
        raise click.MissingParameter(ctx=context, param=option)
    return area


@click.command()
@click.argument("analysis")
@click.option("--scenario", metavar="NAME", is_eager=True, help="Repeat what was saved so.")
@click.option("--present-data", is_flag=True, help="Of a scenario whose data have changed.")
@click.option("--area", callback=needed, help="Codes or names, separated by commas; KH = country.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE")
@click.option("--params", type=click.Path(path_type=Path), help="Parameters as a TOML file.")
@click.option("--resolution", type=click.FloatRange(min=1), help="Cell size in metres.")
@click.option("--out", required=True, type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace an earlier result in the folder.")
@click.option("--save", metavar="NAME", help="Keep the result as a scenario.")
@click.pass_obj
def run(
    language: Language,
    analysis: str,
    scenario: str | None,
    present_data: bool,
    area: str | None,
    settings: tuple[str, ...],
    params: Path | None,
    resolution: float | None,
    out: Path,
    overwrite: bool,
    save: str | None,
) -> None:
    """Run an analysis over areas and write its result into a folder."""
    from cli.progress import progress_bar
    from cli.scenarios import keep, repeated, require_free_name
    from layers.folder import require_free
    from layers.run import run as run_analysis
    from layers.write import write_result

    require_free(out, overwrite)
    require_free_name(save)
    asked = {"--area": area, "--set": settings, "--params": params, "--resolution": resolution}
    with progress_bar(language) as progress:
        if scenario is not None or present_data:
            result = repeated(analysis, scenario, asked, present_data, progress)
        else:
            stated = merged(read_parameters(params) if params else {}, settings)
            result = run_analysis(
                analysis, area or "", stated, resolution=resolution, progress=progress
            )
        files = write_result(result, out, overwrite)
    keep(save, result)
    for note in result.outcome.warnings:
        click.echo(text(note.key, language, **dict(note.values)), err=True)
    if result.provenance.example:
        click.echo(text("cli.example", language), err=True)
    click.echo(text("cli.written", language, count=len(files), path=str(out)))


def merged(given: Mapping[str, Any], settings: tuple[str, ...]) -> dict[str, Any]:
    """Parameters of a file with ``key=value`` settings laid over them; dots go into tables."""
    nested: dict[str, Any] = dict(given)
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key:
            raise BadParameter("--set", setting, Note("allowed.key_value"))
        *tables, last = key.strip().split(".")
        place = nested
        for table in tables:
            inner = place.get(table)
            place[table] = dict(inner) if isinstance(inner, dict) else {}
            place = place[table]
        place[last] = _literal(value.strip())
    return nested


def _literal(value: str) -> object:
    """A value as TOML reads it; anything else is text."""
    try:
        return tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return value


def read_parameters(path: Path) -> dict[str, Any]:
    """Parameters of a TOML file.

    Raises
    ------
    FileMissing, FileUnreadable
        When it is not there or no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FileMissing(str(path)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise unreadable(path, error) from error


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="FILE.zip, .gpkg, .xlsx, ..."
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of words and names.")
@click.option("--sheet", type=click.Choice(EXPORT_SHEETS), help="Hectares requested, no names.")
@click.option("--precise", is_flag=True, help="With plots and providers; needs a role.")
@click.option("--purpose", metavar="WORDS", help="What a precise export is for.")
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def export(
    language: Language,
    directory: Path,
    out: Path,
    lang: Language | None,
    sheet: str | None,
    precise: bool,
    purpose: str | None,
    overwrite: bool,
) -> None:
    """Make one file of a result folder in the format of its ending; zip holds everything."""
    from reports.package import FORMATS, WARNINGS, ending_of
    from reports.package import export as export_result
    from reports.precise import Precise, machine_account

    if purpose is not None and not precise:
        raise BadParameter("--purpose", purpose, Note("allowed.with_precise"))
    asked = Precise(purpose or "", machine_account()) if precise else None
    export_result(directory, out, lang or language, overwrite, sheet, asked)
    if asked is not None:
        click.echo(text("precise.not_passed_on", lang or language), err=True)
    if warning := WARNINGS.get(ending_of(out, FORMATS) or ""):
        click.echo(text(warning, lang or language), err=True)
    click.echo(text("cli.exported", lang or language, path=str(out)))


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", required=True, type=click.Choice(IMPORT_KINDS))
@click.option("--meta", type=click.Path(path_type=Path), help="Unit, source, licence, titles.")
@click.option("--dry-run", is_flag=True, help="Check only; change nothing.")
@click.pass_obj
def import_(language: Language, file: Path, kind: str, meta: Path | None, dry_run: bool) -> None:
    """Bring in a file: records, names, boundaries or a layer."""
    from layers.prepare import bring_in, prepare

    report = bring_in(file, kind, prepare(Workspace.default()), meta=meta, dry_run=dry_run)
    key = "cli.would_import" if dry_run else "cli.imported"
    counts = {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
    for warning in report.warnings:
        click.echo(f"  {fault_text(warning, language)}", err=True)
    click.echo(text(key, language, path=file.name, **counts))


@click.command()
@click.option("--compare", nargs=2, metavar="NAME NAME", help="Two of them side by side.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the comparison.")
@click.pass_obj
def scenarios(language: Language, compare: tuple[str, str] | None, out: Path | None) -> None:
    """The results kept under a name, or what two of them say differently."""
    from cli.scenarios import compared, listed

    if compare is not None:
        compared(compare, out, language)
    elif out is not None:
        raise BadParameter("--out", str(out), Note("allowed.with_compare"))
    else:
        listed(language)


COMMANDS = [app, areas, layers, run, scenarios, export, import_]
