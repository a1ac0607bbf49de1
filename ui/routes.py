"""Addresses of our own beside those of Streamlit: pictures of rasters, files that jobs made.

No personal data here: what jobs make is anonymised, a precise export is no job.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from gis.errors import DeimapError
from layers.render import ADDRESS, picture_file
from layers.workspace import Workspace
from reports.jobs.line import job

MADE = "/made"
_DAY = "public, max-age=86400, immutable"
_TAKEN_ALONG = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""A web map or a drawing is a file to keep: never shown as a page of this address."""


async def _picture(request: Request) -> Response:
    path = picture_file(request.path_params["name"], Workspace.default())
    if path is None:
        return Response(status_code=404)
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": _DAY})


def _made(request: Request) -> Response:
    try:
        found = job(request.path_params["identity"], Workspace.default())
    except DeimapError:
        return Response(status_code=404)
    if found.file is None:
        return Response(status_code=404)
    return FileResponse(
        found.file,
        media_type="application/octet-stream",
        filename=found.file_name,
        headers=_TAKEN_ALONG,
    )


ROUTES = (Route(ADDRESS + "/{name}", _picture), Route(MADE + "/{identity}", _made))
