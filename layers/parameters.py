"""Parameters of an analysis, from the words of a call to one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_origin, get_type_hints

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
            parent = name.rpartition(".")[0]
            beside = tuple(known for known in names if known.rpartition(".")[0] == parent)
            raise UnknownParameter(name, beside or names)
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
            inner = _parts_of(hints[item.name])
            if inner is not None:
                yield from _names(inner, f"{prefix}{item.name}.")


def _dotted(given: Mapping[str, Any], kind: type, prefix: str = "") -> Iterator[str]:
    hints = get_type_hints(kind)
    for name, value in given.items():
        yield prefix + name
        inner = _parts_of(hints.get(name))
        for part in value if isinstance(value, (list, tuple)) else (value,):
            if isinstance(part, Mapping) and inner is not None:
                yield from _dotted(part, inner, f"{prefix}{name}.")


def _parts_of(hint: Any) -> type | None:
    """The dataclass that a hint is, or holds a row of."""
    if get_origin(hint) is tuple:
        hint = get_args(hint)[0]
    return hint if isinstance(hint, type) and is_dataclass(hint) else None
