"""A call of the terminal in a process of its own, held in the middle of its work."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from layers.workspace import PROJECT

# What starts the tests may have told its children to pass over an interrupt. One that comes just
# before a sleep does not end it: many short ones.
_PROGRAM = """
import signal, time, {module} as module
signal.signal(signal.SIGINT, signal.default_int_handler)
def wait(*_, **__):
    print("here", flush=True)
    for _ in range(3000):
        time.sleep(0.1)
module.{function} = wait
from cli.main import main
main()
"""


@contextmanager
def held(
    module: str, function: str, words: Sequence[str], folder: Path, **environment: str
) -> Iterator[subprocess.Popen[str]]:
    """The process, which has come to a function of a module and waits there."""
    child = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(module=module, function=function), *words],
        cwd=folder,
        env=os.environ | environment | {"PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "here\n"
            yield child
        finally:
            child.kill()
