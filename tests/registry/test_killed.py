"""A killed process leaves whole imports or none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from registry.database import Database
from registry.records import events, requests

FILE = (
    "reference,event,date,commune,lon,lat,requested_crop,requested_season,requested_year,"
    "requested_ha\n"
    + "".join(
        f"E{number},annual-meeting,2026-01-28,020704,102.85,12.85,maize,dry,2026,{number + 1}\n"
        for number in range(50)
    )
)

CHILD = """
import sys, time
sys.path[:0] = [{project!r}, {here!r}]
import conftest, registry.intake as intake
from registry.database import Database

write = intake.carry_out

def write_and_wait(*told):
    write(*told)
    if {stop!r} == "half-way":
        print("now", flush=True)
        time.sleep(60)

intake.carry_out = write_and_wait
intake.intake({file!r}, "events", Database.open({url!r}), conftest.Places())
print("now", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("stop", "kept"), [("half-way", 0), ("after", 50)])
def test_killed(url: str, tmp_path: Path, stop: str, kept: int) -> None:
    file = tmp_path / "events.csv"
    file.write_text(FILE, encoding="utf-8")
    here = Path(__file__).parent
    told = {"project": str(here.parents[1]), "here": str(here), "file": str(file)}
    code = CHILD.format(url=url, stop=stop, **told)
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "now\n"
        child.kill()
    with Database.open(url) as database:
        assert len(events(database)) == kept
        assert len(requests(database)) == kept
