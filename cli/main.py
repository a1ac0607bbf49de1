"""The terminal door: says errors in the language asked for and returns their exit code."""

from __future__ import annotations

import errno
import gc
import io
import signal
import sys
from collections.abc import Sequence
from itertools import pairwise
from types import FrameType

import click

from cli.commands import COMMANDS
from cli.maps import atlas, map_
from cli.registry import registry
from cli.reports import report, report_template
from cli.speech import usage_text
from gis.errors import DeimapError, ImportRefused, OutputUnwritable
from locales import LANGUAGES, Language, error_text, fault_text, text

STOPPED = 130


@click.group(
    commands=[*COMMANDS, map_, atlas, report, report_template, registry],
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", envvar="DEIMAP_LANG", show_default=True
)
@click.version_option(package_name="deimap")
@click.pass_context
def deimap(context: click.Context, lang: Language) -> None:
    """Planning atlas for conservation agriculture in Cambodia."""
    context.obj = lang


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(100_000, 50, 50)  # what a call makes it needs until it ends
    signal.signal(signal.SIGTERM, _stop)
    _speak_utf8()
    sys.exit(exit_code(arguments))


def exit_code(arguments: Sequence[str] | None = None) -> int:
    """Run one call: 0 done, 2 its words are off, 3 data refused, 130 stopped.

    A fault of ours is not caught: Python shows where it happened and exits with 1.
    """
    output = sys.stdout
    language = _language(sys.argv[1:] if arguments is None else arguments)
    try:
        deimap.main(arguments, prog_name="deimap", standalone_mode=False)
    except DeimapError as error:
        click.echo(error_text(error, language), err=True)
        if isinstance(error, ImportRefused):
            _say_faults(error, language)
        return error.exit_code
    except click.ClickException as error:
        _say_usage(error, language)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo(text("cli.stopped", language), err=True)
        return STOPPED
    except SystemExit:
        # click leaves so, its output muffled, when the reader (head, less) has seen enough.
        if sys.stdout is output:
            raise
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        full = OutputUnwritable(text("cli.standard_output", language), error.strerror or "")
        click.echo(error_text(full, language), err=True)
        return full.exit_code
    return 0


def _speak_utf8() -> None:
    """Khmer into files and pipes, also where the system's own encoding cannot hold it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="replace")


def _stop(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _language(arguments: Sequence[str]) -> Language:
    """Language of the call, also when the call itself is what is wrong.

    ``export`` takes the language behind its name too, and complains in that one.
    """
    if "--lang=km" in arguments or ("--lang", "km") in pairwise(arguments):
        return "km"
    try:
        context = deimap.make_context("deimap", list(arguments), resilient_parsing=True)
    except click.ClickException:
        return "en"
    return "km" if context.params.get("lang") == "km" else "en"


def _say_usage(error: click.ClickException, language: Language) -> None:
    if isinstance(error, click.UsageError) and not isinstance(
        error, click.exceptions.NoArgsIsHelpError
    ):
        click.echo(usage_text(error, language), err=True)
    else:
        error.show()


def _say_faults(error: ImportRefused, language: Language) -> None:
    for fault in error.faults:
        click.echo(f"  {fault_text(fault, language)}", err=True)
