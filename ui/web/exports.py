"""Downloads that are too large for a page: streamed, for those whose role allows it."""

import json

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import export_person
from core.bootstrap import Services
from core.quality.training import examples
from core.storage.tables import Audit
from ui.services import services
from ui.web.forms import cookie_name, is_same_origin, message

TRAINING = "/export/training.jsonl"
MINE = "/export/my-data.json"


async def training(request: Request) -> Response:
    """The examples for fine-tuning, for administrators; who took them is written down."""
    s = services()
    viewer = await to_thread.run_sync(_viewer, request, s)
    if viewer is None or viewer.role is not Role.ADMIN or not is_same_origin(request, s.settings):
        return message("Not for you", "Only administrators download this, from the Quality page.", 403)
    await to_thread.run_sync(_note, viewer, s)
    headers = {"Content-Disposition": 'attachment; filename="training.jsonl"', "Cache-Control": "private, no-store"}
    lines = examples(s.database, is_sample=viewer.is_sample)
    return StreamingResponse(lines, media_type="application/jsonl", headers=headers)


async def mine(request: Request) -> Response:
    """Everything that is stored about whoever is signed in."""
    s = services()
    viewer = await to_thread.run_sync(_viewer, request, s)
    if viewer is None or not is_same_origin(request, s.settings):
        return message("Not for you", "You download your own data from the Account page.", 403)
    data = await to_thread.run_sync(export_person, s.database, viewer.email)
    headers = {"Content-Disposition": 'attachment; filename="viva-data.json"', "Cache-Control": "private, no-store"}
    return Response(json.dumps(data, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)


def routes() -> list[Route]:
    return [Route(TRAINING, training, methods=["GET"]), Route(MINE, mine, methods=["GET"])]


def _viewer(request: Request, s: Services) -> Viewer | None:
    ticket = s.sessions.by_token(request.cookies.get(cookie_name(s.settings)))
    return ticket.viewer if ticket else None


def _note(viewer: Viewer, s: Services) -> None:
    entry = Audit(at=s.now(), actor_id=viewer.id, subject_id=None, action="training.exported", detail={})
    with s.database.write() as session:
        session.add(entry)
