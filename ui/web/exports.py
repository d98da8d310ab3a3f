"""Downloads that are too large for a page: streamed, for those whose role allows it."""

import io
import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from core.accounts.permissions import Role, Viewer
from core.accounts.personal_data import export_person
from core.accounts.score_exports import begin_export
from core.analytics.exports import EXCEL, csv_lines, write_excel
from core.analytics.score_rows import COLUMNS, score_rows
from core.bootstrap import Services
from core.engines.base import Fault, ServiceError
from core.quality.training import examples
from core.storage.tables import Audit
from ui.services import services
from ui.web.forms import cookie_name, is_same_origin, message

TRAINING = "/export/training.jsonl"
MINE = "/export/my-data.json"
SCORES_CSV, SCORES_EXCEL = "/export/scores.csv", "/export/scores.xlsx"
STAFF = (Role.MANAGER, Role.ADMIN)
LINES = 1_000
"""Lines of a streamed table sent at a time."""


async def training(request: Request) -> Response:
    """The examples for fine-tuning, for administrators; who took them is written down."""
    s = services()
    viewer = await to_thread.run_sync(_viewer, request, s)
    if viewer is None or viewer.role is not Role.ADMIN or not is_same_origin(request, s.settings):
        return message("Not for you", "Only administrators download this, from the Quality page.", 403)
    await to_thread.run_sync(_note, viewer, s)
    headers = _as_file("training.jsonl")
    lines = examples(s.database, is_sample=viewer.is_sample)
    return StreamingResponse(lines, media_type="application/jsonl", headers=headers)


async def mine(request: Request) -> Response:
    """Everything that is stored about whoever is signed in."""
    s = services()
    viewer = await to_thread.run_sync(_viewer, request, s)
    if viewer is None or not is_same_origin(request, s.settings):
        return message("Not for you", "You download your own data from the Account page.", 403)
    data = await to_thread.run_sync(export_person, s.database, viewer.email)
    headers = _as_file("viva-data.json")
    return Response(json.dumps(data, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)


async def scores(request: Request) -> Response:
    """All scores of a cohort, for those who look after it: CSV as a stream, or an Excel file."""
    s = services()
    viewer = await to_thread.run_sync(_viewer, request, s)
    if viewer is None or viewer.role not in STAFF or not is_same_origin(request, s.settings):
        return message("Not for you", "Managers and administrators download this, from the Cohorts page.", 403)
    try:
        name, rows = await to_thread.run_sync(_scores, request, viewer, s)
        if request.url.path == SCORES_CSV:
            lines = in_parts(csv_lines(COLUMNS, rows))
            return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=_as_file(f"{name}.csv"))
        whole = io.BytesIO()
        await to_thread.run_sync(write_excel, whole, COLUMNS, rows)
    except (ServiceError, ValueError) as error:
        sentence = error.sentence if isinstance(error, ServiceError) else str(error)
        return message("No file was made", sentence, 404 if isinstance(error, ServiceError) else 400)
    return Response(whole.getvalue(), media_type=EXCEL, headers=_as_file(f"{name}.xlsx"))


def routes() -> list[Route]:
    ways = ((TRAINING, training), (MINE, mine), (SCORES_CSV, scores), (SCORES_EXCEL, scores))
    return [Route(path, answer, methods=["GET"]) for path, answer in ways]


def in_parts(lines: Iterator[str]) -> Iterator[str]:
    """The same text in fewer pieces: each costs a change of threads."""
    while part := "".join(islice(lines, LINES)):
        yield part


def _scores(request: Request, viewer: Viewer, s: Services) -> tuple[str, Iterator[tuple[Any, ...]]]:
    """The name of the file and its rows; that they are taken is written down."""
    wanted = request.query_params.get("cohort", "")
    cohort = next((one for one in s.people.cohorts_of(viewer) if one.public_id == wanted), None)
    if cohort is None:
        raise ServiceError(Fault.NOT_FOUND, "This cohort could not be found.", retryable=False)
    named = request.query_params.get("named") == "true"
    names = begin_export(s.database, viewer, cohort.id, s.now(), named=named)
    return f"scores-{s.now():%Y-%m-%d}", score_rows(s.database, cohort.id, s.domains.catalogue().domains, names)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}


def _viewer(request: Request, s: Services) -> Viewer | None:
    ticket = s.sessions.by_token(request.cookies.get(cookie_name(s.settings)))
    return ticket.viewer if ticket else None


def _note(viewer: Viewer, s: Services) -> None:
    entry = Audit(at=s.now(), actor_id=viewer.id, subject_id=None, action="training.exported", detail={})
    with s.database.write() as session:
        session.add(entry)
