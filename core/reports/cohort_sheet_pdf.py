"""The page for a steering meeting as a PDF: drawn by hand, so that it is one page whatever is in it."""

from collections.abc import Callable, Sequence

from fpdf import FPDF

from core.reports.cohort_sheet import CohortSheet, Gap, Week
from core.reports.fonts import MAIN, font_files, fonts_for, needs_shaping, showable
from core.reports.pdf import ACCENT, INK, SHADE, SOFT

LEFT, WIDTH, GAP = 18.0, 174.0, 10.0
HALF = (WIDTH - GAP) / 2
BAND, BAR = (205, 215, 246), (160, 178, 235)
TITLE, TEXT, ABOUT = 55, 90, 60
"""Letters of the title, of what a list names and of what stands below it: what is longer is cut, for there is one page."""


def sheet_as_pdf(sheet: CohortSheet) -> bytes:
    """The page as a PDF file; any text can be put into it."""
    paper = FPDF()
    paper.set_title(f"Viva {sheet.made_on}")
    paper.set_auto_page_break(False)
    paper.add_font(MAIN, fname=font_files()[MAIN])
    words = [sheet.title, sheet.period, *(f"{gap.what}{gap.where}" for gap in (*sheet.skills, *sheet.points))]
    others = sorted(fonts_for("".join(words)))
    for name in others:
        paper.add_font(name, fname=font_files()[name])
    paper.set_fallback_fonts(others, exact_match=False)
    paper.add_page()
    sample = " · sample data" if sheet.is_sample else ""
    made = f"{sheet.made_on.day} {sheet.made_on:%B %Y}"
    _say(paper, LEFT, 16, WIDTH, _cut(sheet.title, TITLE), 18, ACCENT)
    _say(paper, LEFT, 26, WIDTH, f"{made} · {sheet.period}{sample}", 9, SOFT)
    _draw_numbers(paper, sheet, 35)
    _say(paper, LEFT, 66, HALF, "Mean score by week, 90 % bands", 11, INK)
    _draw_scores(paper, sheet.weeks, LEFT, 74)
    _say(paper, LEFT + HALF + GAP, 66, HALF, "Learners who practised, by week", 11, INK)
    _draw_practice(paper, [number for _, number in sheet.practice], LEFT + HALF + GAP, 74)
    _draw_dates(paper, sheet)
    _say(
        paper,
        LEFT,
        128,
        WIDTH,
        f"{sheet.change} Questions adapt to each learner, so growth shows less in scores than it is.",
        10,
        INK,
    )
    _draw_gaps(paper, sheet)
    calls = (
        "No learner needs"
        if not sheet.calls
        else "1 learner may need"
        if sheet.calls == 1
        else f"{sheet.calls} learners may need"
    )
    _say(paper, LEFT, 254, WIDTH, f"{calls} a call, by the thresholds set on the Cohorts page.", 10, INK)
    _say(
        paper,
        LEFT,
        268,
        WIDTH,
        f"{sheet.responses:,} graded responses; scores 1 to 10, {sheet.source}. Bands hold the mean in nine of ten cases. "
        "Weak skills are those with the lowest ability, difficulty of the questions allowed for; nothing is said of fewer than five responses.",
        8,
        SOFT,
    )
    return bytes(paper.output())


def _say(
    paper: FPDF,
    x: float,
    y: float,
    width: float,
    text: str,
    size: float,
    colour: tuple[int, int, int],
    align: str = "L",
) -> None:
    shown, _ = showable(text)
    paper.set_font(MAIN, size=size)
    paper.set_text_color(*colour)
    paper.set_text_shaping(needs_shaping(shown))
    paper.set_xy(x, y)
    paper.multi_cell(width, size * 0.46, shown, align=align)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _draw_numbers(paper: FPDF, sheet: CohortSheet, y: float) -> None:
    got = sheet.funnel
    steps = [("Invited", got.invited), ("Signed in", got.signed_in), ("Began", got.began), ("Finished one", got.finished),
             ("Active, 14 days", got.active)]  # fmt: skip
    width = (WIDTH - 4 * 4) / 5
    for place, (label, number) in enumerate(steps):
        x = LEFT + place * (width + 4)
        paper.set_fill_color(*SHADE)
        paper.rect(x, y, width, 24, style="F")
        _say(paper, x, y + 4, width, f"{number:,}", 17, INK, "C")
        share = f" · {number / got.invited:.0%}" if place and got.invited else ""
        _say(paper, x, y + 15, width, f"{label}{share}", 8, SOFT, "C")


