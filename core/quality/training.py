"""Examples for fine-tuning: questions and answers with the grade in force, of learners who share what they say."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import or_, select

from core.storage.database import Database
from core.storage.grades import grade_from_row
from core.storage.tables import Cohort, GradeRow, Interview, Person, Programme, Turn

CHUNK = 500
"""Examples read at a time: what is in memory, and how long a transaction stays open, doesn't grow with the data."""


def examples(database: Database, *, is_sample: bool = False) -> Iterator[str]:
    """Every example as a line of JSON with its newline; nothing in it says who the learner is but their own words.

    Of learners whose programme, or who themselves, share transcripts; of sample people alone if `is_sample`, else never.
    """
    last = 0
    while True:
        with database.read() as session:
            found = session.execute(_query(is_sample).where(Turn.id > last).order_by(Turn.id).limit(CHUNK)).all()
        for turn, domain, grade in found:
            yield json.dumps(_example(turn, domain, grade), ensure_ascii=False) + "\n"
        if len(found) < CHUNK:
            return
        last = found[-1][0].id


def _query(is_sample: bool) -> Any:
    return (
        select(Turn, Interview.domain, GradeRow)
        .join(Interview, Interview.id == Turn.interview_id)
        .join(Person, Person.id == Interview.learner_id)
        .join(GradeRow, (GradeRow.turn_id == Turn.id) & GradeRow.is_current & GradeRow.score.is_not(None))
        .outerjoin(Cohort, Cohort.id == Interview.cohort_id)
        .outerjoin(Programme, Programme.id == Cohort.programme_id)
        .where(or_(Person.share_transcripts, Programme.share_transcripts))
        .where(Turn.answer.is_not(None), Turn.answer != "", Interview.is_sample == is_sample)
    )


def _example(turn: Turn, domain: str, row: GradeRow) -> dict[str, Any]:
    grade = grade_from_row(row)
    feedback = grade.feedback
    told = {
        "comment": feedback.comment,
        "strength": feedback.strength,
        "gap": feedback.gap,
        "next_step": feedback.next_step,
        "improved": feedback.improved,
    }
    return {
        "domain": domain,
        "skill": turn.skill,
        "level": turn.level,
        "question_id": turn.question_id,
        "question": turn.message,
        "answer": turn.answer,
        "score": grade.score,
        "feedback": {name: text for name, text in told.items() if text},
        "graded_by": row.source,
        "model": grade.model,
        "prompt_digest": grade.prompt_digest,
    }
