"""The offline grader's sentences: what was covered, what is missing, what to do next."""

import re
from collections.abc import Sequence

from core.engines.base import Feedback, GradeTask, KeyPoint
from core.grading.matching import Answer
from core.grading.points import Finding

SAID_BEFORE = "said before"
"""The flag of an answer to a follow-up that says once more what was said to the question."""
NOT_RECOGNISED = "hardly a point recognised"
"""The flag of an answer on the subject in which hardly any of the expected words were found."""
BESIDE = "mostly beside the question"
REPEATS = "says the same over and over"
SOMETHING_ELSE = "speaks of something else"
"""Said of an answer in sentences in which nothing was found that has to do with the question; no flag of the grade."""
FURTHER = (
    "Now defend it: name a case where it would not hold, and what you would do then.",
    "Now shorten it: the same answer in thirty seconds, the main point first.",
    "Now teach it: explain it to somebody from another field, without the technical terms.",
    "Now test it: say which number or event would show you that you were wrong.",
)
NEARLY = 0.5
"""The share of a key point's words from which an answer is praised for coming near it: a word in common is too little."""
_REASONS = re.compile(
    r"\b(?:because|since|so that|therefore|for example|for instance|e\.g|such as|say|imagine|suppose|which means|that way|"
    r"instead|whereas|first|then|finally)\b|\d",
    re.IGNORECASE,
)


def write(kind: str, found: Sequence[Finding], errors: Sequence[tuple[str, str]], flags: Sequence[str]) -> Feedback:
    """Plain sentences in the words of the key points."""
    met = sorted((item for item in found if item.status == "met"), key=_importance)
    partly = sorted((item for item in found if item.status == "partial"), key=_importance)
    wanted = sorted((item for item in found if item.status != "met"), key=_urgency)
    further = len(
        "".join(item.point.point for item in found)
    )  # by the question, so that not every answer reads the same
    next_step = _next(errors, wanted, flags, kind, further)
    return Feedback(_strength(met, partly, len(found), flags), _gap(wanted), next_step)


def for_nothing(task: GradeTask, reason: str) -> Feedback:
    """For an answer with nothing in it: where to begin."""
    first = min(task.key_points, key=lambda point: (not point.must, -point.weight), default=None)
    whose = "A full answer to the question also makes this point:" if task.before else "A full answer makes this point:"
    gap = f"{reason} {whose} {_quoted(first)}" if first else reason
    return Feedback(
        "", gap, "Say what you do know, even if it is one sentence: a start can be built on, silence can't."
    )


def clarity(answer: Answer, flags: Sequence[str]) -> tuple[int, str]:
    """The level 0–4 for clarity, and why; code sees the build of an answer, not how well it explains."""
    if "words without sentences" in flags:
        return 1, "These are words rather than sentences; say how they belong together."
    if BESIDE in flags:
        return 2, "Much of this is about something else; the answer is hard to find in it."
    if REPEATS in flags:
        return 2, "This says the same thing over and over; once is enough."
    words = len(answer.tokens)
    if words < 8:
        return 2, "Very short; a sentence more would show that you understand it."
    if _REASONS.search(answer.text):
        return 4, "In sentences, with a reason or an example."
    return 3, "In sentences; a reason or an example would make it clearer."


def _importance(item: Finding) -> tuple[bool, float]:
    return not item.point.must, -item.point.weight


def _urgency(item: Finding) -> tuple[bool, bool, float]:
    """A must-have before all else, even one half said; then what is missing before what is half said."""
    return not item.point.must, item.status == "partial", -item.point.weight


def _quoted(point: KeyPoint) -> str:
    return f"“{point.point.strip().rstrip('.')}”."


def _strength(met: Sequence[Finding], partly: Sequence[Finding], count: int, flags: Sequence[str]) -> str:
    if met:
        if count == 1:
            return f"You covered this point: {_quoted(met[0].point)}"
        among = ", among them" if len(met) > 1 else ""
        return f"You covered {len(met)} of {count} points{among}: {_quoted(met[0].point)}"
    nearly = [item for item in partly if item.share >= NEARLY]
    if nearly:
        return f"You were on the way to this point: {_quoted(nearly[0].point)}"
    if NOT_RECOGNISED in flags:
        return (
            "You spoke to the question; this estimate knows points by their words, and recognised hardly any in yours."
        )
    return ""


def _gap(wanted: Sequence[Finding]) -> str:
    """The two points that are wanted most."""
    if not wanted:
        return ""
    half = [item.status == "partial" for item in wanted[:2]]
    says = "This point was only touched on" if half[0] else "A point that was not heard"
    said = f"{says}: {_quoted(wanted[0].point)}"
    if len(half) == 1 or all(half):
        return said
    other = "Another is" if not any(half) else "Not heard at all" if half[0] else "Only touched on"
    return f"{said} {other}: {_quoted(wanted[1].point)}"


def _next(
    errors: Sequence[tuple[str, str]], wanted: Sequence[Finding], flags: Sequence[str], kind: str, further: int
) -> str:
    if errors:
        return f"Set this right first: {errors[0][1]}"
    if "words without sentences" in flags:
        return "Say it again in whole sentences: what each term is, and how it answers the question."
    if BESIDE in flags:
        return "Give the answer in your first two sentences, then one example, then stop."
    if SAID_BEFORE in flags:
        return "This is what you had said before: a follow-up asks for what is still missing, so answer just that."
    if wanted:
        return _build_in(_quoted(wanted[0].point), flags)
    if REPEATS in flags:
        return "Say this once, then stop: it was all there the first time."
    if kind == "behavioural":
        return "Practise telling it in under two minutes, with the result and its number near the end."
    return FURTHER[further % len(FURTHER)]


def _build_in(point: str, flags: Sequence[str]) -> str:
    """Nothing that needs another try now: not every answer can be given again."""
    if SOMETHING_ELSE in flags:
        return f"Read the question once more: nothing in this was heard to answer it. Begin with: {point}"
    if REPEATS in flags:
        return f"Say this once, and use the time for what is missing: {point}"
    return f"When this comes again, take about a minute and build in: {point}"
