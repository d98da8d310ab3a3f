"""What a mentor reads by a link: one report, drawn whole on the server, and nothing that leads further into Viva."""

from markupsafe import Markup
from starlette.responses import Response

from core.interview.records import InterviewView
from core.reports.blocks import blocks
from core.reports.document import document_of
from ui.marks import answer_html
from ui.web.forms import message, reading

GONE = "It has expired, or was taken back. Ask whoever sent it to you for a new one."


def shared_report(view: InterviewView, learner: str) -> Response:
    """The page with the report."""
    document = document_of(view, learner)
    machine = {turn.number: turn.opinions.machine for turn in view.turns}

    def marked(number: int) -> Markup:
        """The answer as HTML that has been escaped already."""
        turn = view.turns[number - 1]
        found = machine[number]
        return Markup(answer_html(turn.answer or "", found.grade if found else None))  # noqa: S704 answer_html escapes what it is given

    title = f"{document.domain} interview of {document.learner}"
    return _private(reading("shared.html", title=title, blocks=list(blocks(document)), marked=marked))


def no_shared_report() -> Response:
    """The same page for every link that doesn't work, whether it once did or never."""
    return _private(message("This link doesn't work", GONE, 410))


def _private(response: Response) -> Response:
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address is the key
    return response
