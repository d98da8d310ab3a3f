"""Counts for the charts, kept in the transaction that changes what they count.

Every function here locks the interview's row first, so that two grades of one interview follow each other; different
interviews meet only in single additions. `recount` compares the counts with the facts, `rebuild` writes them anew.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from core.engines.base import Grade
from core.interview.model import Move
from core.storage.facts import COUNT_TABLES, facts_of
from core.storage.feedback_tables import ReplyCount
from core.storage.grades import PERSON, grade_from_row, grades_of, machine_grade, new_row, outranks
from core.storage.tables import CubeWeek, GradeRow, Interview, InterviewRollup, InterviewSkill, ScoreCube, Turn
from core.storage.upserts import add, dialect_of, insert_into, keys_of, or_set, table_of

__all__ = [
    "answered",
    "asked",
    "finished",
    "grade_from_row",
    "graded",
    "rebuild",
    "recount",
    "removed",
    "set_ability",
    "started",
    "store_grade",
    "withdraw_grade",
]

MAX_DIFFERENCES = 100
NOT_COUNTED = ("ability", "ability_se")
"""Columns of the roll-up that are estimates: no sum of facts gives them."""


def started(session: Session, interview: Interview) -> None:
    """Counts a new interview, whose row must be flushed."""
    rollup = InterviewRollup(
        cohort_id=interview.cohort_id,
        week=interview.week,
        interview_id=interview.id,
        learner_id=interview.learner_id,
        domain=interview.domain,
        mode=interview.mode,
        source=interview.engine,
        started_at=interview.started_at,
    )
    session.add(rollup)
    session.flush()
    add(session, CubeWeek, _week_key(interview, interview.engine), {"started": 1})


def asked(session: Session, interview: Interview, turn: Turn) -> None:
    """Counts a reply of the interviewer's, and whether it kept to the policy card."""
    if not interview.is_sample:
        _lock(session, interview)
        key = {"week": interview.week, "engine": turn.engine, "model": turn.model, "prompt_digest": turn.prompt_digest}
        add(session, ReplyCount, key, {"n": 1, "kept": int(turn.complied)})


def answered(session: Session, interview: Interview, turn: Turn) -> None:
    """Counts a turn that has just been answered or skipped, with its hints; a skipped one is not an answer."""
    _lock(session, interview)
    hints = len(turn.hints) + (turn.move == Move.HINT)
    _add_to_rollup(session, interview, {"answered": int(turn.answer is not None), "hints": hints})


def finished(session: Session, interview: Interview) -> None:
    """Counts an interview as finished; a second time changes nothing."""
    _lock(session, interview)
    unfinished = update(InterviewRollup).where(*_rollup_of(interview), InterviewRollup.finished.is_(False))
    changed: Any = session.execute(unfinished.values(finished=True))
    if changed.rowcount:
        add(session, CubeWeek, _week_key(interview, interview.engine), {"finished": 1})


def graded(session: Session, interview: Interview, turn: Turn, old: GradeRow | None, new: GradeRow | None) -> None:
    """Counts `new` as the turn's current grade in place of `old`, whichever of the two is a score."""
    _lock(session, interview)
    rollup: Counter[str] = Counter()
    cube: dict[str, Counter[str]] = {}
    for grade, sign in ((old, -1), (new, 1)):
        if grade is None:
            continue
        if grade.score is None:
            rollup.update({"ungraded": sign})
            continue
        change = {"n": sign, "total": sign * grade.score, f"h{grade.score}": sign}
        rollup.update({**change, "level_total": sign * turn.level})
        source = interview.engine if grade.source == PERSON else grade.source
        cube.setdefault(source, Counter()).update(change)
    _add_to_rollup(session, interview, rollup)
    skill = {"learner_id": interview.learner_id, "interview_id": interview.id, "skill": turn.skill}
    add(session, InterviewSkill, skill, {name: rollup[name] for name in ("n", "total", "level_total")})
    for source in sorted(cube):
        add(session, ScoreCube, _cube_key(interview, turn, source), cube[source])
    for source in sorted(cube):
        add(session, CubeWeek, _week_key(interview, source), {name: cube[source][name] for name in ("n", "total")})


def set_ability(session: Session, interview: Interview, ability: float, se: float) -> None:
    """Stores the ability estimate, in logits, and its standard error."""
    session.execute(update(InterviewRollup).where(*_rollup_of(interview)).values(ability=ability, ability_se=se))


def store_grade(
    session: Session,
    interview: Interview,
    turn: Turn,
    grade: Grade,
    *,
    source: str,
    person_id: int | None,
    now: dt.datetime,
) -> GradeRow:
    """Stores a grade and returns its row, which is the turn's current one unless a better founded one stands.

    A person's grade gives way to a person's only, and a score doesn't give way to a machine's failure to grade.
    """
    old = _current(session, interview, turn)
    row = new_row(turn, grade, source=source, person_id=person_id, now=now)
    row.is_current = old is None or not outranks(old, row)
    session.add(row)
    if row.is_current:
        if old is not None:
            old.is_current = False
        graded(session, interview, turn, old, row)
    session.flush()
    return row


