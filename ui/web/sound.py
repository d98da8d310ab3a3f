"""Recordings for the browser's player, for those who may listen to them."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from core.accounts.playback import Sound, listen_to
from core.bootstrap import Services
from core.engines.base import Fault, ServiceError
from ui.services import services
from ui.web.forms import cookie_name, is_same_origin, message

SOUND = "/recording"
PRIVATE = {"Cache-Control": "private, no-store", "Content-Disposition": "inline"}


async def play(request: Request) -> Response:
    """One recording, whole or in the ranges that a player asks for."""
    s = services()
    try:
        found = await to_thread.run_sync(_find, request, s)
    except ServiceError as error:
        status = 404 if error.kind is Fault.NOT_FOUND else 503
        return message("Nothing to hear", error.sentence, status)
    path = s.recordings.files.path(found.name)
    if await to_thread.run_sync(path.is_file):
        return FileResponse(path, media_type=found.media, headers=PRIVATE)
    data = await to_thread.run_sync(s.recordings.files.read, found.name)  # what could not be written to the disk
    if data is None:
        return message("Nothing to hear", "This recording lies on another server.", 404)
    return Response(data, media_type=found.media, headers=PRIVATE)


def routes() -> list[Route]:
    return [Route(SOUND, play, methods=["GET"])]


def _find(request: Request, s: Services) -> Sound:
    """The recording that is asked for, if whoever asks may listen to it and asks from one of our pages."""
    ticket = s.sessions.by_token(request.cookies.get(cookie_name(s.settings)))
    viewer = ticket.viewer if ticket else None
    if viewer is None or not is_same_origin(request, s.settings):
        raise ServiceError(Fault.NOT_FOUND, "You listen to recordings on the Review page.", retryable=False)
    return listen_to(s.database, viewer, request.query_params.get("of", ""), s.now())
