"""The table of tracks and their criteria, ``tracks.toml``, as values."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gis.errors import CatalogueInvalid
from gis.tracks import Track
from layers.allowed import first_fault
from layers.files import read_toml

TABLE = Path(__file__).with_name("tracks.toml")


@cache
def tracks(table: Path = TABLE) -> tuple[Track, ...]:
    """The tracks of the table, in its order.

    Raises
    ------
    CatalogueInvalid
        When a row holds an unknown key, lacks one or does not make sense.
    """
    try:
        return TypeAdapter(tuple[Track, ...]).validate_python(read_toml(table).get("tracks", ()))
    except ValidationError as error:
        where, _, may_be = first_fault(error)
        raise CatalogueInvalid(str(table), f"tracks.{where}", may_be) from error
