"""Files for the browser, taken from packages and never committed: Leaflet and the Khmer font.

``python -m layers.assets`` fills ``static/`` from the folder into which ``install.py`` unpacked the
packages of ``requirements-assets.lock``.

The font is Noto Sans Khmer, cut to two weights under a family name of our own: a Noto that the
system has installed may lack Latin letters and would silently take its place.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools.ttLib import TTFont

from gis.errors import FileMissing
from layers.workspace import PROJECT
from locales import error_text

STATIC = PROJECT / "static"
UNPACKED = PROJECT / ".cache" / "assets"
FAMILY = "Deimap Khmer"
WEIGHTS = {"Regular": 400, "Bold": 700}

_LEAFLET = Path("leaflet/static/leaflet")
_FONT = Path("fontpkg_noto_sans_khmer/files/NotoSansKhmer[wdth,wght].ttf")
_FONT_LICENCE = Path("fontpkg_noto_sans_khmer/LICENSE")
_LEAFLET_LICENCE = PROJECT / "docs" / "licences" / "leaflet.txt"

_FAMILY_NAME, _STYLE_NAME, _UNIQUE_NAME, _FULL_NAME, _POSTSCRIPT_NAME = 1, 2, 3, 4, 6
_NAMES_OF_THE_VARIABLE_FONT = (16, 17, 21, 22, 25)
_BOLD, _REGULAR, _MAC_BOLD = 1 << 5, 1 << 6, 1 << 0


def make_assets(unpacked: Path = UNPACKED, static: Path = STATIC) -> list[Path]:
    """Copy Leaflet and cut the font; what stood there before is replaced.

    Parameters
    ----------
    unpacked
        Folder with the unpacked packages of ``requirements-assets.lock``.
    static
        Folder that the app serves to the browser.

    Returns
    -------
    list of Path
        The files made, licences included.

    Raises
    ------
    FileMissing
        When a file is not among the unpacked ones.
    """
    return [*_leaflet(unpacked, static / "leaflet"), *_font(unpacked, static)]


def _leaflet(unpacked: Path, folder: Path) -> list[Path]:
    source = unpacked / _LEAFLET
    images = sorted((_present(source / "images")).glob("*.png"))
    wanted = {
        _present(source / "leaflet.js"): folder / "leaflet.js",
        _present(source / "leaflet.css"): folder / "leaflet.css",
        _LEAFLET_LICENCE: folder / "LICENSE.txt",
        **{image: folder / "images" / image.name for image in images},
    }
    (folder / "images").mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(origin, target)) for origin, target in wanted.items()]


def _font(unpacked: Path, folder: Path) -> list[Path]:
    source, licence = _present(unpacked / _FONT), _present(unpacked / _FONT_LICENCE)
    made = [Path(shutil.copyfile(licence, folder / "DeimapKhmer-LICENSE.txt"))]
    for style, weight in WEIGHTS.items():
        target = folder / f"DeimapKhmer-{style}.ttf"
        cut = static_font(source, style, weight)
        cut.save(target)
        made.append(target)
    return made


def static_font(source: Path, style: str, weight: int) -> TTFont:
    """One weight of the variable font at normal width, under the family name of our own."""
    # cutting is for installing; whoever prints wants the names of the files
    from fontTools.varLib import instancer

    font = instancer.instantiateVariableFont(
        TTFont(source, recalcTimestamp=False), {"wght": weight, "wdth": 100}
    )
    names = font["name"]
    version = names.getDebugName(5)
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    for name_id, value in {
        _FAMILY_NAME: FAMILY,
        _STYLE_NAME: style,
        _UNIQUE_NAME: f"{version};{postscript}",
        _FULL_NAME: f"{FAMILY} {style}",
        _POSTSCRIPT_NAME: postscript,
    }.items():
        names.removeNames(nameID=name_id)
        names.setName(value, name_id, 3, 1, 0x409)
    for name_id in _NAMES_OF_THE_VARIABLE_FONT:
        names.removeNames(nameID=name_id)
    bold = style == "Bold"
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection &= ~(_BOLD | _REGULAR)
    font["OS/2"].fsSelection |= _BOLD if bold else _REGULAR
    font["head"].macStyle = _MAC_BOLD if bold else 0
    return font


def _present(path: Path) -> Path:
    if not path.exists():
        raise FileMissing(str(path))
    return path


if __name__ == "__main__":
    try:
        make_assets()
    except FileMissing as missing:
        sys.exit(error_text(missing, "en"))
