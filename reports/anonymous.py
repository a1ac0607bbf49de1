"""What leaves the house names no provider: parameters without the references people typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

OF_PROVIDERS = ("closed", "moved", "more_machines")
"""Changes of a what-if that name providers by their references."""


def stated(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as an export states them: of changes to providers only how many.

    >>> stated({"what_if": {"closed": ["EX-S-01", "EX-S-02"], "moved": [], "speed_factor": 2.0}})
    {'what_if': {'closed': 2, 'moved': 0, 'speed_factor': 2.0}}
    """
    said = dict(parameters)
    what_if = said.get("what_if")
    if isinstance(what_if, Mapping):
        said["what_if"] = {
            name: len(value) if name in OF_PROVIDERS and isinstance(value, list | tuple) else value
            for name, value in what_if.items()
        }
    return said
