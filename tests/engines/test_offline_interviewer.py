"""The interviewer without a model reacts to what was said, and never as if something had been said that wasn't."""

from collections.abc import Sequence

from core.engines.base import AskBrief, Exchange, GradeTask, KeyPoint, Material
from core.engines.offline_interviewer import AFTER, NO_ATTEMPT, OfflineInterviewer
from core.grading.lexical import LexicalGrader
from core.interview.model import Band, Card, Move, Step

POINT = KeyPoint(
    "A queue takes the first in first out", ("first in first out", "whoever waits longest is served"), must=True
)
HINT = Step(Move.HINT, "structures", 2, "queue", 1)
TOPIC = Step(Move.NEW_TOPIC, "structures", 2, "stack")


def say(answer: str | None, step: Step) -> str:
    """What the interviewer says after the answer; None for a skipped question."""
    task = GradeTask("What is a queue?", answer, key_points=(POINT,), level=2) if answer is not None else None
    history: Sequence[Exchange] = [Exchange("What is a queue?", answer or "(skipped)")]
    steps, material = dict.fromkeys(Band, step), dict.fromkeys(Band, Material("Think of a shop.", "Structures"))
    brief = AskBrief("id", 2, 5, "practice", "Computing", "", history, "", Card(steps, 2), material, task)
    return "".join(OfflineInterviewer(LexicalGrader()).ask(brief)).partition("\n")[2]


def test_a_skipped_question_is_left_without_thanks_for_an_answer() -> None:
    assert say(None, TOPIC).startswith("Let's leave that one.")


def test_not_knowing_is_met_with_kindness() -> None:
    assert say("I don't know.", HINT).startswith(NO_ATTEMPT)


def test_a_wrong_answer_is_not_treated_as_none_given() -> None:
    reply = say("It is a tree in which every node has two children and a colour.", HINT)
    assert reply.startswith(AFTER[Band.NONE])
    assert not reply.startswith(NO_ATTEMPT)


def test_the_header_comes_first_and_fits_the_card() -> None:
    steps = dict.fromkeys(Band, TOPIC)
    material = dict.fromkeys(Band, Material("Think of a shop.", "Structures"))
    brief = AskBrief("id", 1, 5, "practice", "Computing", "", [], "", Card(steps, 1), material)
    assert next(iter(OfflineInterviewer(LexicalGrader()).ask(brief))) == (
        '{"band": "none", "move": "new_topic", "skill": "structures"}\n'
    )
