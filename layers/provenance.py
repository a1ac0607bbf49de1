"""Where a result came from, as JSON holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from gis.analysis import LayerUse, Note, Provenance


def stated(provenance: Provenance) -> dict[str, Any]:
    """A provenance as plain values, which :func:`provenance_of` reads back."""
    return {
        "analysis": provenance.analysis,
        "areas": list(provenance.areas),
        "parameters": plain(provenance.parameters),
        "example": provenance.example,
        "layers": [plain(asdict(use)) | {"title": dict(use.title)} for use in provenance.layers],
        "software": provenance.software,
        "created": provenance.created,
        "crs": provenance.crs,
        "resolution_m": provenance.resolution_m,
    }


def provenance_of(document: Mapping[str, Any]) -> Provenance:
    """A provenance from the plain values; other keys are passed over."""
    uses = (item | {"title": tuple(item["title"].items())} for item in document["layers"])
    return Provenance(
        document["analysis"],
        tuple(document["areas"]),
        document["parameters"],
        tuple(LayerUse(**item) for item in uses),
        document["software"],
        document["created"],
        document["crs"],
        document["resolution_m"],
        document["example"],
    )


def plain(value: Any) -> Any:
    """A value as JSON holds it; NaN becomes null, never the invalid word ``NaN``."""
    if isinstance(value, Note):
        return {"key": value.key, "values": plain(dict(value.values))}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
