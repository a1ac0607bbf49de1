"""Masks of a track on the grid: where land is excluded, where a check on the ground is asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.analysis import Inputs, Note
from gis.grid import NO_DATA
from gis.membership import listed, unclassed
from gis.tracks import Mask, Track

FIRST_MASK = 101
"""Code of the first mask among what limits; criteria have the codes 1 and up."""


@dataclass(frozen=True)
class Masks:
    """What the masks of a track say of each cell.

    Attributes
    ----------
    code
        Code of the first mask that excludes, else 0.
    unknown
        True where a mask that would exclude says nothing.
    check
        1 where a mask asks for a check, 0 where none does, ``NO_DATA``; None without such a layer.
    excludes
        Whether a layer of a mask that excludes is there.
    """

    code: NDArray[np.int16]
    unknown: NDArray[np.bool_]
    check: NDArray[np.int16] | None
    excludes: bool
    notes: tuple[Note, ...]


def masks_of(inputs: Inputs, track: Track) -> Masks:
    """Ask every mask of a track whose layer is there."""
    code = np.zeros(inputs.grid.shape, dtype=np.int16)
    unknown = np.zeros(inputs.grid.shape, dtype=np.bool_)
    check: NDArray[np.int16] | None = None
    absent: list[Mask] = []
    excludes = False
    for place, mask in enumerate(track.masks, FIRST_MASK):
        found = mask_codes(inputs, mask)
        if found is None:
            absent.append(mask)
            continue
        hit, gap = listed(found, mask.classes), unclassed(found)
        if mask.effect == "exclude":
            excludes = True
            code[hit & (code == 0)] = place
            unknown |= gap
        else:
            known = np.where(gap, NO_DATA, hit.astype(np.int16))
            check = known if check is None else _either(check, known)
    titles = tuple(Note(f"criteria.mask_{mask.key}") for mask in absent)
    notes = (Note("reasons.masks_absent", (("masks", titles),)),) if absent else ()
    stand_in = () if excludes else _protection(inputs, track)
    return Masks(code, unknown, check, excludes, (*notes, *stand_in))


def mask_codes(inputs: Inputs, mask: Mask) -> NDArray[np.int16] | None:
    """Classes that a mask looks at; None when no layer is there."""
    found = inputs.rasters.get(mask.variable)
    return None if found is None else found.to_numpy()


def _either(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """1 where one of two says so, else unknown where one is unknown, else 0."""
    asked = (one == 1) | (other == 1)
    return np.where(asked, np.int16(1), np.minimum(one, other))


def _protection(inputs: Inputs, track: Track) -> tuple[Note, ...]:
    """What stands in for the masks that exclude, when no layer is there."""
    if all(mask.effect != "exclude" for mask in track.masks):
        return ()
    known = "protected_share" in inputs.figures
    return (Note("reasons.protected_reduces" if known else "reasons.protected_absent"),)
