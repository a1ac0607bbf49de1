"""An order carried out at the terminal: made with a bar of progress, written, spoken of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from layers.workspace import Workspace
from locales import text

if TYPE_CHECKING:
    from reports.order import Order


def carry_out(order: Order, out: Path) -> None:
    """Make what is ordered and write it whole; say what it leaves out and where it is.

    Raises
    ------
    DeimapError
        What making and writing it may raise.
    """
    from cli.progress import progress_bar
    from reports.order import make
    from reports.whole import write_whole

    with progress_bar(order.language) as progress:
        made = make(order, Workspace.default(), progress)
    write_whole(out, made.content)
    for note in made.remarks:
        click.echo(text(note.key, order.language, **dict(note.values)), err=True)
    click.echo(text("cli.exported", order.language, path=str(out)))


def ending_of(what: str, out: Path, overwrite: bool) -> str:
    """The ending of the file, checked before the work is done.

    Raises
    ------
    BadParameter, OutputTaken
        When what is ordered has no such format, or the file is there already.
    """
    from reports.order import endings
    from reports.whole import require_out

    return require_out(out, endings(what), overwrite)


def parts(words: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in words.split(",") if part.strip())
