"""What a value may be, in words of the house: the faults that pydantic finds as notes."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from gis.analysis import Note

_BY_TYPE = {
    "greater_than_equal": "allowed.greater_than_equal",
    "greater_than": "allowed.greater_than",
    "less_than_equal": "allowed.less_than_equal",
    "less_than": "allowed.less_than",
    "finite_number": "allowed.number",
    "float_type": "allowed.number",
    "float_parsing": "allowed.number",
    "int_type": "allowed.whole_number",
    "int_parsing": "allowed.whole_number",
    "int_from_float": "allowed.whole_number",
    "multiple_of": "allowed.whole_number",
    "string_type": "allowed.words",
    "string_too_short": "allowed.not_empty",
    "string_pattern_mismatch": "allowed.written_like",
    "tuple_type": "allowed.list",
    "list_type": "allowed.list",
    "dict_type": "allowed.table",
    "dataclass_type": "allowed.table",
    "dataclass_exact_type": "allowed.table",
    "mapping_type": "allowed.table",
    "literal_error": "allowed.one_of",
    "missing": "allowed.missing",
    "unexpected_keyword_argument": "allowed.unknown_key",
    "extra_forbidden": "allowed.unknown_key",
    "one_weight": "allowed.one_weight",
    "descending": "allowed.descending",
    "period": "allowed.period",
    "around_one": "allowed.around_one",
    "bands": "allowed.bands",
    "off_road": "allowed.off_road",
    "unseen": "allowed.name",
    "twice": "allowed.once",
    "ascending": "allowed.ascending",
}


def first_fault(error: ValidationError) -> tuple[str, str, Note | str]:
    """Where the first fault of a value stands, what stands there, and what may.

    A fault of a kind that has no text of ours keeps the words of pydantic. One of the whole names
    in its context the part that is meant, and what stands there.
    """
    fault = error.errors()[0]
    told = dict(fault.get("ctx") or {})
    inner, value = told.pop("name", ""), told.pop("value", fault["input"])
    where = ".".join(str(part) for part in (*fault["loc"], inner) if part != "")
    key = _BY_TYPE.get(fault["type"])
    said = fault["msg"] if key is None else Note(key, _values(told))
    return where, _written(value), said


def _written(value: object) -> str:
    """A value as it stands in a call; the parts of a table by name."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}={part}" for name, part in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_written(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(told: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Limits as they are written in a call: 2100, not 2,100."""
    if "expected" in told:
        words = str(told["expected"]).replace(" or ", ", ")
        choices = ast.literal_eval(f"[{words}]")
        return (("choices", tuple(str(choice) for choice in choices if choice != "")),)
    return tuple(
        (name, f"{v:.10g}" if isinstance(v, float) else str(v)) for name, v in told.items()
    )
