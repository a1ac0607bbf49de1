"""A map, an atlas and a report through the door: ``python benchmarks/figure.py``.

Each is a call of ``deimap`` with a process of its own, from its start to its file. Prints seconds
of processor and clock, both also as ratios to a loop of plain arithmetic that runs before each (so
that machines, and loaded ones, compare), and the peak of memory. On an idle machine a map may take
5 s, the atlas of 22 districts 60 s and 1 GiB, the report of a district with four results 10 s; that
of the four areas is the longest that there is (30 pages).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, process_time

from layers.folder import SUMMARY
from layers.prepare import prepare
from layers.workspace import Workspace

AREAS = "0207,0208,0201,13"
ANALYSES = ("sites", "suitability", "coverage", "land-degradation")
LAYER, PROVINCES, DISTRICT = "soil_group_figures", "02,13", "0207"
LOOPS = 5_000_000
CALL = (sys.executable, "-c", "from cli.main import main; main()")


def calibration() -> tuple[float, float]:
    """Seconds of processor and clock of a loop that does nothing but add."""
    clock, processor = perf_counter(), process_time()
    total = 0
    for number in range(LOOPS):
        total += number * number
    return process_time() - processor, perf_counter() - clock


def measured(words: Sequence[str], workspace: Path) -> tuple[float, float, float]:
    """Seconds of processor and clock of a call, and its peak of memory in GiB."""
    begin = perf_counter()
    environment = {**os.environ, "DEIMAP_WORKSPACE": str(workspace)}
    called = subprocess.Popen([*CALL, *words], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(called.pid, 0)
    clock = perf_counter() - begin
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(" ".join(words))
    per_gib = 2**20 if sys.platform != "darwin" else 2**30
    return used.ru_utime + used.ru_stime, clock, used.ru_maxrss / per_gib


def results_in(folder: Path, workspace: Path) -> list[Path]:
    """Folders of a result of each analysis, made where there is none.

    In processes of their own: a child is born with the memory of its parent, and its peak tells it.
    """
    for name in ANALYSES:
        if not (folder / name / SUMMARY).is_file():
            measured(("run", name, "--area", AREAS, "--out", str(folder / name)), workspace)
    return [folder / name for name in ANALYSES]


def calls(results: Sequence[Path], out: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What is measured, and the words of its call."""
    spoken = ("--lang", "km", "--overwrite")
    shown = ("--result", str(results[1]))
    yield "map", ("map", "--area", DISTRICT, *shown, *spoken, "--out", f"{out}/map.png")
    yield "map, vector", ("map", "--area", DISTRICT, *shown, *spoken, "--out", f"{out}/map.pdf")
    whole = ("--area", PROVINCES, "--layers", LAYER)
    yield "atlas", ("atlas", *whole, *spoken, "--out", f"{out}/atlas.pdf")
    of = [word for folder in results for word in ("--result", str(folder))]
    for name, areas, ending in (
        ("report", DISTRICT, "pdf"),
        ("four areas", AREAS, "pdf"),
        ("four, Word", AREAS, "docx"),
    ):
        yield name, ("report", "--area", areas, *of, *spoken, "--out", f"{out}/report.{ending}")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--results", type=Path, help="Folder of results; kept between runs.")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="deimap-") as place:
        workspace = prepare(Workspace(Path(place) / "workspace"))
        results = results_in(given.results or Path(place) / "results", workspace.root)
        print("             processor       clock          peak")
        for name, words in calls(results, Path(place)):
            processor, clock = calibration()
            own, passed, peak = measured(words, workspace.root)
            print(
                f"{name:12} {own:5.1f} s {own / processor:4.0f} x"
                f" {passed:5.1f} s {passed / clock:4.0f} x {peak:5.2f} GiB"
            )


if __name__ == "__main__":
    main()
