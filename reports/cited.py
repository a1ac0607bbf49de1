"""Sources and licences in the language of a page: names stay, what is said of them does not."""

from __future__ import annotations

from collections.abc import Mapping

from locales import Language, text

SAID: Mapping[str, str] = {
    "records of this workspace": "sources.registry",
    "own records, not for redistribution": "sources.own_records",
    "Made up by this program (layers/example_land.py): no measurement of any place": (
        "sources.made_up"
    ),
    "no data licence stated": "sources.no_data_licence",
    "no licence stated": "sources.no_licence",
    "self-reported": "sources.self_reported",
    "Public domain": "sources.public_domain",
    "soil map": "sources.soil_map",
    "SRTM-derived relief": "sources.srtm_relief",
    "generalised": "sources.generalised",
    "contributors": "sources.contributors",
    "via ": "sources.via",
}
"""Words of a source or licence as catalogue and records state them -> key of their text; a longer
one stands before one that it holds."""


def cited(stated: str, language: Language) -> str:
    """A source or licence; names of offices, data sets and licences stay as they are.

    >>> cited("Open Development Cambodia, no licence stated", "en")
    'Open Development Cambodia, no licence stated'
    """
    for words, key in SAID.items():
        stated = stated.replace(words, text(key, language))
    return stated
