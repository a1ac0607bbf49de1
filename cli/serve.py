"""Starting the web app as a subprocess, so that the door and the page fail apart."""

from __future__ import annotations

import errno
import socket
import subprocess
import sys

import click

from gis.errors import BadParameter, PortTaken
from layers.prepare import prepare
from layers.workspace import PROJECT, Workspace
from locales import Language, text


def serve(host: str, port: int, language: Language) -> None:
    """Run the app until it is stopped.

    Raises
    ------
    PortTaken
        When something listens there already.
    BadParameter
        When the address is none of this machine, or the port may not be opened.
    """
    prepare(Workspace.default())
    _require_port(host, port)
    click.echo(text("cli.opening", language, address=f"http://{host}:{port}"))
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "app.py")]
    command += [f"--server.address={host}", f"--server.port={port}"]
    # Our own interpreter and file; the host and port are checked above.
    raise SystemExit(subprocess.run(command, cwd=PROJECT, check=False).returncode)  # noqa: S603


def _require_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(host, str(port)) from error
            if error.errno == errno.EACCES:
                raise BadParameter("port", str(port), "1024-65535") from error
            raise BadParameter("host", host, "127.0.0.1, 0.0.0.0") from error
