"""The sample programme: made-up cohorts, learners and interviews to look around in, marked as sample everywhere."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from core.accounts.personal_data import forget_staff
from core.domains import Catalogue, Domain, Question
from core.interview import policy
from core.interview.model import EndReason, Mode, Move, Phase
from core.storage import counts, recounting
from core.storage.bench_tables import BenchRun
from core.storage.count_tables import ActiveWeek, LearnerCount, LearnerTrend, PointCount, PointText
from core.storage.database import Database
from core.storage.feedback_tables import Flag
from core.storage.goal_tables import LearnerGoal
from core.storage.ids import new_public_id, week_of
from core.storage.programme_tables import Assignment, ContactNote
from core.storage.review_tables import Retry, ShareLink
from core.storage.tables import (
    NO_COHORT,
    Audit,
    Base,
    Cohort,
    CubeWeek,
    Enrolment,
    GradeRow,
    Interview,
    InterviewContext,
    InterviewRollup,
    InterviewSkill,
    Job,
    Person,
    Programme,
    ScoreCube,
    Turn,
)
from core.storage.text_tables import TextInUse, TextVersion

SAMPLE_LEARNER_EMAIL = "maya.lindqvist@sample.example.org"
SAMPLE_MANAGER_EMAIL = "theo.adeyemi@sample.example.org"
SAMPLE_ADMIN_EMAIL = "ines.carvalho@sample.example.org"
PROGRAMME = "Sample programme"
COHORTS = ("Career changers", "Graduate intake", "Evening group")
LEARNERS, WEEKS = 60, 12
RESPONSES_A_LEARNER = 82
"""Somewhat fewer than they give on average, so that as many as were asked for come together."""
SOURCE, MODEL = "sample", "made up"
CHUNK = 400
"""Interviews inserted at a time."""

FIRST = ["Aisha", "Tomás", "Mei", "Olu", "Hanna", "Ravi", "Lucía", "Jonas", "Fatima", "Kenji", "Zofia", "Daniel", "Priya", "Mateo", "Ingrid", "Samuel", "Leila", "Piotr", "Grace", "Arjun", "Chloé", "Omar", "Yuki", "Nina", "Kofi", "Elena", "Marcus", "Thandi", "Felix", "Amara"]  # fmt: skip
LAST = ["Okafor", "Silva", "Chen", "Novak", "Haddad", "Iyer", "Berg", "Mensah", "Rossi", "Tanaka", "Kowalska", "Murphy", "Patel", "Vargas", "Larsen", "Osei", "Karimi", "Nowak", "Walker", "Menon", "Dubois", "Farouk", "Sato", "Petrova", "Boateng", "Marino", "Clarke", "Dlamini", "Weber", "Diallo"]  # fmt: skip
UNGRADED = "the grader could not be reached at the time"


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What was loaded; `fresh` is False when the sample programme was there already."""

    learners: int
    interviews: int
    responses: int
    fresh: bool = True

    def __str__(self) -> str:
        if not self.fresh:
            return "The sample programme is there already; nothing was changed."
        return (
            f"Loaded the sample programme: {self.learners:,} learners, {self.interviews:,} interviews, "
            f"{self.responses:,} responses."
        )


@dataclass(frozen=True, slots=True)
class Learner:
    """A made-up person: ability and weekly growth in logits, and the last week in which they come."""

    id: int
    cohort_id: int
    ability: float
    growth: float
    stops: int
    fields: tuple[str, ...]