def _draw_scores(paper: FPDF, weeks: Sequence[Week], x: float, y: float) -> None:
    """A line of the means over their bands, on the whole scale from 1 to 10."""
    height = 42.0

    def at(score: float) -> float:
        return y + height * (10 - score) / 9

    for score in (1, 4, 7, 10):
        paper.set_draw_color(*SHADE)
        paper.line(x + 6, at(score), x + HALF, at(score))
        _say(paper, x, at(score) - 1.8, 8, str(score), 8, SOFT)
    # A week without scores leaves its place empty.
    passed = [(week.monday - weeks[0].monday).days // 7 for week in weeks]
    places = [x + 8 + (HALF - 10) * (place + 0.5) / (passed[-1] + 1) for place in passed]
    paper.set_fill_color(*BAND)
    half = min(2.0, (HALF - 10) / max(len(weeks), 1) / 2)
    for place, week in zip(places, weeks, strict=True):
        if week.low is not None and week.high is not None:
            paper.rect(place - half, at(week.high), 2 * half, max(at(week.low) - at(week.high), 0.4), style="F")
    paper.set_draw_color(*ACCENT)
    paper.set_fill_color(*ACCENT)
    if len(weeks) > 1:
        paper.polyline([(place, at(week.mean)) for place, week in zip(places, weeks, strict=True)])
    for place, week in zip(places, weeks, strict=True):
        paper.circle(place, at(week.mean), 0.7, style="F")


def _draw_practice(paper: FPDF, learners: Sequence[int], x: float, y: float) -> None:
    height, most = 42.0, max([1, *learners])
    paper.set_draw_color(*SHADE)
    for share in (0, 0.5, 1):
        if share == 0.5 and most % 2:
            continue
        paper.line(x + 8, y + height * (1 - share), x + HALF, y + height * (1 - share))
        _say(paper, x, y + height * (1 - share) - 1.8, 7, f"{most * share:,.0f}", 8, SOFT)
    paper.set_fill_color(*BAR)
    step = (HALF - 10) / max(len(learners), 1)
    for place, number in enumerate(learners):
        tall = height * number / most
        paper.rect(x + 9 + step * (place + 0.15), y + height - tall, step * 0.7, tall, style="F")


def _draw_dates(paper: FPDF, sheet: CohortSheet) -> None:
    """The first and the last week under each chart."""
    for x, days in (
        (LEFT, [week.monday for week in sheet.weeks]),
        (LEFT + HALF + GAP, [day for day, _ in sheet.practice]),
    ):
        if days:
            _say(paper, x + 6, 118, 30, f"{days[0].day} {days[0]:%b}", 8, SOFT)
        if len(days) > 1:
            _say(paper, x + HALF - 30, 118, 30, f"{days[-1].day} {days[-1]:%b}", 8, SOFT, "R")


def _draw_gaps(paper: FPDF, sheet: CohortSheet) -> None:
    _say(paper, LEFT, 146, HALF, "Weakest skills", 11, INK)
    _list(paper, LEFT, sheet.skills, lambda gap: f"{gap.where} · half mastered at level {gap.value:.1f} · n {gap.n:,}")
    x = LEFT + HALF + GAP
    _say(paper, x, 146, HALF, "Key points most often missed", 11, INK)
    _list(paper, x, sheet.points, lambda gap: f"{gap.where} · missed by {gap.value:.0%} · n {gap.n:,}")


def _list(paper: FPDF, x: float, gaps: Sequence[Gap], about: Callable[[Gap], str]) -> None:
    for place, gap in enumerate(gaps):
        _say(paper, x, 155 + place * 19, HALF, _cut(gap.what, TEXT), 9.5, INK)
        _say(paper, x, paper.get_y() + 0.8, HALF, _cut(about(gap), ABOUT), 8, SOFT)
    if not gaps:
        _say(paper, x, 155, HALF, "Too few responses to name any.", 9.5, SOFT)
