"""The interviewer without a model: it follows the policy card with the bank's own words."""

import json
from collections.abc import Iterator, Sequence
from random import Random

from core.engines.base import AskBrief, Grade, Grader
from core.interview.model import TOPIC_MOVES, Band, Move, band_of

NAME = "offline"
MODEL = "bank-1"

OPENINGS = (
    "Hello, and welcome. I'll be interviewing you on {domain} today, {limit}. Take your time with each answer. "
    "Let's begin.",
    "Good to meet you. This is a {domain} interview, {limit}. Think aloud if it helps. Here is the first one.",
    "Welcome, and thank you for coming. We'll talk about {domain}, {limit}. There is no rush. Let's start.",
)
AFTER = {
    Band.STRONG: (
        "Thank you, that was clear.",
        "Good, that covers what I was after.",
        "Thank you. You explained that well.",
        "Right, I could follow every step of that.",
    ),
    Band.PARTIAL: ("Thank you.", "All right, thank you.", "I see, thank you.", "Thank you, I have the main thread."),
    Band.WEAK: ("Thank you for having a go.", "All right.", "Thank you, let me note that."),
    Band.NONE: ("Thank you.", "All right.", "Thank you for having a go."),
}
NO_ATTEMPT = ("That's all right.", "No problem.", "That's fine, it happens to everyone.")
GAVE_UP = {"nothing said", "doesn't know"}
"""The grader's flags of an answer that was no attempt."""
HINT_LEADS = (
    "Let me give you something to hold on to.",
    "Here is a thought that may help.",
    "Let me point you somewhere.",
)
HINT_TAILS = ("Would you like to try again with that?", "How would you answer now?", "What does that suggest to you?")
NEXT = ("Let's turn to {skill}.", "The next one is about {skill}.", "I'd like to move on to {skill}.")
HARDER = ("Let's go a step further, on {skill}.", "I'll make the next one a little harder. It's about {skill}.")
EASIER = ("Let's take something more basic, on {skill}.", "Let's step back to the foundations of {skill}.")
LAST = "This is the last question."


class OfflineInterviewer:
    """Asks from the question bank by the policy card; needs no key and no network."""

    name = NAME
    model = MODEL

    def __init__(self, grader: Grader) -> None:
        self._grader = grader

    def ask(self, brief: AskBrief) -> Iterator[str]:
        """The header line, then the message word by word, so that it reads like any streamed reply."""
        grade = self._grader.grade(brief.answered) if brief.answered else None
        band = _band(grade) if grade else Band.NONE
        step = brief.card.step(band)
        reactions = NO_ATTEMPT if grade and GAVE_UP & set(grade.flags) else AFTER[band]
        yield json.dumps({"band": band, "move": step.move, "skill": step.skill}) + "\n"
        for word in self._message(brief, band, reactions).split(" "):
            yield word + " "

    def _message(self, brief: AskBrief, band: Band, reactions: Sequence[str]) -> str:
        rng = Random(f"{brief.interview_id}:{brief.number}")
        step, material = brief.card.step(band), brief.materials[band]
        if step.move is Move.OPENING:
            limit = "just one question" if brief.limit == 1 else f"up to {brief.limit} questions"
            return rng.choice(OPENINGS).format(domain=brief.domain_name, limit=limit) + "\n\n" + material.text
        skipped = bool(brief.history) and brief.answered is None
        parts = ["Let's leave that one." if skipped else rng.choice(reactions)]
        if step.move is Move.HINT:
            parts += [rng.choice(HINT_LEADS), material.text, rng.choice(HINT_TAILS)]
        elif step.move in TOPIC_MOVES:
            parts.append(LAST if brief.number == brief.limit else self._turn_to(brief, band, rng))
            parts.append("\n\n" + material.text)
        else:
            parts.append(material.text)
        return " ".join(parts).replace(" \n", "\n")

    def _turn_to(self, brief: AskBrief, band: Band, rng: Random) -> str:
        before = brief.answered.level if brief.answered else brief.card.step(band).level
        now = brief.card.step(band).level
        leads = HARDER if now > before else EASIER if now < before else NEXT
        return rng.choice(leads).format(skill=brief.materials[band].skill_name)


def _band(grade: Grade) -> Band:
    return Band.PARTIAL if grade.score is None else band_of(grade.score)
