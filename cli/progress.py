"""Progress of long work on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from gis.analysis import Progress as Report
from locales import Language, text


@contextmanager
def progress_bar(language: Language) -> Iterator[Report]:
    """A bar on standard error; nothing is drawn where that is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("", total=None)

        def report(step: str, number: int, of: int) -> None:
            bar.update(task, description=text(step, language), completed=number, total=of)

        yield report
