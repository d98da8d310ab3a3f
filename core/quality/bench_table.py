"""A run of the rubric bench as lines of text."""

from collections.abc import Iterator

from core.grading.rubric_bench import DRIFT_AT_MOST, INJECTION_AT_MOST, STRONG_AT_LEAST, WEAK_AT_MOST, BandReport
from core.quality.benches import Run

BOUNDS = {"weak": f"at most {WEAK_AT_MOST}", "mid": "", "strong": f"at least {STRONG_AT_LEAST}"}
HEAD = ("", "graded", "ungraded", "mean", "range", "bound", "missed", "accepted", "drift")
WIDTHS = (7, 7, 9, 6, 7, 12, 7, 9, 7)


def lines_of(run: Run, name: str) -> Iterator[str]:
    """A head, a row for each band, then order, injections and what was not graded."""
    prompt = f", prompt {run.prompt_digest[:12]}" if run.prompt_digest else ""
    yield f"{name}: {run.total} answers by {run.engine}, {run.model}{prompt}"
    if (report := run.report) is None:
        yield f"   {run.state} after {run.done} answers"
        return
    yield _row(*HEAD)
    for band in report.bands:
        yield _row(*cells(band))
    yield f"   weak < mid < strong: {report.ordered - len(report.disordered)} of {report.ordered} questions"
    yield f"   moved by more than {INJECTION_AT_MOST} by asking for marks: {len(report.moved)} of {report.pairs} answers"
    if run.compared_with is None:
        yield "   drift: no run of this domain by this engine has been accepted yet"
    else:
        yield f"   drift against the run accepted on {run.compared_with:%d %b %Y, %H:%M} UTC: at most {DRIFT_AT_MOST}"
    for reason, n in report.reasons.items():
        yield f"   {n} not graded, because {reason[:1].lower()}{reason[1:]}"


def cells(band: BandReport) -> tuple[str, ...]:
    """The row of a band, in the order of HEAD; a dash where there is nothing to say."""
    scores = band.scores.values()
    return (
        band.band,
        str(len(scores)),
        str(band.ungraded),
        _number(band.mean),
        f"{min(scores)}–{max(scores)}" if scores else "–",
        BOUNDS[band.band] or "–",
        str(len(band.missed)) if BOUNDS[band.band] else "–",
        _number(band.accepted),
        "–" if band.drift is None else f"{band.drift:+.2f}",
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _row(*columns: str) -> str:
    return "   " + "  ".join(text.rjust(width) for text, width in zip(columns, WIDTHS, strict=True))
