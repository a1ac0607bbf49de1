"""A web map of a kept result as the content of an ``.html`` file."""

from __future__ import annotations

from collections.abc import Iterable

from gis.analysis import Result
from layers.workspace import Workspace
from locales import Language
from reports.figure.compose import Atlas
from reports.webmap.compose import compose
from reports.webmap.page import page


def web_map(
    result: Result,
    language: Language,
    areas: Iterable[str] = (),
    variable: str | None = None,
    layers: Iterable[str] = (),
    atlas: Atlas | None = None,
) -> bytes:
    """One file that opens from disk with no network, in both languages.

    Parameters
    ----------
    result
        As it is kept; what it tells is as it may leave the house.
    areas, variable, layers
        As of :func:`reports.webmap.compose.compose`.
    atlas
        The places and layers it stands on; by default those of the workspace.

    Raises
    ------
    UnknownArea, AmbiguousArea, BadParameter
        As of :func:`reports.webmap.compose.compose`.
    MapAssetMissing, FileMissing
        When the drawing code or the fonts have not been installed.
    """
    known = atlas or Atlas.of(Workspace.default())
    return page(compose(known, result, language, areas, variable, layers))
