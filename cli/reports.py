"""Reports from the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from cli.orders import carry_out, ending_of, parts
from locales import LANGUAGES, Language, text

FORMS = ("report", "brief", "field", "company", "plan")


@click.command()
@click.option("--area", required=True, help="Codes or names, separated by commas; KH = country.")
@click.option(
    "--result",
    "results",
    required=True,
    multiple=True,
    type=click.Path(path_type=Path),
    help="Folder of a result that covers the area; may be given for each analysis.",
)
@click.option("--form", type=click.Choice(FORMS), default="report", help="brief: two pages.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the report.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.pdf, .docx")
@click.option(
    "--template", type=click.Path(path_type=Path), help="Word file whose looks a .docx takes."
)
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def report(
    language: Language,
    area: str,
    results: tuple[Path, ...],
    form: str,
    lang: Language | None,
    out: Path,
    template: Path | None,
    overwrite: bool,
) -> None:
    """Make a report of an area from kept results."""
    from reports.order import Order

    ending = ending_of(form, out, overwrite)
    order = Order(form, parts(area), ending, lang or language, results=results, looks=template)
    carry_out(order, out)


@click.command("report-template")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of the reports.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="FILE.docx")
@click.option("--overwrite", is_flag=True, help="Replace the file.")
@click.pass_obj
def report_template(language: Language, lang: Language | None, out: Path, overwrite: bool) -> None:
    """Write the Word template of reports: change its looks, then give it to report."""
    from reports.document.template import template
    from reports.whole import require_out, write_whole

    require_out(out, (".docx",), overwrite)
    write_whole(out, template(lang or language))
    click.echo(text("cli.exported", lang or language, path=str(out)))
