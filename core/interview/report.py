"""The report of an interview: what its grades say together."""

from core.grading.summary import GradedTurn, Summary, summarise
from core.interview.model import Mode, Move
from core.interview.records import InterviewView


def report_of(view: InterviewView) -> Summary:
    """Overall score, strengths, gaps, practice plan and questions to retry, from the grades alone."""
    return summarise(
        [
            GradedTurn(
                number=turn.number,
                question=view.question_of(turn).question,
                skill=turn.skill_name,
                level=turn.level,
                score=turn.grade.score if turn.grade else None,
                reason=turn.grade.reason if turn.grade else None,
                points=turn.grade.points if turn.grade else (),
                errors=turn.grade.errors if turn.grade else (),
                hints=turn.hints_seen,
                deeper=turn.move is Move.DEEPER,
            )
            for turn in view.answered
            if not turn.skipped
        ],
        mock=view.mode is Mode.MOCK,
    )
