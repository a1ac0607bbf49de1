"""Parameters of an analysis, from the words of a call to one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from gis.errors import BadParameter, UnknownParameter
from layers.allowed import first_fault


def parameters_of(kind: type, given: Mapping[str, Any]) -> Any:
    """Parameters of the dataclass ``kind``, each checked; what is not given keeps its default.

    Raises
    ------
    UnknownParameter
        When a name is none of its fields (``weights.need`` names a field of a field).
    BadParameter
        When a value is of the wrong type or outside its range.
    """
    names = tuple(_names(kind))
    for name in _dotted(given, kind):
        if name not in names:
            raise UnknownParameter(name, names)
    try:
        return TypeAdapter(kind).validate_python(dict(given))
    except ValidationError as error:
        name, value, may_be = first_fault(error)
        raise BadParameter(name or "parameters", value, may_be) from error


def _names(kind: type, prefix: str = "") -> Iterator[str]:
    hints = get_type_hints(kind, include_extras=False)
    for item in fields(kind):
        if not item.metadata.get("internal"):
            yield prefix + item.name
            if is_dataclass(hints[item.name]):
                yield from _names(hints[item.name], f"{prefix}{item.name}.")


def _dotted(given: Mapping[str, Any], kind: type, prefix: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for name, value in given.items():
        yield prefix + name
        inner = hints.get(name)
        if isinstance(value, Mapping) and is_dataclass(inner):
            yield from _dotted(value, inner, f"{prefix}{name}.")  # type: ignore[arg-type]