def load_sample(
    database: Database, catalogue: Catalogue, *, responses: int | None = None, seed: int = 7, now: dt.datetime
) -> SampleReport:
    """Load the sample programme of the last twelve weeks; a second time changes nothing.

    `responses` asks for about that many, with more learners the more there are. Deterministic by `seed` and `now`.
    """
    if not catalogue.domains:
        raise ValueError("There is no domain to make sample interviews from: add a file under prompts/domains/.")
    rng = Random(seed)
    learners_wanted = LEARNERS if responses is None else max(LEARNERS, responses // RESPONSES_A_LEARNER)
    with database.write() as session:
        programme = session.scalar(select(Programme).filter_by(name=PROGRAMME))
        if programme is not None and not programme.is_sample:
            raise ValueError(f"A programme of real people is called “{PROGRAMME}”; give it another name first.")
        if programme is not None:
            return SampleReport(0, 0, 0, fresh=False)
        learners = _people(session, catalogue, learners_wanted, rng, now)
        writer = _Writer(session, catalogue, rng, now)
        for learner in learners:
            for interview, told in _interviews(learner, catalogue, rng, now):
                writer.add(interview, told)
                if responses is not None and writer.responses >= responses:
                    break
            if responses is not None and writer.responses >= responses:
                break
        writer.flush()
        _open_interview(session, catalogue, learners[0], rng, now)
        session.flush()
        counts.rebuild(session)
        writer.store_abilities()
        recounting.rebuild_sums(session)
        return SampleReport(len(learners), writer.interviews, writer.responses)


def _people(session: Session, catalogue: Catalogue, wanted: int, rng: Random, now: dt.datetime) -> list[Learner]:
    began = now - dt.timedelta(weeks=WEEKS)
    programme = Programme(name=PROGRAMME, share_transcripts=True, is_sample=True)
    session.add(programme)
    session.flush()
    cohorts = [
        Cohort(public_id=new_public_id(), programme_id=programme.id, name=name, starts_on=began.date(), is_sample=True)
        for name in COHORTS
    ]
    session.add_all(cohorts)
    session.flush()
    staff = [(SAMPLE_MANAGER_EMAIL, "Theo Adeyemi", "manager"), (SAMPLE_ADMIN_EMAIL, "Ines Carvalho", "admin")]
    names = [(SAMPLE_LEARNER_EMAIL, "Maya Lindqvist", "learner"), *staff]
    for number in range(1, wanted):
        first, last = FIRST[number % len(FIRST)], LAST[(number * 7 + number // len(FIRST)) % len(LAST)]
        names.append((f"learner{number:05d}@sample.example.org", f"{first} {last}", "learner"))
    rows = [
        {"public_id": new_public_id(), "email": email, "name": name, "role": role, "settings": {}, "created_at": began,
         "last_active_at": now, "is_sample": True, "disabled": False, "share_transcripts": False}
        for email, name, role in names
    ]  # fmt: skip
    session.execute(insert(Person), rows)
    ids = {email: id_ for id_, email in session.execute(select(Person.id, Person.email).where(Person.is_sample))}
    for cohort in cohorts:
        session.add(Enrolment(person_id=ids[SAMPLE_MANAGER_EMAIL], cohort_id=cohort.id, since=began))
    keys = sorted(catalogue.domains)
    learners = []
    for number, (email, _, role) in enumerate(names):
        if role != "learner":
            continue
        cohort = cohorts[0 if email == SAMPLE_LEARNER_EMAIL else number % len(cohorts)]
        stops = WEEKS if email == SAMPLE_LEARNER_EMAIL or rng.random() < 0.8 else rng.randrange(2, WEEKS - 2)
        growth = 0.12 if email == SAMPLE_LEARNER_EMAIL else max(-0.03, rng.gauss(0.07, 0.06))
        chosen = tuple(rng.sample(keys, min(len(keys), 2)))
        learners.append(Learner(ids[email], cohort.id, rng.gauss(-0.2, 0.8), growth, stops, chosen))
    session.execute(
        insert(Enrolment), [{"person_id": one.id, "cohort_id": one.cohort_id, "since": began} for one in learners]
    )
    return learners


def _interviews(
    learner: Learner, catalogue: Catalogue, rng: Random, now: dt.datetime
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The learner's interviews, oldest first, each with its turns."""
    week_start = now - dt.timedelta(weeks=WEEKS)
    for week in range(learner.stops):
        for _ in range(rng.choice((0, 1, 1, 2))):
            started = week_start + dt.timedelta(weeks=week, days=rng.randrange(7), minutes=rng.randrange(720))
            if started >= now - dt.timedelta(hours=2):
                continue
            domain = catalogue.domains[rng.choice(learner.fields)]
            ability = learner.ability + learner.growth * week
            yield _interview(learner, domain, ability, started, rng)


def _interview(
    learner: Learner, domain: Domain, ability: float, started: dt.datetime, rng: Random
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    planned = rng.choice((5, 8, 8, 10, 12))
    early = rng.random() < 0.1
    told = list(_turns(domain, ability, started, max(2, planned // 2) if early else planned, rng))
    interview = {
        "public_id": new_public_id(),
        "learner_id": learner.id,
        "cohort_id": learner.cohort_id,
        "domain": domain.key,
        "level": None,
        "mode": rng.choice((Mode.PRACTICE, Mode.PRACTICE, Mode.MOCK)).value,
        "question_limit": planned,
        "phase": Phase.FINISHED.value,
        "end_reason": (EndReason.LEARNER if early else EndReason.LIMIT).value,
        "engine": SOURCE,
        "model": MODEL,
        "seed": rng.randrange(2**31),
        "started_at": started,
        "finished_at": started + dt.timedelta(minutes=3 * len(told)),
        "week": week_of(started),
        "is_sample": True,
    }
    return interview, told


def _turns(domain: Domain, ability: float, started: dt.datetime, n: int, rng: Random) -> Iterator[dict[str, Any]]:
    """Turns with their scores; the level follows the answers as in a real interview."""
    known, level = policy.starting_ability(None), 2
    unused = list(domain.questions)
    rng.shuffle(unused)
    for number in range(1, n + 1):
        if not unused:
            unused = list(domain.questions)
        question = min(unused[:30], key=lambda one: abs(one.level - level))
        unused.remove(question)
        hints = int(rng.random() < 0.12)
        skipped = rng.random() < 0.03
        easier = policy.difficulty(question.level, hints)
        score = round(1 + 9 * min(1.0, max(0.0, rng.gauss(1 / (1 + math.exp(easier - ability)), 0.16))))
        graded = not skipped and rng.random() > 0.01
        if graded:
            known = policy.update(known, question.level, score, hints)
            level = policy.target_level(known, question.level)
        yield {
            "number": number,
            "question": question,
            "hints": [{"rung": 1, "text": question.hints.direction}] if hints else [],
            "score": score if graded else None,
            "skipped": skipped,
            "asked_at": started + dt.timedelta(minutes=3 * number - 3),
            "voice": rng.random() < 0.4,
            "ability": known,
        }


class _Writer:
    """Inserts interviews with their turns and grades in bulk."""

    def __init__(self, session: Session, catalogue: Catalogue, rng: Random, now: dt.datetime) -> None:
        self._session, self._now = session, now
        self._pending: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        self._words = _Words()
        self._abilities: list[dict[str, Any]] = []
        self.interviews = self.responses = 0

    def add(self, interview: dict[str, Any], told: list[dict[str, Any]]) -> None:
        self._pending.append((interview, told))
        self.interviews += 1
        self.responses += sum(not turn["skipped"] for turn in told)
        if len(self._pending) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Write what is pending; row ids are looked up, since other people may be inserting too."""
        if not self._pending:
            return
        session = self._session
        session.execute(insert(Interview), [interview for interview, _ in self._pending])
        names = [interview["public_id"] for interview, _ in self._pending]
        ids = dict(
            session.execute(select(Interview.public_id, Interview.id).where(Interview.public_id.in_(names))).all()
        )
        turns = [self._turn(ids[interview["public_id"]], turn) for interview, told in self._pending for turn in told]
        session.execute(insert(Turn), turns)
        found = session.execute(
            select(Turn.interview_id, Turn.number, Turn.id).where(Turn.interview_id.in_(ids.values()))
        )
        turn_ids = {(interview_id, number): id_ for interview_id, number, id_ in found}
        grades = []
        for interview, told in self._pending:
            id_ = ids[interview["public_id"]]
            grades += [self._grade(turn_ids[id_, turn["number"]], turn) for turn in told if not turn["skipped"]]
            if any(turn["score"] is not None for turn in told):
                known = told[-1]["ability"]
                where = {"of": id_, "cohort": interview["cohort_id"], "monday": interview["week"]}
                self._abilities.append({**where, "theta": known.theta, "se": known.se})
        session.execute(insert(GradeRow), grades)
        self._pending = []

    def store_abilities(self) -> None:
        """Add the estimates to the roll-up, which is there only after the counts are built."""
        table = Base.metadata.tables[InterviewRollup.__tablename__]
        statement = (
            update(table)
            .where(table.c.cohort_id == bindparam("cohort"), table.c.week == bindparam("monday"))
            .where(table.c.interview_id == bindparam("of"))
            .values(ability=bindparam("theta"), ability_se=bindparam("se"))
        )
        if self._abilities:
            self._session.connection().execute(statement, self._abilities)

    def _turn(self, interview_id: int, turn: dict[str, Any]) -> dict[str, Any]:
        question: Question = turn["question"]
        answer = None if turn["skipped"] else self._words.answer(question, turn["score"])
        return {
            "interview_id": interview_id,
            "number": turn["number"],
            "move": (Move.OPENING if turn["number"] == 1 else Move.NEW_TOPIC).value,
            "rung": 0,
            "skill": question.skill,
            "level": question.level,
            "question_id": question.id,
            "message": question.text,
            "asked_at": turn["asked_at"],
            "engine": SOURCE,
            "model": MODEL,
            "prompt_digest": "",
            "complied": True,
            "hints": turn["hints"],
            "answer": answer,
            "answered_at": turn["asked_at"] + dt.timedelta(minutes=2),
            "skipped": turn["skipped"],
            "input_mode": "voice" if turn["voice"] else "text",
        }

    def _grade(self, turn_id: int, turn: dict[str, Any]) -> dict[str, Any]:
        score = turn["score"]
        return {
            "turn_id": turn_id,
            "is_current": True,
            "score": score,
            "reason": None if score is not None else UNGRADED,
            "source": SOURCE,
            "model": MODEL,
            "prompt_digest": "",
            "detail": self._words.detail(turn["question"], score) if score is not None else {"engine": SOURCE},
            "created_at": turn["asked_at"] + dt.timedelta(minutes=2),
        }


class _Words:
    """Answers and feedback that fit a score, from the bank's authored answers; made once for each question and band."""

    def __init__(self) -> None:
        self._details: dict[tuple[str, int], dict[str, Any]] = {}

    def answer(self, question: Question, score: int | None) -> str:
        if question.answers is None:
            sentences = question.model_answer.split(". ")
            return ". ".join(sentences[: max(1, round(len(sentences) * (score or 5) / 10))]).rstrip(".") + "."
        kind = "mid" if score is None else "weak" if score <= 4 else "mid" if score <= 7 else "strong"
        return str(getattr(question.answers, kind))

    def detail(self, question: Question, score: int) -> dict[str, Any]:
        key = (question.id, score)
        if key not in self._details:
            self._details[key] = self._make(question, score)
        return self._details[key]

    def _make(self, question: Question, score: int) -> dict[str, Any]:
        answer = self.answer(question, score)
        met = round(len(question.key_points) * max(0, score - 2) / 8)
        points = [
            {"point": entry.point, "status": "met" if place < met else "missing",
             "quote": _quote(answer, entry.point) if place < met else ""}
            for place, entry in enumerate(question.key_points)
        ]  # fmt: skip
        said = [entry.point for entry in question.key_points[:met]]
        lacking = [entry.point for entry in question.key_points[met:]]
        level = min(4, round((score - 1) / 9 * 4))
        names = ("correctness", "completeness", "clarity") if question.kind == "knowledge" else ("situation", "action", "result", "reflection", "communication")  # fmt: skip
        return {
            "engine": SOURCE,
            "criteria": [{"name": name, "level": level, "rationale": "", "quote": ""} for name in names],
            "points": points,
            "errors": [],
            "feedback": {
                "strength": f"You brought out this point: “{said[0].rstrip('.')}”." if said else "",
                "gap": f"A point that was not heard: “{lacking[0].rstrip('.')}”." if lacking else "",
                "next_step": "Say the missing point in one sentence and give an example." if lacking else
                             "Try the same topic one level higher.",
                "improved": "",
            },
            "flags": [],
            "estimate": None,
        }  # fmt: skip


def _quote(answer: str, point: str) -> str:
    """The sentence of the answer that shares most words with the point."""
    wanted = set(point.casefold().split())
    sentences = [sentence.strip() for sentence in answer.replace("\n", " ").split(". ") if sentence.strip()]
    return max(sentences, key=lambda sentence: len(wanted & set(sentence.casefold().split())), default="")


def _open_interview(session: Session, catalogue: Catalogue, learner: Learner, rng: Random, now: dt.datetime) -> None:
    """One interview that the sample learner can resume; the offline engine goes on with it."""
    domain = catalogue.domains[learner.fields[0]]
    question = min(domain.questions, key=lambda one: (abs(one.level - 3), one.id))
    started = now - dt.timedelta(hours=3)
    interview = Interview(
        public_id=new_public_id(), learner_id=learner.id, cohort_id=learner.cohort_id, domain=domain.key, level=3,
        mode=Mode.PRACTICE, question_limit=8, phase=Phase.ANSWERING, engine="offline", model="bank-1",
        seed=rng.randrange(2**31), started_at=started, week=week_of(started), is_sample=True,
    )  # fmt: skip
    session.add(interview)
    session.flush()
    session.add(
        Turn(
            interview_id=interview.id, number=1, move=Move.OPENING, skill=question.skill, level=question.level,
            question_id=question.id, message=question.text, asked_at=started, engine="offline", model="bank-1",
            prompt_digest="", hints=[],
        )
    )  # fmt: skip


def remove_sample(database: Database) -> None:
    """Remove everything that is marked as sample, with whatever sample people did since; leaves no trace."""

    def work(session: Session) -> None:
        people: Sequence[int] = session.scalars(select(Person.id).where(Person.is_sample)).all()
        cohorts = session.scalars(select(Cohort.id).where(Cohort.is_sample)).all()
        theirs = select(Interview.id).where(or_(Interview.learner_id.in_(select(Person.id).where(Person.is_sample)), Interview.is_sample))  # fmt: skip
        elsewhere = select(Interview).where(Interview.id.in_(theirs), Interview.cohort_id.not_in(cohorts))
        for interview in session.scalars(elsewhere).all():  # counted beside real people: taken out one by one
            counts.removed(session, interview)
        turns = select(Turn.id).where(Turn.interview_id.in_(theirs))
        quietly = {"synchronize_session": False}
        for about in (GradeRow, Flag):
            session.execute(delete(about).where(about.turn_id.in_(turns)), execution_options=quietly)
        for table in (Turn, Job, InterviewRollup, InterviewSkill, InterviewContext, Retry, ShareLink):
            session.execute(delete(table).where(table.interview_id.in_(theirs)), execution_options=quietly)
        interviews = list(session.scalars(theirs))
        for place in range(0, len(interviews), 1000):
            part = interviews[place : place + 1000]
            session.execute(delete(Interview).where(Interview.id.in_(part)), execution_options=quietly)
        strays = _without_a_cohort(session, cohorts)
        for counted in (ScoreCube, CubeWeek, ActiveWeek, LearnerCount, PointCount):
            session.execute(delete(counted).where(counted.cohort_id.in_(cohorts)), execution_options=quietly)
        unused = PointText.id.not_in(select(PointCount.point_id))
        session.execute(delete(PointText).where(unused), execution_options=quietly)
        for place in range(0, len(people), 1000):
            part = list(people[place : place + 1000])
            written = select(TextVersion.id).where(TextVersion.author_id.in_(part))
            session.execute(delete(TextInUse).where(TextInUse.version_id.in_(written)), execution_options=quietly)
            session.execute(delete(TextVersion).where(TextVersion.author_id.in_(part)), execution_options=quietly)
            session.execute(delete(BenchRun).where(BenchRun.started_by.in_(part)), execution_options=quietly)
            session.execute(delete(LearnerTrend).where(LearnerTrend.learner_id.in_(part)), execution_options=quietly)
            touched = or_(Audit.subject_id.in_(part), Audit.actor_id.in_(part))
            session.execute(delete(Audit).where(touched), execution_options=quietly)
            session.execute(delete(LearnerGoal).where(LearnerGoal.person_id.in_(part)), execution_options=quietly)
            forget_staff(session, part)
        session.execute(delete(Enrolment).where(Enrolment.cohort_id.in_(cohorts)), execution_options=quietly)
        sample_people = select(Person.id).where(Person.is_sample)
        theirs_too = or_(Assignment.cohort_id.in_(cohorts), Assignment.learner_id.in_(sample_people))
        session.execute(delete(Assignment).where(theirs_too), execution_options=quietly)
        session.execute(delete(ContactNote).where(ContactNote.learner_id.in_(sample_people)), execution_options=quietly)
        session.execute(delete(Person).where(Person.is_sample), execution_options=quietly)
        session.execute(delete(Cohort).where(Cohort.is_sample), execution_options=quietly)
        session.execute(delete(Programme).where(Programme.is_sample), execution_options=quietly)
        if strays:
            counts.rebuild(session)

    database.run(work)


def _without_a_cohort(session: Session, cohorts: Sequence[int]) -> int:
    """Takes what is left in these cohorts, which is real people's, out of them; returns how many interviews that were."""
    left = session.scalars(select(Interview.id).where(Interview.cohort_id.in_(cohorts))).all()
    for table, column in ((Interview, Interview.id), (InterviewRollup, InterviewRollup.interview_id)):
        moved = update(table).where(column.in_(left)).values(cohort_id=NO_COHORT)
        session.execute(moved, execution_options={"synchronize_session": False})
    return len(left)
