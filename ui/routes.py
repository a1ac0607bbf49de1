"""Addresses of our own beside those of Streamlit: pictures of rasters. No personal data here."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from layers.render import ADDRESS, picture_file
from layers.workspace import Workspace

_DAY = "public, max-age=86400, immutable"


async def _picture(request: Request) -> Response:
    path = picture_file(request.path_params["name"], Workspace.default())
    if path is None:
        return Response(status_code=404)
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": _DAY})


ROUTES = (Route(ADDRESS + "/{name}", _picture),)
