"""What is wrong with the content of a domain whose file is in order: for those who write question banks."""

from collections.abc import Iterator
from itertools import combinations

from core.domains import Domain, Question
from core.grading.text import tokenise
from core.interview.model import HINT_RUNGS, LEVELS

GIVEN_AWAY = 0.7
"""The share of a must-have's own words that a hint may not reach."""
SAME_QUESTION = 0.6
"""The share of content words that two questions may not have in common."""
FULL_BANK = 60


def check(domain: Domain) -> list[str]:
    """One sentence for each fault, naming the question."""
    faults = [f"{question.id}: {fault}" for question in domain.questions for fault in _faults_of(question)]
    faults += [f"{a.id}: asks nearly the same as {b.id}" for a, b in _near_duplicates(domain.questions)]
    return faults


def check_coverage(domain: Domain, at_least: int = FULL_BANK) -> list[str]:
    """One sentence for each gap of a bank that claims to be full: every skill at every level, and enough questions."""
    there = {(question.skill, question.level) for question in domain.questions}
    gaps = [
        f"{domain.key}: no question on {skill} at level {level}"
        for skill in domain.skills
        for level in LEVELS
        if (skill, level) not in there
    ]
    if len(domain.questions) < at_least:
        gaps.append(f"{domain.key}: {len(domain.questions)} questions, and a full bank has at least {at_least}")
    return gaps


def _faults_of(question: Question) -> Iterator[str]:
    if not any(point.must for point in question.key_points):
        yield "no key point is a must"
    hints = [str(getattr(question.hints, rung)) for rung in HINT_RUNGS]
    said = [question.text, question.follow_ups.partial, question.follow_ups.strong, *hints]
    if len({text.casefold() for text in said}) < len(said):
        yield "the question, its hints and its follow-ups must all differ"
    yield from _given_away(question, dict(zip(HINT_RUNGS, hints, strict=True)))


def _given_away(question: Question, hints: dict[str, str]) -> Iterator[str]:
    """Hints that say a must-have: most of the words that make it up, apart from those that the question says itself."""
    asked = _stems(question.text)
    for rung, hint in hints.items():
        told = _stems(hint) - asked
        for point in question.key_points:
            wordings = (_stems(text) - asked for text in (point.point, *point.accept))
            if point.must and any(len(own) > 1 and len(own & told) >= GIVEN_AWAY * len(own) for own in wordings):
                yield f"the hint “{rung}” gives the must-have “{point.point}” away"


def _near_duplicates(questions: list[Question]) -> Iterator[tuple[Question, Question]]:
    words = {question.id: _stems(question.text) for question in questions}
    for a, b in combinations(questions, 2):
        common, all_ = words[a.id] & words[b.id], words[a.id] | words[b.id]
        if len(common) >= SAME_QUESTION * len(all_):
            yield a, b


def _stems(text: str) -> set[str]:
    """The words of a text that carry its meaning, one form for each."""
    return {token.stem for token in tokenise(text) if token.content}
