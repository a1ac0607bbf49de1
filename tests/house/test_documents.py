"""What documents tell people to type is understood by the program as it is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from cli.main import deimap

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *(path.relative_to(PROJECT).as_posix() for path in sorted((PROJECT / "docs").rglob("*.md"))),
)
BLOCK = re.compile(r"^ {4}(deimap .+)$|^(deimap .+)$", re.MULTILINE)


def lines() -> Iterator[tuple[str, str]]:
    """Each command line that stands as a line of its own, and where; explanations cut off."""
    for document in DOCUMENTS:
        for found in BLOCK.finditer((PROJECT / document).read_text(encoding="utf-8")):
            yield document, re.split(r" {2,}", found[1] or found[2])[0]


LINES = sorted(set(lines()))


def test_documents_show_commands() -> None:
    shown = {line.split()[1] for _, line in LINES}
    assert {"run", "map", "atlas", "report", "export", "import", "registry"} <= shown


@pytest.mark.parametrize(("document", "line"), LINES)
def test_a_command_is_understood(document: str, line: str) -> None:
    """Its words are read to the end: command, options, values to choose from. Nothing is run.

    What stands in brackets may be left out; here it is read.
    """
    words = shlex.split(re.sub(r"[][]", "", line), comments=True)[1:]
    command: click.Command = deimap
    while isinstance(command, click.Group):
        command = command.commands[words.pop(0)]
    command.make_context(command.name, words)
