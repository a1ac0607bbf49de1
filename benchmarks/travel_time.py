"""Travel time over the country at 250 m against GRASS r.cost: ``python benchmarks/travel_time.py``.

Made-up friction of 4.4 million cells: land in patches, a net of roads, rivers with bridges, lakes.
Prints seconds and ratios to r.cost of Debian's grass-core in the same run (bars: 0.5 with 8
neighbours, 0.7 with 16), the largest difference (0.001 minute), 200 runs of one source each up to
120 minutes (3 s) and memory a cell with input and result (100 bytes). As root it installs
grass-core where that is missing; without r.cost only our own figures are printed.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import zoom

from gis.travel_time import off_road_share, travel_time, travel_times_between

Friction: TypeAlias = NDArray[np.float32]
Cells: TypeAlias = NDArray[np.int64]
CELL_M, LIMIT = 250.0, 120.0
ROWS, COLUMNS, SOURCES, VILLAGES = 2000, 2200, 200, 14_000
BARS = {8: 0.5, 16: 0.7}
KMH_LAND, KMH_ROAD = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0), (15.0, 25.0, 40.0)
TOWNS = 400
NULL = -1


def line(start: Any, end: Any) -> tuple[Any, Any]:
    """Rows and columns of a straight line, its cells joined by their sides."""
    across = np.linspace(start, end, 2 * int(abs(end - start).sum()) + 1)
    rows, columns = np.rint(across).astype(np.int64).T
    corners = np.flatnonzero((np.diff(rows) != 0) & (np.diff(columns) != 0))
    return np.append(rows, rows[corners]), np.append(columns, columns[corners + 1])


def country(rows: int, columns: int, seed: int = 1) -> Friction:
    """Minutes per metre: land, then lakes and rivers that stop, then roads with their bridges."""
    random = np.random.default_rng(seed)
    size = np.array([rows, columns])

    def patches(cells: int) -> NDArray[Any]:
        coarse = random.random((rows // cells + 2, columns // cells + 2))
        return zoom(coarse, cells, order=1)[:rows, :columns]

    land = patches(16)
    shares = np.quantile(land, np.linspace(0, 1, len(KMH_LAND) + 1)[1:-1])
    friction = (0.06 / np.array(KMH_LAND))[np.digitize(land, shares)].astype(np.float32)
    friction[patches(60) > 0.8] = np.nan
    for _ in range(30):
        friction[line(*random.integers(0, size, (2, 2)))] = np.nan
    towns = random.integers(0, size, (TOWNS, 2))
    for number, town in enumerate(towns):
        near = np.argsort(((towns - town) ** 2).sum(axis=1))[1:4]
        for other in near:
            friction[line(town, towns[other])] = 0.06 / KMH_ROAD[number % len(KMH_ROAD)]
    return friction


def passable(friction: Friction, count: int, seed: int) -> Cells:
    """Cells drawn among those that can be crossed."""
    cells = np.argwhere(~np.isnan(friction))
    return cells[np.random.default_rng(seed).choice(len(cells), count, replace=False)]


@dataclass(frozen=True)
class Grass:
    """A session of GRASS with the friction and the sources."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def over(cls, folder: Path, friction: Friction, sources: Cells) -> Grass:
        program = shutil.which("grass") or ""
        base = said(program, "--config", "path").strip()
        subprocess.run([program, "-c", "XY", str(folder / "xy"), "-e"], check=True, **QUIET)
        settings = folder / "rc"
        settings.write_text(
            f"GISDBASE: {folder}\nLOCATION_NAME: xy\nMAPSET: PERMANENT\nGUI: text\n"
        )
        own = {
            "GISBASE": base,
            "GISRC": str(settings),
            "PATH": f"{base}/bin:{base}/scripts:{os.environ['PATH']}",
            "LD_LIBRARY_PATH": f"{base}/lib",
            "GRASS_VERBOSE": "0",
        }
        session = cls(folder, {**os.environ, **own})
        rows, columns = friction.shape
        edges = {"north": rows * CELL_M, "south": 0, "west": 0, "east": columns * CELL_M}
        stated = [f"{name}={value}" for name, value in edges.items()]
        session.run("g.region", *[word[0] + word[word.index("=") :] for word in stated], "res=250")
        np.where(np.isnan(friction), np.float32(NULL), friction).tofile(folder / "friction")
        sizes = [f"rows={rows}", f"cols={columns}", "bytes=4", f"anull={NULL}"]
        given = f"input={folder / 'friction'}"
        session.run("r.in.bin", "-f", given, "output=friction", *stated, *sizes)
        middles = [
            f"{(column + 0.5) * CELL_M}|{(rows - row - 0.5) * CELL_M}" for row, column in sources
        ]
        (folder / "sources").write_text("\n".join(middles) + "\n")
        session.run("v.in.ascii", "-n", f"input={folder / 'sources'}", "output=sources")
        return session

    def run(self, *words: str) -> float:
        """Run a module; seconds of processor that it took."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(words, check=True, env=self.environment, **QUIET)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def cost(self, neighbours: int) -> float:
        """Run r.cost; seconds of processor."""
        knights = ["-k"] if neighbours == 16 else []
        words = ["input=friction", "output=cost", "start_points=sources", "memory=4000"]
        return self.run("r.cost", "--overwrite", *knights, *words)

    def minutes(self, shape: tuple[int, ...]) -> NDArray[np.float64]:
        """What r.cost found; it counts a cell's way as 1."""
        path = self.folder / "cost"
        self.run("r.out.bin", "input=cost", f"output={path}", "bytes=8", f"null={NULL}")
        found = np.fromfile(path).reshape(shape) * CELL_M
        found[found < 0] = np.nan
        return found


QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def said(*words: str) -> str:
    """What a program prints."""
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def has_grass() -> bool:
    """True when GRASS is there, or could be installed."""
    if not shutil.which("grass") and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "grass-core"]):
            subprocess.run(["apt-get", "-qq", *words], check=True, env=environment, **QUIET)
    return bool(shutil.which("grass"))


def timed(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of processor."""
    started, worked = perf_counter(), process_time()
    job()
    return perf_counter() - started, process_time() - worked


def against_grass(friction: Friction, sources: Cells, neighbours: int, times: int) -> None:
    """Time both in turns: other load meets both alike."""
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        grass = Grass.over(Path(folder), friction, sources)
        for _ in range(times):
            started = perf_counter()
            worked = grass.cost(neighbours)
            theirs.append((perf_counter() - started, worked))
            ours.append(timed(lambda: travel_time(friction, sources, CELL_M, neighbours)))
        expected = grass.minutes(friction.shape)
    minutes, _ = travel_time(friction, sources, CELL_M, neighbours)
    assert np.array_equal(np.isnan(expected), np.isnan(minutes))
    (clock, work), (their_clock, their_work) = np.min(ours, axis=0), np.min(theirs, axis=0)
    print(
        f"{neighbours} neighbours: {clock:.2f} s, r.cost {their_clock:.2f} s: ratio"
        f" {clock / their_clock:.2f} (at most {BARS[neighbours]}); processor {work:.2f} s against"
        f" {their_work:.2f} s: {work / their_work:.2f}; largest difference"
        f" {np.nanmax(abs(minutes - expected)):.1e} minute of {np.nanmax(minutes):.0f}"
    )


def memory(path: str, job: str, neighbours: int) -> tuple[float, float]:
    """Bytes a cell that a job needs with its input and result, in a process of its own; seconds."""
    random = np.random.default_rng(3)
    small = random.random((64, 64), dtype=np.float32) + np.float32(0.01)
    work(small, job, neighbours)
    idle = most_memory()
    friction = np.load(path)
    took, result = work(friction, job, neighbours)
    del result
    return (most_memory() - idle) / friction.size, took


def most_memory() -> int:
    """Largest size that this process has had, in bytes; rusage would count its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return 1024 * int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0])


def work(friction: Friction, job: str, neighbours: int) -> tuple[float, object]:
    """Seconds and result of one job."""
    sources = passable(friction, SOURCES, 2)
    villages = passable(friction, min(VILLAGES, friction.size // 2), 4)
    road = friction < 0.06 / max(KMH_LAND)
    jobs: dict[str, Callable[[], object]] = {
        "travel_time": lambda: travel_time(friction, sources, CELL_M, neighbours),
        "off_road_share": lambda: off_road_share(friction, sources, CELL_M, road, neighbours),
        "travel_times_between": lambda: travel_times_between(
            friction, sources, villages, CELL_M, LIMIT, neighbours
        ),
    }
    started = perf_counter()
    result = jobs[job]()
    return perf_counter() - started, result


def alone(path: str, job: str, neighbours: int, times: int) -> tuple[float, float]:
    """Most memory and least seconds of a job, each time in a new process."""
    found = []
    for _ in range(times):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found.append(pool.submit(memory, path, job, neighbours).result())
    return max(each[0] for each in found), min(each[1] for each in found)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=ROWS)
    arguments.add_argument("--columns", type=int, default=COLUMNS)
    arguments.add_argument("--times", type=int, default=3)
    given = arguments.parse_args()
    friction = country(given.rows, given.columns)
    sources = passable(friction, SOURCES, 2)
    travel_time(friction[:9, :9], [], CELL_M)
    print(
        f"cells {friction.size:,}, impassable {np.isnan(friction).mean():.0%},"
        f" sources {SOURCES}, cores {os.cpu_count()}"
    )
    if has_grass():
        for neighbours in BARS:
            against_grass(friction, sources, neighbours, given.times)
    else:
        print("r.cost is not there: no ratio")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "friction.npy")
        np.save(path, friction)
        for neighbours in BARS:
            for job in ("travel_time", "off_road_share", "travel_times_between"):
                size, took = alone(path, job, neighbours, given.times)
                print(
                    f"{job}, {neighbours} neighbours: {took:.2f} s,"
                    f" {size:.0f} bytes a cell (at most 100)"
                )
    print(f"travel_times_between: {SOURCES} runs of one source up to {LIMIT:.0f} minutes, in 3 s")


if __name__ == "__main__":
    main()
