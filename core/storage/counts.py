"""Counts for the charts, kept in the transaction that changes what they count.

Every function here holds the interview first, so that two grades of one interview follow each other; different
interviews meet only in single additions, which all transactions make in the same order of tables. recounting.py compares the
counts with the facts, and writes them anew.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import RowMapping, bindparam, delete, select, update
from sqlalchemy.orm import Session

from core.engines.base import Grade
from core.interview.model import Move
from core.storage.count_tables import (
    ANY,
    CubeWeek,
    InterviewRollup,
    InterviewSkill,
    LearnerCount,
    LevelWeek,
    ProgrammeCube,
    ScoreCube,
)
from core.storage.facts import facts_of
from core.storage.feedback_tables import ReplyCount
from core.storage.grades import PERSON, grade_from_row, grades_of, machine_grade, new_row, outranks
from core.storage.interview_locks import hold
from core.storage.learner_counts import add_active, learner_key, refresh_trend
from core.storage.points import About, Tally, tally_of
from core.storage.recounting import rebuild, recount
from core.storage.sums import HISTOGRAM, SITTINGS
from core.storage.tables import Cohort, GradeRow, Interview, Turn
from core.storage.upserts import add, add_to, adding, dialect_of, keys_of, put

__all__ = [
    "answered",
    "asked",
    "finished",
    "grade_from_row",
    "graded",
    "moved",
    "rebuild",
    "recount",
    "removed",
    "set_ability",
    "started",
    "store_grade",
    "withdraw_grade",
]

OF_LEARNERS = (*SITTINGS, "n", "total", "level_total")
_CURRENT = (  # made once: making it takes longer than running it
    select(GradeRow)
    .where(GradeRow.turn_id == bindparam("turn_id"), GradeRow.is_current)
    .execution_options(populate_existing=True)
)
_PROGRAMME = select(Cohort.programme_id).where(Cohort.id == bindparam("id")).with_for_update(read=True)


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
    _add_sitting(session, interview, {"started": 1})
    add_active(session, interview, 1)


def asked(session: Session, interview: Interview, turn: Turn) -> None:
    """Counts a reply of the interviewer's, and whether it kept to the policy card."""
    if not interview.is_sample:
        hold(session, interview)
        key = {"week": interview.week, "engine": turn.engine, "model": turn.model, "prompt_digest": turn.prompt_digest}
        add(session, ReplyCount, key, {"n": 1, "kept": int(turn.complied)})


def answered(session: Session, interview: Interview, turn: Turn) -> None:
    """Counts a turn that has just been answered or skipped, with its hints; a skipped one is not an answer."""
    hold(session, interview)
    hints = len(turn.hints) + (turn.move == Move.HINT)
    change = {"answered": int(turn.answer is not None), "hints": hints}
    _add_to_rollup(session, interview, change)
    _add_sitting(session, interview, change)


def finished(session: Session, interview: Interview) -> None:
    """Counts an interview as finished; a second time changes nothing."""
    hold(session, interview)
    unfinished = update(InterviewRollup).filter_by(**_rollup_key(interview), finished=False)
    changed: Any = session.execute(unfinished.values(finished=True))
    if changed.rowcount:
        _add_sitting(session, interview, {"finished": 1})


def graded(session: Session, interview: Interview, turn: Turn, old: GradeRow | None, new: GradeRow | None) -> None:
    """Counts `new` as the turn's current grade in place of `old`, whichever of the two is a score."""
    hold(session, interview)
    rollup: Counter[str] = Counter()
    cube: defaultdict[str, Counter[str]] = defaultdict(Counter)
    weeks: defaultdict[str, Counter[str]] = defaultdict(Counter)
    tally = Tally()
    for grade, sign in ((old, -1), (new, 1)):
        if grade is None:
            continue
        if grade.score is None:
            rollup.update({"ungraded": sign})
            weeks[interview.engine].update({"ungraded": sign})
            continue
        change = {"n": sign, "total": sign * grade.score, f"h{grade.score}": sign}
        source = interview.engine if grade.source == PERSON else grade.source
        cube[source].update(change)
        for counter in (rollup, weeks[source]):
            counter.update({**change, "level_total": sign * turn.level})
        rollup.update({f"level{turn.level}": sign})
        tally.add(_about(interview, turn, source), grade.detail.get("points", ()), sign)
    _add_to_rollup(session, interview, rollup)
    skill = {"learner_id": interview.learner_id, "interview_id": interview.id, "skill": turn.skill}
    add(session, InterviewSkill, skill, {name: rollup[name] for name in ("n", "total", "level_total")})
    add(session, LearnerCount, learner_key(interview), {name: rollup[name] for name in OF_LEARNERS})
    for source in sorted(cube):
        add(session, ScoreCube, _cube_key(interview, turn, source), cube[source])
    for source in sorted(cube):
        add(session, LevelWeek, {**_week_key(interview, source), "level": turn.level}, cube[source])
    for source in sorted(weeks):
        add(session, CubeWeek, _week_key(interview, source), weeks[source])
    tally.write(session)
    _add_to_programme(session, interview, {(turn.skill, turn.level, source): cube[source] for source in cube})


