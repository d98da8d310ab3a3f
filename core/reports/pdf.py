"""A report as a PDF, in fonts that are part of the file; what they can't show is marked, and said."""

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from core.reports.blocks import Block, Kind, blocks
from core.reports.document import Document
from core.reports.fonts import MAIN, UNSHOWN, font_files, fonts_for, needs_shaping, showable

LONGEST = 4_000
"""Letters that are shown of one text: an answer may have thirty times as many, which is minutes of typesetting."""

CUT = "[… shortened; the Markdown and JSON files have all of it]"
MISSING = f"{UNSHOWN} stands for a letter that the fonts of this file don't have; the Markdown and JSON files have it."
INK, SOFT, ACCENT, SHADE = (27, 33, 48), (90, 99, 120), (52, 87, 213), (240, 243, 250)
SIZES = {Kind.TITLE: 20, Kind.HEADING: 13, Kind.ANSWER_HEADING: 13, Kind.NOTE: 9}
INDENT = 5.0


class _Paper(FPDF):
    """A4 with page numbers."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font(MAIN, size=8)
        self.set_text_color(*SOFT)
        self.set_text_shaping(False)
        self.cell(0, 8, f"Viva · page {self.page_no()} of {{nb}}", align="C")


def as_pdf(document: Document) -> bytes:
    """The whole report as a PDF file; any text can be put into it."""
    shown = [_showable(block) for block in blocks(document)]
    paper = _Paper()
    paper.set_title(document.file_name("pdf").removesuffix(".pdf"))
    paper.set_margin(18)
    paper.set_auto_page_break(True, 20)
    paper.add_font(MAIN, fname=font_files()[MAIN])
    others = sorted(fonts_for("".join(text + label for _, text, label, _ in shown)))
    for name in others:
        paper.add_font(name, fname=font_files()[name])
    paper.set_fallback_fonts(others, exact_match=False)
    paper.add_page()
    for kind, text, label, _ in shown:
        _draw(paper, kind, text, label)
    if any(missing for *_, missing in shown):
        _draw(paper, Kind.NOTE, MISSING, "")
    return bytes(paper.output())


def _showable(block: Block) -> tuple[Kind, str, str, bool]:
    text = block.text if len(block.text) <= LONGEST else f"{block.text[:LONGEST]} {CUT}"
    (text, missing), (label, unnamed) = showable(text), showable(block.label)
    return block.kind, text, label, missing or unnamed


def _draw(paper: _Paper, kind: Kind, text: str, label: str) -> None:
    size = SIZES.get(kind, 10)
    paper.set_font(MAIN, size=size)
    if kind in (Kind.HEADING, Kind.ANSWER_HEADING):
        paper.ln(4)
        if paper.will_page_break(30):  # a heading at the foot of a page would stand alone
            paper.add_page()
    if kind is Kind.ANSWER_HEADING:
        paper.set_draw_color(*SHADE)
        paper.line(paper.l_margin, paper.get_y(), paper.w - paper.r_margin, paper.get_y())
        paper.ln(2)
    if kind is Kind.ITEM:
        text = f"• {label}: {text}" if label else f"• {text}"
    elif label:
        paper.set_text_color(*ACCENT)
        _write(paper, label, size)
    paper.set_text_color(*(SOFT if kind is Kind.NOTE else ACCENT if kind is Kind.TITLE else INK))
    boxed = kind in (Kind.QUESTION, Kind.ANSWER)
    if kind is Kind.ANSWER:
        paper.set_fill_color(*SHADE)
    _write(paper, text, size, indent=INDENT * (boxed or kind is Kind.ITEM), fill=kind is Kind.ANSWER)
    paper.ln(1.5)


def _write(paper: _Paper, text: str, size: int, *, indent: float = 0, fill: bool = False) -> None:
    """Paragraphs from margin to margin; only those that need it are shaped, which takes four times as long."""
    for paragraph in text.split("\n"):
        paper.set_text_shaping(needs_shaping(paragraph))
        paper.set_x(paper.l_margin + indent)
        paper.multi_cell(0, size * 0.5, paragraph or " ", fill=fill, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
