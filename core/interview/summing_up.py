"""The worker's side of the closing words: written by a model from the grades, once every answer has one."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.domains import DomainStore
from core.engines.base import Fault, ServiceError, Writer
from core.interview import jobs
from core.interview.model import Phase
from core.interview.records import InterviewView, TurnView, view_of
from core.interview.report import report_of
from core.prompts import PromptStore
from core.storage.database import Database
from core.storage.interview_locks import held
from core.storage.tables import GradeRow, Interview, Job, Turn

KIND = "summary"
QUOTED = 1_500
"""Characters of a question or an answer that the writer is shown."""


def enqueue_when_due(session: Session, interview: Interview, engines: Collection[str], now: dt.datetime) -> None:
    """Queue the closing words, anew after a later grade, when the interview is over and every answer has been graded.

    Not while more grades are on their way: the last one of them comes here too. The interview's row must be locked.
    """
    if interview.engine not in engines or interview.phase != Phase.FINISHED or interview.words_removed_at is not None:
        return
    session.flush()
    coming = select(Job.id).filter_by(interview_id=interview.id, kind="grade")
    if session.scalar(coming.where(Job.state.in_((jobs.QUEUED, jobs.RUNNING))).limit(1)) is not None:
        return
    graded = exists().where(GradeRow.turn_id == Turn.id, GradeRow.is_current)
    answered = select(graded).where(Turn.interview_id == interview.id, Turn.answer.is_not(None))
    found = session.scalars(answered).all()
    if found and all(found):
        jobs.enqueue(session, interview.id, KIND, 0, now)


class Summariser:
    """Handles `summary` jobs."""

    def __init__(
        self, database: Database, domains: DomainStore, prompts: PromptStore, writers: Mapping[str, Writer]
    ) -> None:
        self._database, self._domains, self._prompts, self._writers = database, domains, prompts, writers

    def __call__(self, ticket: jobs.Ticket) -> None:
        with self._database.read() as session:
            interview = session.get_one(Interview, ticket.interview_id)
            view = view_of(session, interview, self._domains.catalogue().domains.get(interview.domain))
        writer = self._writers.get(view.engine)
        if writer is None:
            raise ServiceError(Fault.NOT_CONFIGURED, "The model server of this interview is no longer set up.")
        prompt = self._prompts.get("summary").render()
        words = writer.write(prompt.text, data_of(view))
        summary = {"words": words, "engine": writer.name, "model": writer.model, "prompt_digest": prompt.digest}

        def store(session: Session) -> None:
            if jobs.still_ours(session, ticket):
                held(session, ticket.interview_id).summary = summary
                jobs.finish(session, ticket)

        self._database.run(store)


def data_of(view: InterviewView) -> dict[str, Any]:
    """What the writer is given: the grades and what they rest on, and nothing about who the learner is."""
    return {
        "field": view.domain_name,
        "overall": report_of(view).overall,
        "questions": [_turn(view, turn) for turn in view.answered if not turn.skipped],
        "skipped": sum(turn.skipped for turn in view.answered),
    }


def _turn(view: InterviewView, turn: TurnView) -> dict[str, Any]:
    grade = turn.grade
    told: dict[str, Any] = {
        "number": turn.number,
        "question": view.question_of(turn).question[:QUOTED],
        "answer": (turn.answer or "")[:QUOTED],
        "skill": turn.skill_name,
        "level": turn.level,
        "hints_used": turn.hints_seen,
    }
    if grade is None or grade.score is None:
        return {**told, "score": None, "not_graded_because": grade.reason if grade else "it has not been graded"}
    return {
        **told,
        "score": grade.score,
        "met": [point.point for point in grade.points if point.status == "met"],
        "missed": [point.point for point in grade.points if point.status in ("missing", "contradicted")],
        "errors": [{"said": quote, "correction": correction} for quote, correction in grade.errors],
    }
