"""An answer with its evidence marked, as HTML: in colour, and in words for whoever doesn't see or hear colours."""

from html import escape

from core.engines.base import Grade
from core.grading.marks import Piece, pieces

WORDS = {"met": "✓ counts", "partial": "◐ in part", "contradicted": "✗ wrong"}
STYLE = (
    ".viva-turn{font-size:1.15rem;padding:0;scroll-margin-top:4rem}"
    ".viva-answer{white-space:pre-wrap;overflow-wrap:anywhere;margin:0}"
    ".viva-answer mark{color:inherit;border-radius:.2em;padding:0 .1em}"
    ".viva-answer mark.met{background:rgba(34,160,96,.22)}"
    ".viva-answer mark.partial{background:rgba(222,140,20,.24)}"
    ".viva-answer mark.contradicted{background:rgba(214,60,50,.22)}"
    ".viva-answer small{font-size:.72em;opacity:.8;white-space:nowrap}"
)


def answer_html(answer: str, grade: Grade | None) -> str:
    """The answer letter for letter, each quote marked and followed by what it was found to be."""
    return f'<p class="viva-answer" dir="auto">{"".join(_piece(piece) for piece in pieces(answer, grade))}</p>'


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    if piece.status is None:
        return text
    return f'<mark class="{piece.status}">{text}</mark><small> [{WORDS[piece.status]}]</small>'
