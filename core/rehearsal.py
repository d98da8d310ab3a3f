"""An interview held by a script: the same services as on the pages, answers from a list, events out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from core.bootstrap import Services
from core.engines.base import Fault, ServiceError
from core.interview.model import MAX_TURNS, Mode, Phase
from core.interview.records import InterviewView, TurnView
from core.interview.report import report_of
from core.interview.service import Plan, Words

PATIENCE = 120.0
"""Seconds to wait for one message and one grade."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One line of the answers file: an answer, a skip, or a wish for a hint."""

    text: str = ""
    skip: bool = False
    hint: bool = False


def parse_reply(line: int, value: Any) -> Reply:
    """A reply from a JSON value: a string, or an object with `answer` (or `text`), `skip` or `hint`."""
    if isinstance(value, str):
        return Reply(value)
    if isinstance(value, dict):
        if value.get("skip") is True:
            return Reply(skip=True)
        if value.get("hint") is True:
            return Reply(hint=True)
        text = value.get("answer", value.get("text"))
        if isinstance(text, str):
            return Reply(text)
    raise ValueError(f"line {line} of the answers: expected a string, or an object with `answer`, `skip` or `hint`")


def rehearse(
    services: Services, learner_id: int, domain: str, replies: Sequence[Reply], *, level: int | None, questions: int | None,
    mode: str,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Hold the interview and yield its events as they happen; ends early when the replies run out.

    Raises ServiceError when the interviewer can't be reached. A reply that is refused is an event and uses no turn up.
    """
    interviews = services.interviews
    answers = sum(not reply.hint for reply in replies)
    limit = questions if questions is not None else max(1, min(answers, MAX_TURNS))
    public_id = interviews.start(learner_id, Plan(domain, level, Mode(mode), limit))
    engine = services.engines.default
    yield {
        "event": "start",
        "interview": public_id,
        "domain": domain,
        "level": level,
        "questions": limit,
        "engine": engine,
    }
    view = _settled(services, learner_id, public_id)
    yield _question(view)
    for reply in replies:
        turn = view.current
        if turn is None:
            break
        own = (learner_id, public_id, turn.number)
        try:
            if reply.hint:
                yield {"event": "hint", "number": turn.number, "text": interviews.hint(*own)}
                continue
            if reply.skip:
                interviews.skip(*own)
            else:
                interviews.submit_answer(*own, Words(reply.text))
        except ServiceError as error:
            if error.kind is not Fault.BAD_INPUT:
                raise
            yield {"event": "refused", "number": turn.number, "reason": error.sentence}
            continue
        yield {"event": "skip" if reply.skip else "answer", "number": turn.number, "text": reply.text}
        view = _settled(services, learner_id, public_id)
        if not reply.skip:
            yield _grade(view.turns[turn.number - 1])
        if view.current:
            yield _question(view)
    if view.phase is not Phase.FINISHED:
        interviews.end(learner_id, public_id)
    view = interviews.view(learner_id, public_id)
    yield {"event": "report", **report_of(view).as_dict()}
    answered = sum(not turn.skipped for turn in view.answered)
    yield {"event": "end", "reason": view.end_reason, "answered": answered}


def _settled(services: Services, learner_id: int, public_id: str) -> InterviewView:
    """The interview once nothing is being worked on: the question is asked, and the answer graded."""
    if not services.workers.wait_while(lambda: services.interviews.owed(learner_id, public_id), PATIENCE):
        raise ServiceError(Fault.TIMEOUT, "The interviewer or the grader did not answer in time.")
    view = services.interviews.view(learner_id, public_id)
    if view.asking and view.asking.failed:
        raise ServiceError(Fault.UNAVAILABLE, view.asking.sentence or "The interviewer could not be reached.")
    return view


def _question(view: InterviewView) -> dict[str, Any]:
    turn = view.turns[-1]
    return {
        "event": "question",
        "number": turn.number,
        "of": view.limit,
        "move": turn.move,
        "skill": turn.skill,
        "level": turn.level,
        "question_id": turn.question_id,
        "text": turn.message,
    }


def _grade(turn: TurnView) -> dict[str, Any]:
    grade = turn.grade
    if grade is None:
        reason = turn.grading.sentence if turn.grading else None
        return {"event": "grade", "number": turn.number, "score": None, "reason": reason or "the grader failed"}
    return {
        "event": "grade",
        "number": turn.number,
        "score": grade.score,
        "reason": grade.reason,
        "hints": turn.hints_seen,
        "engine": grade.engine,
        "criteria": {criterion.name: criterion.level for criterion in grade.criteria},
        "evidence": [{"point": p.point, "status": p.status, "quote": p.quote} for p in grade.points],
        "feedback": {
            "strength": grade.feedback.strength,
            "gap": grade.feedback.gap,
            "next_step": grade.feedback.next_step,
        },
    }
