"""What the interviewer is told before it speaks: the policy card, its material, and the whole history."""

import json
from collections import Counter
from collections.abc import Sequence
from random import Random

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from core.domains import Domain
from core.engines.base import AskBrief, Exchange, GradeTask, Material
from core.grading.text import tokenise
from core.interview import policy
from core.interview.model import HINT_RUNGS, LEVELS, Band, Card, Mode, Move, Step
from core.interview.next_practice import practised, standings
from core.interview.records import current_grades, hints_seen, past_turns
from core.prompts import PromptStore
from core.storage.review_tables import Retry
from core.storage.tables import Interview, InterviewContext, Turn

REMEMBERED_INTERVIEWS = 10
"""No question comes twice within this many interviews of a learner, while the bank has others."""
WEAK_SKILLS = WANTED_SKILLS = 3
FOR_MODEL = 12_000
"""Characters of an advertisement or a CV that are sent with each question: some four pages."""
_LATELY = (
    select(Interview.id)
    .where(Interview.learner_id == bindparam("learner_id"), Interview.id != bindparam("this"))
    .where(Interview.domain == bindparam("domain"))
    .order_by(Interview.started_at.desc())
    .limit(REMEMBERED_INTERVIEWS)
    .subquery()
)
_ASKED_LATELY = (  # made once: making it takes longer than running it
    select(Turn.question_id)
    .join(_LATELY, Turn.interview_id == _LATELY.c.id)
    .where(Turn.question_id.is_not(None))
    .order_by(Turn.asked_at)
)
SKIPPED = "(The candidate asked to skip this question.)"

LEVEL_MEANING = {
    1: "level 1: say what something is and why it matters",
    2: "level 2: apply it to a simple case",
    3: "level 3: a working professional's everyday judgement",
    4: "level 4: trade-offs, diagnosis and edge cases",
    5: "level 5: design or defend a choice under conflicting constraints",
}
MOVE_MEANING = {
    Move.OPENING: "open the interview and ask the first question",
    Move.NEW_TOPIC: "move on to a new question",
    Move.FOLLOW_UP: "follow up on what the answer left out",
    Move.DEEPER: "go deeper on the same question",
    Move.HINT: "give the hint, then ask for another try",
}


def card_for(session: Session, interview: Interview, turns: Sequence[Turn], domain: Domain, *, deep: bool) -> Card:
    """The policy card for the interview's next turn; `deep` says that the engine can grade any deeper follow-up."""
    past = past_turns(turns, current_grades(session, interview.id))
    bank = policy.Bank(
        questions=domain.refs(),
        recent=_recent_questions(session, interview),
        weak_skills=[*_wanted_skills(session, interview, domain), *_weak_skills(session, interview)],
        deep=[q.id for q in domain.questions if deep or q.follow_ups.strong_points],
        first=retry.question_ids if (retry := session.get(Retry, interview.id)) else (),
        limit=interview.question_limit,
    )
    start = policy.starting_ability(interview.level)
    return policy.plan(start, interview.level, past, bank, Random(f"{interview.seed}:{len(past)}"))


def material_for(domain: Domain, step: Step) -> Material:
    """The bank's words for a step; without a question left, what the interviewer is to find one on."""
    skill = domain.skills.get(step.skill, step.skill)
    question = domain.find(step.question_id) if step.question_id else None
    if question is None:
        return Material(
            f"Please tell me about a piece of your own work in which {skill} mattered, and what you did.", skill
        )
    texts = {
        Move.HINT: str(getattr(question.hints, HINT_RUNGS[max(step.rung, 1) - 1])),
        Move.FOLLOW_UP: question.follow_ups.partial,
        Move.DEEPER: question.follow_ups.strong,
    }
    return Material(texts.get(step.move, question.text), skill)


def task_for(domain: Domain, turns: Sequence[Turn], turn: Turn) -> GradeTask:
    """What the grader is given for a turn: the words asked and answered, and what the bank holds on the question.

    After a follow-up only what the earlier answers to the same question left out is still to be said, so those answers are
    handed over as what has been said before.
    """
    question = domain.find(turn.question_id) if turn.question_id else None
    before = [
        other.answer
        for other in turns
        if other.number < turn.number and other.question_id == turn.question_id and other.answer is not None
    ]
    return domain.grade_task(
        question,
        asked=turn.message,
        answer=turn.answer or "",
        level=turn.level,
        deeper=turn.move == Move.DEEPER,
        before=tuple(before) if turn.move == Move.FOLLOW_UP else (),
        hints=hints_seen(turns)[turns.index(turn)],
    )


