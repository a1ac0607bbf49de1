"""A page and an atlas against drawing bare outlines: ``python benchmarks/figure.py``.

Prints ratios to one bare matplotlib page with the same outlines, saved at the same resolution (so
that machines compare), seconds, and the peak of memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from time import perf_counter

from matplotlib.figure import Figure

from layers.workspace import Workspace
from reports.atlas import Wish, atlas
from reports.figure.compose import Atlas, compose
from reports.figure.file import page_of, paper_for

AREA, PROVINCE, LAYER, DPI = "0207", "02", "soil_group_figures", 200


def bare(known: Atlas) -> float:
    """Seconds of a page with outlines and nothing else."""
    begin = perf_counter()
    figure = Figure(figsize=(8.27, 11.69))
    axes = figure.add_axes((0.1, 0.1, 0.8, 0.8))
    known.metres["communes"].boundary.plot(ax=axes)
    figure.savefig(BytesIO(), format="png", dpi=DPI)
    return perf_counter() - begin


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        known = Atlas.of(Workspace(Path(place) / "workspace"))
        bare(known)
        peer = bare(known)
        begin = perf_counter()
        content = compose(known, [AREA], "km", layers=[LAYER])
        page_of(content, paper_for(content, "A4"), ".png", DPI)
        page = perf_counter() - begin
        begin = perf_counter()
        made = atlas(known, PROVINCE, Wish("km", layers=(LAYER,)))
        whole = perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
        2**20 if sys.platform != "darwin" else 2**30
    )
    print(f"A4 page {page:.1f} s, {page / peer:.1f} x bare")
    print(
        f"atlas of {made.pages} pages {whole:.1f} s, {whole / made.pages / peer:.1f} x bare a page"
    )
    print(f"peak {peak:.2f} GiB")


if __name__ == "__main__":
    main()
