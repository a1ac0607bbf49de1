"""A web map as one HTML file: it asks no other machine for anything, and no text in it can run.

Texts reach the page as data and from there as text of the page, never as markup. A policy in the
file itself allows its one script by checksum and no address but those that hold their content.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.assets import STATIC
from layers.drawing import esc
from layers.inline import Inlined, inlined
from locales import LANGUAGES
from reports.webmap.content import Choice, WebMap

_HERE = Path(__file__).parent
_PLACE = re.compile("@([a-z]+)@")
_SCRIPTS = ("page.js", "told.js", "find.js", "panel.js")
_LICENCES = ("leaflet/LICENSE.txt", "DeimapKhmer-LICENSE.txt")


def page(made: WebMap) -> bytes:
    """The file, in UTF-8.

    Raises
    ------
    MapAssetMissing, FileMissing
        When the drawing code or the fonts have not been installed.
    """
    loaded = inlined(made.ground)
    spoken = made.spoken[made.language]
    script = _unix("\n".join((loaded.script, *(_own(name) for name in _SCRIPTS))))
    needs = " · ".join(
        dict.fromkeys(made.spoken[one].texts["needs_script"] for one in (made.language, *LANGUAGES))
    )
    held = {
        "language": made.language,
        "policy": html.escape(_policy(script)),
        "software": html.escape(spoken.software),
        "title": html.escape(f"{spoken.title}, {spoken.subtitle}"),
        "icon": loaded.signs["deimap"],
        "styles": _unix(f"{loaded.styles}\n{_own('panel.css')}"),
        "needs": html.escape(needs),
        "data": _data(made, loaded),
        "script": script,
    }
    return _PLACE.sub(lambda found: held[found[1]], _own("page.html")).encode()


def _policy(script: str) -> str:
    """What the file may load: its own script by its checksum, pictures and fonts inside it."""
    checksum = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    rules = {
        "default-src": "'none'",
        "script-src": f"'sha256-{checksum}'",
        "style-src": "'unsafe-inline'",
        "img-src": "data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {allowed}" for name, allowed in rules.items())


def _own(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _unix(words: str) -> str:
    """As a browser reads it: a checksum is that of the text with its line ends made alike."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


def _data(made: WebMap, loaded: Inlined) -> str:
    """Everything that the script draws, as JSON in which no text can end the element."""
    parts: dict[str, int] = {}
    choices = [_choice(choice, parts) for choice in made.choices]
    stated = {
        "language": made.language,
        "options": loaded.options,
        "fonts": loaded.fonts,
        "signs": loaded.signs,
        "choices": choices,
        "communes": {code: asdict(told) for code, told in made.communes.items()},
        "sites": {code: [asdict(one) for one in told] for code, told in made.sites.items()},
        "spoken": {one: asdict(spoken) for one, spoken in made.spoken.items()},
        "example": made.example,
        "licences": [(STATIC / name).read_text(encoding="utf-8") for name in _LICENCES],
    }
    return f'{esc(stated)[:-1]},"parts":[{",".join(parts)}],"base":{{{made.ground.script}}}}}'


def _choice(choice: Choice, parts: dict[str, int]) -> dict[str, Any]:
    """A choice whose drawings name their parts: what several show stands once in the file."""
    return {
        "key": choice.key,
        "cells": choice.by_cell,
        "names": choice.names,
        "drawings": {
            language: {
                name: parts.setdefault(esc(value), len(parts))
                for name, value in drawing.as_json().items()
            }
            for language, drawing in choice.drawings.items()
        },
    }