def brief_for(
    session: Session,
    interview: Interview,
    turns: Sequence[Turn],
    domain: Domain,
    card: Card,
    prompts: PromptStore,
) -> tuple[AskBrief, str]:
    """The brief for the interview's next message, and the digest of the prompts that it was rendered from."""
    given = session.get(InterviewContext, interview.id)
    materials = {band: material_for(domain, step) for band, step in card.steps.items()}
    system = prompts.get("interviewer").render(
        persona=domain.persona,
        domain=domain.name,
        jurisdiction=domain.jurisdiction or "none in particular",
        role=given.role if given is not None and given.role in domain.roles else domain.roles[0],
        level=LEVEL_MEANING[interview.level] if interview.level else "to be found out",
        mode=interview.mode,
        limit=str(interview.question_limit),
    )
    rendered = prompts.get("card").render(
        number=str(card.number), limit=str(interview.question_limit), steps=_describe(card, materials)
    )
    last = turns[-1] if turns else None
    brief = AskBrief(
        interview_id=interview.public_id,
        number=card.number,
        limit=interview.question_limit,
        mode=Mode(interview.mode),
        domain_name=domain.name,
        system=system.text,
        history=[_exchange(turn) for turn in turns],
        card_text=rendered.text,
        card=card,
        materials=materials,
        answered=task_for(domain, turns, last) if last is not None and last.answer is not None else None,
        context=_context(given, prompts),
    )
    return brief, f"{system.digest[:31]}+{rendered.digest[:31]}"


def _context(given: InterviewContext | None, prompts: PromptStore) -> str:
    """What the candidate gave, as JSON, so that nothing in it can pass for anything else; empty where nothing was given."""
    if given is None:
        return ""
    parts = {"role": given.role, "job_advertisement": given.job[:FOR_MODEL], "cv": given.cv[:FOR_MODEL]}
    texts = {name: text for name, text in parts.items() if text}
    return prompts.get("context").render(given=json.dumps(texts, ensure_ascii=False)).text


def _wanted_skills(session: Session, interview: Interview, domain: Domain) -> list[str]:
    """The skills that the role and the advertisement speak of most, by the domain's own terms; at most three."""
    given = session.get(InterviewContext, interview.id)
    if given is None or not (given.role or given.job):
        return []
    text = f" {' '.join(_stems(f'{given.role} {given.job}'))} "
    found: Counter[str] = Counter()
    for skill, name in domain.skills.items():
        found[skill] += 3 * text.count(f" {' '.join(_stems(name))} ")
    for term in domain.glossary:
        if term.skill is not None:
            found[term.skill] += text.count(f" {' '.join(_stems(term.term))} ")
    return [skill for skill, count in found.most_common(WANTED_SKILLS) if count]


def _exchange(turn: Turn) -> Exchange:
    hints = "".join(f"\n\n(Hint, on request: {hint['text']})" for hint in turn.hints)
    return Exchange(turn.message + hints, turn.answer if turn.answer is not None else SKIPPED)


def _describe(card: Card, materials: dict[Band, Material]) -> str:
    """The card's steps in words, bands that call for the same step together."""
    groups: dict[Step, list[Band]] = {}
    for band, step in card.steps.items():
        groups.setdefault(step, []).append(band)
    lines = []
    for step, bands in groups.items():
        material = materials[bands[0]]
        lines.append(
            f"- If the answer was {' or '.join(bands)}: {MOVE_MEANING[step.move]}. move {step.move}, skill {step.skill} "
            f"({material.skill_name}), {LEVEL_MEANING[min(max(step.level, LEVELS[0]), LEVELS[-1])]}. "
            f"Say in your own words: {material.text}"
        )
    return "\n".join(lines)


def _stems(text: str) -> list[str]:
    return [token.stem for token in tokenise(text)]


def _recent_questions(session: Session, interview: Interview) -> list[str]:
    """Bank questions of the learner's last interviews in this domain, the longest ago first."""
    own = {"learner_id": interview.learner_id, "this": interview.id, "domain": interview.domain}
    return [id_ for id_ in session.scalars(_ASKED_LATELY, own) if id_ is not None]


def _weak_skills(session: Session, interview: Interview) -> list[str]:
    """The skills to practise first in this domain, weak and fading ones: those under the learner's own mean, at most three."""
    rows = [row for row in practised(session, interview.learner_id) if row.domain == interview.domain]
    ranked = standings(rows, interview.started_at, enough=1)
    own = sum(one.today for one in ranked) / max(len(ranked), 1)
    return [one.skill for one in ranked if one.today < own][:WEAK_SKILLS]
