"""The table of speeds, calendar, field capacities and seed, ``machinery.toml``, as a value."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from gis.coverage.machinery import Machinery
from gis.errors import CatalogueInvalid
from layers.allowed import first_fault
from layers.files import read_toml

TABLE = Path(__file__).with_name("machinery.toml")


@cache
def machinery(table: Path = TABLE) -> Machinery:
    """The whole table, its rows in their order.

    Raises
    ------
    CatalogueInvalid
        When a row holds an unknown key, lacks one, stands twice or does not make sense.
    """
    try:
        return TypeAdapter(Machinery).validate_python(read_toml(table))
    except ValidationError as error:
        where, _, may_be = first_fault(error)
        raise CatalogueInvalid(str(table), where or "machinery", may_be) from error
