"""Make the pictures of what leaves the house: maps, atlas, documents and the web map of a file.

Run ``make printed``; Chromium and poppler-utils must be installed. Everything is made by the
commands that the README names, on the embedded example, so every picture bears its stamp.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright
from screenshots import CHROMIUM, PICTURES, SIZE

DEIMAP = Path(sys.executable).with_name("deimap")
DISTRICT, AREAS = "0207", "0207,0208,0201,13"
LARGEST = 250_000
"""Bytes of a picture: readers of the README load all of them."""
WIDTH = 760
"""Pixels that a page is made wide: its small print can be told, if not read."""


@dataclass(frozen=True)
class Printed:
    """A file that ``deimap`` makes, and its page that is shown."""

    command: str
    results: tuple[str, ...] = ()
    page: int = 1


RUNS = {
    "sites": f"sites --area {DISTRICT} --set count=5",
    "coverage": f"coverage --area {DISTRICT}",
    "land": f"land-degradation --area {DISTRICT}",
    "four": f"sites --area {AREAS}",
}
PAGES = {
    "map_sites_km": Printed(f"map --area {DISTRICT} --lang km", ("sites",)),
    "map_coverage_en": Printed(f"map --area {DISTRICT} --lang en", ("coverage",)),
    "map_land_km": Printed(f"map --area {DISTRICT} --lang km", ("land",)),
    "atlas_index_km": Printed("atlas --area 02 --layers slope_figures --lang km"),
    "report_en": Printed(
        f"report --area {DISTRICT} --lang en", ("sites", "coverage", "land"), page=2
    ),
    "brief_km": Printed(f"report --form brief --area {DISTRICT} --lang km", ("sites", "coverage")),
    "field_sheet_km": Printed(f"report --form field --area {DISTRICT} --lang km", ("sites",)),
}
WEB_MAP = "web_map_en"


def deimap(words: list[str], env: Mapping[str, str]) -> None:
    print("deimap", *words, flush=True)
    subprocess.run([DEIMAP, *words], env=env, check=True)


def print_page(name: str, folder: Path, env: Mapping[str, str]) -> None:
    """Make the PDF of a picture and draw the page of it that is shown."""
    shown, out = PAGES[name], folder / f"{name}.pdf"
    results = [word for run in shown.results for word in ("--result", str(folder / run))]
    deimap([*shown.command.split(), *results, "--out", str(out)], env)
    page = ["-f", str(shown.page), "-l", str(shown.page), "-singlefile"]
    size = ["-scale-to-x", str(2 * WIDTH), "-scale-to-y", "-1"]
    subprocess.run(["pdftoppm", "-png", *page, *size, out, folder / name], check=True)
    keep(folder / f"{name}.png", name)


def open_web_map(folder: Path, env: Mapping[str, str]) -> None:
    """Make the web map of the areas and open it from the disk, as from a USB stick."""
    out = folder / f"{WEB_MAP}.html"
    deimap(["export", str(folder / "four"), "--lang", "en", "--out", str(out)], env)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport=SIZE)
        page.goto(out.as_uri())
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(2500)
        page.screenshot(path=folder / f"{WEB_MAP}.png")
        browser.close()
    keep(folder / f"{WEB_MAP}.png", WEB_MAP)


def keep(drawn: Path, name: str) -> None:
    """Put a picture beside the others, in as few colours as its size asks for."""
    target = PICTURES / f"{name}.png"
    with Image.open(drawn) as picture:
        wide = min(picture.width, SIZE["width"] if name == WEB_MAP else WIDTH)
        high = round(picture.height * wide / picture.width)
        small = picture.convert("RGB").resize((wide, high), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64, 32):
        small.quantize(colours, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            return
    raise SystemExit(f"{target.name} is larger than {LARGEST} bytes")


def main() -> None:
    """Make all pictures, or those that are named: ``printed.py map_sites_km``."""
    named = sys.argv[1:] or [*PAGES, WEB_MAP]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        env = os.environ | {"DEIMAP_WORKSPACE": str(folder / "workspace")}
        wanted = {run for name in named if name in PAGES for run in PAGES[name].results}
        for run in wanted | ({"four"} if WEB_MAP in named else set()):
            deimap(["run", *RUNS[run].split(), "--out", str(folder / run)], env)
        for name in named:
            if name == WEB_MAP:
                open_web_map(folder, env)
            else:
                print_page(name, folder, env)


if __name__ == "__main__":
    main()