def withdraw_grade(session: Session, interview: Interview, turn: Turn) -> GradeRow | None:
    """Takes a person's grade out of force, which stays stored; the machine's counts again. Returns what was withdrawn."""
    old = _current(session, interview, turn)
    if old is None or old.source != PERSON:
        return None
    new = machine_grade(grades_of(session, [turn.id]))
    old.is_current = False
    if new is not None:
        new.is_current = True
    graded(session, interview, turn, old, new)
    return old


def removed(session: Session, interview: Interview) -> None:
    """Takes an interview out of all counts; call it just before the interview's row is deleted."""
    _lock(session, interview)
    session.flush()
    for model in COUNT_TABLES:
        facts = session.execute(facts_of(model, dialect_of(session), interview.id)).mappings().all()
        if model in (InterviewRollup, InterviewSkill):
            session.execute(delete(model).where(model.interview_id == interview.id))
            continue
        keys = keys_of(model)
        for row in sorted(facts, key=lambda row: [row[key] for key in keys]):
            change = {name: -int(value) for name, value in row.items() if name not in keys}
            add(session, model, {key: row[key] for key in keys}, change)


def recount(session: Session) -> list[str]:
    """What differs between the counts and the facts, one sentence each, the first hundred; empty when all is right."""
    sentences: list[str] = []
    for difference in _differences(session):
        sentences.append(difference)
        if len(sentences) == MAX_DIFFERENCES:
            sentences.append("There are more differences; rebuild the counts.")
            break
    return sentences


def rebuild(session: Session) -> None:
    """Writes all counts anew from the facts; ability estimates stay. Grades wait meanwhile."""
    session.flush()
    session.execute(select(Interview.id).with_for_update()).all()
    belongs = [Interview.id == InterviewRollup.interview_id]
    belongs += [Interview.cohort_id == InterviewRollup.cohort_id, Interview.week == InterviewRollup.week]
    session.execute(
        delete(InterviewRollup).where(~exists().where(*belongs)).execution_options(synchronize_session=False)
    )
    for model in COUNT_TABLES:
        if model is not InterviewRollup:
            session.execute(delete(model).execution_options(synchronize_session=False))
        facts = facts_of(model, dialect_of(session))
        names = facts.selected_columns.keys()
        statement = insert_into(session, model).from_select(names, facts)
        new = statement.excluded if isinstance(statement, sqlite.Insert) else statement.inserted
        session.execute(or_set(statement, model, {name: new[name] for name in names if name not in keys_of(model)}))
    session.expire_all()


def _current(session: Session, interview: Interview, turn: Turn) -> GradeRow | None:
    """The turn's current grade, which no other transaction changes before this one ends."""
    _lock(session, interview)
    current = select(GradeRow).where(GradeRow.turn_id == turn.id, GradeRow.is_current)
    return session.scalar(current.execution_options(populate_existing=True))


def _lock(session: Session, interview: Interview) -> None:
    # SQLite leaves FOR UPDATE out: its writing transactions exclude each other already.
    session.flush()
    session.execute(select(Interview.id).where(Interview.id == interview.id).with_for_update())


def _week_key(interview: Interview, source: str) -> dict[str, Any]:
    return {
        "cohort_id": interview.cohort_id,
        "week": interview.week,
        "domain": interview.domain,
        "source": source,
    }


def _cube_key(interview: Interview, turn: Turn, source: str) -> dict[str, Any]:
    return {**_week_key(interview, source), "skill": turn.skill, "level": turn.level, "mode": interview.mode}


def _rollup_of(interview: Interview) -> list[Any]:
    return [
        InterviewRollup.cohort_id == interview.cohort_id,
        InterviewRollup.week == interview.week,
        InterviewRollup.interview_id == interview.id,
    ]


def _add_to_rollup(session: Session, interview: Interview, change: Mapping[str, int]) -> None:
    table = table_of(InterviewRollup)
    values = {name: table.c[name] + number for name, number in change.items() if number}
    if not values:
        return
    result: Any = session.execute(update(InterviewRollup).where(*_rollup_of(interview)).values(values))
    if result.rowcount != 1:
        raise LookupError(f"interview {interview.id} is not among the counts; rebuild them")


def _differences(session: Session) -> Iterator[str]:
    session.flush()
    for model in COUNT_TABLES:
        expected = _by_key(session, model, facts_of(model, dialect_of(session)))
        actual = _by_key(session, model, select(table_of(model)))
        for key in [*expected, *(key for key in actual if key not in expected)]:
            should, does = expected.get(key), actual.get(key)
            if should != does:
                yield f"{table_of(model).name} {_shown(key)}: holds {_shown(does)}, should hold {_shown(should)}"


def _by_key(session: Session, model: type[Any], query: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    """The rows of a query by their key; a count of nothing is as good as no row, but an interview is never nothing."""
    keys = keys_of(model)
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for result in session.execute(query):
        row = result._asdict()
        values = {name: row[name] for name in sorted(row) if name not in keys and name not in NOT_COUNTED}
        if model is InterviewRollup or any(values.values()):
            found[tuple(row[key] for key in keys)] = values
    return found


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return ", ".join(f"{name} {number}" for name, number in value.items() if number)
    return "/".join(str(part) for part in value)
