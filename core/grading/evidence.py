"""Quotes: are a grader's quotes really the learner's words?"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from core.engines.base import Assessment

_FOLD = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "‑": "-", "…": "."})


def folded(text: str) -> str:
    """The text with what a model changes when it quotes taken away: case, white space, kinds of quotes and dashes."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_FOLD).casefold().split()).replace("...", ".")


def found_in(quote: str, answer: str) -> bool:
    """Whether the quote stands in the answer, in whole words; an empty quote stands nowhere."""
    wanted = re.escape(folded(quote).strip(" .\"'"))
    return bool(wanted) and re.search(rf"(?<!\w){wanted}(?!\w)", folded(answer), re.ASCII) is not None


def verified(assessment: Assessment, answer: str, before: Sequence[str] = ()) -> tuple[Assessment, list[str]]:
    """The assessment with only what the answer bears out, and a flag for each thing that code took back.

    A key point met by words that were never said, here or in the earlier answers `before`, is missing, a criterion above 0
    that quotes them counts as 0, and an error that nobody made is dropped.
    """
    flags = []
    points = []
    for point in assessment.points:
        if point.status != "missing" and not any(found_in(point.quote, said) for said in (answer, *before)):
            flags.append(f"quote not found: {point.point}")
            point = replace(point, status="missing", quote="")
        points.append(point)
    criteria = []
    for criterion in assessment.criteria:
        if criterion.level > 0 and not found_in(criterion.quote, answer):
            flags.append(f"quote not found: {criterion.name}")
            criterion = replace(criterion, level=0, quote="")
        criteria.append(criterion)
    errors = []
    for quote, correction in assessment.errors:
        if found_in(quote, answer):
            errors.append((quote, correction))
        else:
            flags.append(f"error not found: {correction}")
    return replace(assessment, points=tuple(points), criteria=tuple(criteria), errors=tuple(errors)), flags