def set_ability(session: Session, interview: Interview, ability: float, se: float) -> None:
    """Stores the ability estimate, in logits, and its standard error, with what follows for the learner's trend."""
    put(session, InterviewRollup, _rollup_key(interview), {"ability": ability, "ability_se": se})
    refresh_trend(session, interview)


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
    hold(session, interview)
    session.flush()
    of_it = facts_of(ReplyCount, dialect_of(session), Interview.id == interview.id)
    replies = session.execute(of_it).mappings().all()
    _count_whole(session, interview, -1)
    for of_interview in (InterviewRollup, InterviewSkill):
        session.execute(delete(of_interview).where(of_interview.interview_id == interview.id))
    _add_rows(session, ReplyCount, replies, -1)
    refresh_trend(session, interview)


def moved(session: Session, interview: Interview, cohort_id: int) -> None:
    """Counts an interview under another cohort from now on, and says so in its row."""
    hold(session, interview)
    _count_whole(session, interview, -1)
    put(session, InterviewRollup, _rollup_key(interview), {"cohort_id": cohort_id})
    interview.cohort_id = cohort_id
    session.flush()
    _count_whole(session, interview, 1)


def _count_whole(session: Session, interview: Interview, sign: int) -> None:
    """Adds all that is counted of the interview to its cohort's counts (sign 1), or takes it out of them (sign -1)."""
    session.flush()
    dialect, this = dialect_of(session), Interview.id == interview.id
    whole = session.execute(facts_of(InterviewRollup, dialect, this)).mappings().one()
    cube = session.execute(facts_of(ScoreCube, dialect, this)).mappings().all()
    tally = tally_of(session, this, sign=sign)
    names = ("finished", "answered", "ungraded", "hints", "n", "total", "level_total")
    own = {"started": sign, **{name: sign * int(whole[name]) for name in names}}
    add(session, LearnerCount, learner_key(interview), own)
    _add_rows(session, ScoreCube, cube, sign)
    weeks: defaultdict[str, Counter[str]] = defaultdict(Counter)
    levels: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    weeks[interview.engine].update({name: own[name] for name in SITTINGS})
    scores: dict[tuple[str, int, str], Counter[str]] = {}
    for row in cube:
        counted = Counter({name: sign * int(row[name]) for name in HISTOGRAM})
        scores[row["skill"], row["level"], row["source"]] = counted
        levels[row["level"], row["source"]].update(counted)
        weeks[row["source"]].update({**counted, "level_total": counted["n"] * row["level"]})
    for level, source in sorted(levels):
        add(session, LevelWeek, {**_week_key(interview, source), "level": level}, levels[level, source])
    for source in sorted(weeks):
        add(session, CubeWeek, _week_key(interview, source), weeks[source])
    tally.write(session)
    add_active(session, interview, sign)
    _add_to_programme(session, interview, scores)


def _add_to_programme(
    session: Session, interview: Interview, scores: Mapping[tuple[str, int, str], Counter[str]]
) -> None:
    """Adds scores by skill, level and engine to those of the cohort's programme.

    Call it after all other counts of cohorts: so many transactions meet here that they shall not wait long.
    """
    summed: defaultdict[tuple[str, int, str], Counter[str]] = defaultdict(Counter)
    for (skill, level, source), change in scores.items():
        if any(change.values()):
            summed[ANY, level, source].update(change)
            summed[skill, level, source].update(change)
    programme_id = session.scalar(_PROGRAMME, {"id": interview.cohort_id}) if summed else None
    if programme_id is None:
        return
    place = {"programme_id": programme_id, "week": interview.week, "domain": interview.domain, "mode": interview.mode}
    rows = [
        {**place, "skill": skill, "level": level, "source": source, **{name: change[name] for name in HISTOGRAM}}
        for (skill, level, source), change in sorted(summed.items(), key=itemgetter(0))
    ]
    session.execute(adding(dialect_of(session), ProgrammeCube, tuple(HISTOGRAM)), rows)


def _current(session: Session, interview: Interview, turn: Turn) -> GradeRow | None:
    """The turn's current grade, which no other transaction changes before this one ends."""
    hold(session, interview)
    return session.scalar(_CURRENT, {"turn_id": turn.id})


def _week_key(interview: Interview, source: str) -> dict[str, Any]:
    return {
        "cohort_id": interview.cohort_id,
        "week": interview.week,
        "domain": interview.domain,
        "source": source,
        "mode": interview.mode,
    }


def _about(interview: Interview, turn: Turn, source: str) -> About:
    place = (interview.cohort_id, interview.week, interview.domain)
    return About(*place, source, turn.skill, turn.level, turn.question_id)


def _cube_key(interview: Interview, turn: Turn, source: str) -> dict[str, Any]:
    return {**_week_key(interview, source), "skill": turn.skill, "level": turn.level}


def _rollup_key(interview: Interview) -> dict[str, Any]:
    return {"cohort_id": interview.cohort_id, "week": interview.week, "interview_id": interview.id}


def _add_to_rollup(session: Session, interview: Interview, change: Mapping[str, int]) -> None:
    if not add_to(session, InterviewRollup, _rollup_key(interview), change):
        raise LookupError(f"interview {interview.id} is not among the counts; rebuild them")


def _add_sitting(session: Session, interview: Interview, change: Mapping[str, int]) -> None:
    """Adds to what is counted of the interview itself, scores apart."""
    add(session, LearnerCount, learner_key(interview), change)
    add(session, CubeWeek, _week_key(interview, interview.engine), change)


def _add_rows(session: Session, model: type[Any], rows: Sequence[RowMapping], sign: int) -> None:
    keys = keys_of(model)
    for row in sorted(rows, key=lambda row: [row[key] for key in keys]):
        change = {name: sign * int(value) for name, value in row.items() if name not in keys}
        add(session, model, {key: row[key] for key in keys}, change)
