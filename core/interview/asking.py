"""The worker's side of a question: stream the interviewer's message, then store it as the next turn."""

import datetime as dt
from collections.abc import Callable, Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domains import Domain, DomainStore
from core.engines.base import AskBrief, Fault, Grader, Interviewer, ServiceError
from core.engines.header import HeaderParser
from core.interview import briefing, jobs
from core.interview.live import Live
from core.interview.model import Band, Card, Event, Phase, advance, band_of
from core.interview.records import turns_of
from core.prompts import PromptStore
from core.storage import counts
from core.storage.database import Database
from core.storage.interview_locks import held
from core.storage.tables import Interview, Turn


class Asker:
    """Handles `ask` jobs."""

    def __init__(
        self,
        database: Database,
        domains: DomainStore,
        prompts: PromptStore,
        interviewers: Mapping[str, Interviewer],
        estimator: Grader,
        live: Live,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._database, self._domains, self._prompts = database, domains, prompts
        self._interviewers, self._estimator = interviewers, estimator
        self._live, self._now = live, now

    def __call__(self, ticket: jobs.Ticket) -> None:
        with self._database.read() as session:
            interview = session.get_one(Interview, ticket.interview_id)
            domain = self._domain(interview)
            interviewer = self._interviewers.get(interview.engine)
            if interviewer is None:
                raise ServiceError(
                    Fault.NOT_CONFIGURED,
                    "This interview was begun with a model server that is no longer set up; end it, or ask whoever runs Viva.",
                )
            turns = turns_of(session, interview.id)
            card = briefing.card_for(session, interview, turns, domain, deep=interview.engine != "offline")
            brief, digest = briefing.brief_for(session, interview, turns, domain, card, self._prompts)
        message, band, complied = self._speak(ticket, interviewer, brief)
        step = card.step(band)

        def store(session: Session) -> None:
            if not jobs.still_ours(session, ticket):
                return
            interview = held(session, ticket.interview_id)
            asked = session.scalar(select(func.count()).where(Turn.interview_id == interview.id))
            if interview.phase == Phase.ASKING and asked == ticket.number - 1:
                interview.phase = advance(Phase.ASKING, Event.ASKED)
                turn = Turn(interview_id=interview.id, number=ticket.number, move=step.move, rung=step.rung)
                turn.skill, turn.level, turn.question_id = step.skill, step.level, step.question_id
                turn.message, turn.asked_at, turn.complied = message, self._now(), complied
                turn.engine, turn.model, turn.prompt_digest = interviewer.name, interviewer.model, digest
                session.add(turn)
                counts.asked(session, interview, turn)
            jobs.finish(session, ticket)

        self._database.run(store)

    def _domain(self, interview: Interview) -> Domain:
        domain = self._domains.catalogue().domains.get(interview.domain)
        if domain is None:
            raise ServiceError(
                Fault.UNAVAILABLE,
                "The questions of this domain can't be read at the moment; whoever runs Viva can mend that.",
            )
        return domain

    def _speak(self, ticket: jobs.Ticket, interviewer: Interviewer, brief: AskBrief) -> tuple[str, Band, bool]:
        """The whole message, the band that its step goes by, and whether the reply kept to the card."""
        parser = HeaderParser()
        with self._live.writing((ticket.interview_id, ticket.number)) as buffer:
            for piece in interviewer.ask(brief):
                buffer.write(parser.feed(piece))
            buffer.write(parser.close())
        message = parser.text.strip()
        if not message:
            raise ServiceError(
                Fault.BAD_REPLY, "The interviewer's reply was empty. Your answer is safe. Please try again."
            )
        header = parser.header
        if header is None or header.band not in brief.card.steps:
            return message, self._estimated_band(brief), False
        band = Band(header.band)
        return message, band, _keeps(header.move, header.skill, brief.card, band)

    def _estimated_band(self, brief: AskBrief) -> Band:
        """The band by the offline estimate, for a reply that doesn't say which."""
        if brief.answered is None:
            return Band.NONE
        score = self._estimator.grade(brief.answered).score
        return Band.PARTIAL if score is None else band_of(score)


def _keeps(move: str, skill: str, card: Card, band: Band) -> bool:
    step = card.step(band)
    return move == step.move and skill == step.skill
