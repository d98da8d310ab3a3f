"""Quotes: are a grader's quotes really the learner's words?"""

import unicodedata
from dataclasses import replace

from core.engines.base import Assessment

_FOLD = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "."})


def folded(text: str) -> str:
    """The text with what a model changes when it quotes taken away: case, white space, kinds of quotes and dashes."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_FOLD).casefold().split()).replace("...", ".")


def found_in(quote: str, answer: str) -> bool:
    """Whether the quote stands in the answer; an empty quote stands nowhere."""
    wanted = folded(quote).strip(" .\"'")
    return bool(wanted) and wanted in folded(answer)


def verified(assessment: Assessment, answer: str) -> tuple[Assessment, list[str]]:
    """The assessment with only what the answer bears out, and a flag for each thing that code took back.

    A key point met by words that were never said is missing, a criterion above 0 that quotes them counts as 0, and an error
    that nobody made is dropped.
    """
    flags = []
    points = []
    for point in assessment.points:
        if point.status != "missing" and not found_in(point.quote, answer):
            flags.append(f"quote not found: {point.point}")
            point = replace(point, status="missing", quote="")
        points.append(point)
    criteria = []
    for criterion in assessment.criteria:
        if criterion.level > 0 and not found_in(criterion.quote, answer):
            flags.append(f"quote not found: {criterion.name}")
            criterion = replace(criterion, level=0, quote="")
        criteria.append(criterion)
    errors = tuple((quote, correction) for quote, correction in assessment.errors if found_in(quote, answer))
    return replace(assessment, points=tuple(points), criteria=tuple(criteria), errors=errors), flags
