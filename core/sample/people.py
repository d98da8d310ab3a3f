"""Who is in the sample programme: its cohorts, its staff and its learners."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.storage.ids import new_public_id
from core.storage.tables import Cohort, Enrolment, Person, Programme

SAMPLE_LEARNER_EMAIL = "maya.lindqvist@sample.example.org"
SAMPLE_MANAGER_EMAIL = "theo.adeyemi@sample.example.org"
SAMPLE_ADMIN_EMAIL = "ines.carvalho@sample.example.org"
PROGRAMME = "Sample programme"
LOADING = "Sample programme, still being loaded"
COHORTS = ("Career changers", "Graduate intake", "Evening group")
LEARNERS, WEEKS = 60, 12
MANY = 200_000
"""Responses from which the programme runs for half a year, and its learners practise more."""
LARGEST = 0.2
"""The share of all learners who are in the first of many cohorts: a large one is what pages must cope with."""

FIRST = ["Aisha", "Tomás", "Mei", "Olu", "Hanna", "Ravi", "Lucía", "Jonas", "Fatima", "Kenji", "Zofia", "Daniel", "Priya", "Mateo", "Ingrid", "Samuel", "Leila", "Piotr", "Grace", "Arjun", "Chloé", "Omar", "Yuki", "Nina", "Kofi", "Elena", "Marcus", "Thandi", "Felix", "Amara"]  # fmt: skip
LAST = ["Okafor", "Silva", "Chen", "Novak", "Haddad", "Iyer", "Berg", "Mensah", "Rossi", "Tanaka", "Kowalska", "Murphy", "Patel", "Vargas", "Larsen", "Osei", "Karimi", "Nowak", "Walker", "Menon", "Dubois", "Farouk", "Sato", "Petrova", "Boateng", "Marino", "Clarke", "Dlamini", "Weber", "Diallo"]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Size:
    """How large the programme is: learners of each cohort, weeks that it has run for, interviews in a week, questions asked."""

    cohorts: tuple[int, ...]
    weeks: int
    a_week: tuple[int, ...]
    questions: tuple[int, ...]


def size_for(responses: int | None) -> Size:
    """The programme that gives about so many responses; without a wish, the small one."""
    if responses is None or responses < MANY:
        weeks, a_week, questions = WEEKS, (0, 1, 1, 2), (5, 8, 8, 10, 12)
        given = 80  # a learner, somewhat fewer than on average, so that as many as were asked for come together
    else:
        weeks, a_week, questions = 26, (1, 2, 2, 3), (8, 10, 10, 12, 15)
        given = 465
    learners = LEARNERS if responses is None else max(LEARNERS, responses // given)
    number = min(max(len(COHORTS), round(learners / 200)), 50)
    if number <= 5:
        return Size(_shares(learners, number), weeks, a_week, questions)
    largest = round(learners * LARGEST)
    return Size((largest, *_shares(learners - largest, number - 1)), weeks, a_week, questions)


def _shares(whole: int, parts: int) -> tuple[int, ...]:
    return tuple(whole * (part + 1) // parts - whole * part // parts for part in range(parts))


@dataclass(frozen=True, slots=True)
class Learner:
    """A made-up person: ability and weekly growth in logits, and the last week in which they come."""

    id: int
    cohort_id: int
    ability: float
    growth: float
    stops: int
    fields: tuple[str, ...]
    is_guide: bool
    """Whether visitors look around as this learner."""


def add_people(session: Session, size: Size, domains: Sequence[str], rng: Random, now: dt.datetime) -> list[Learner]:
    """Adds the programme, its cohorts and everybody in them; the learners come cohort by cohort, the guide first."""
    began = now - dt.timedelta(weeks=size.weeks)
    cohorts = _add_cohorts(session, size, began)
    staff = [(SAMPLE_MANAGER_EMAIL, "Theo Adeyemi", "manager"), (SAMPLE_ADMIN_EMAIL, "Ines Carvalho", "admin")]
    names = [(SAMPLE_LEARNER_EMAIL, "Maya Lindqvist", "learner")]
    for number in range(1, sum(size.cohorts)):
        first, last = FIRST[number % len(FIRST)], LAST[(number * 7 + number // len(FIRST)) % len(LAST)]
        names.append((f"learner{number:05d}@sample.example.org", f"{first} {last}", "learner"))
    rows = [
        {"public_id": new_public_id(), "email": email, "name": name, "role": role, "settings": {}, "created_at": began,
         "last_active_at": now, "is_sample": True, "disabled": False, "share_transcripts": False}
        for email, name, role in (*names, *staff)
    ]  # fmt: skip
    session.execute(insert(Person), rows)
    ids = {email: id_ for id_, email in session.execute(select(Person.id, Person.email).where(Person.is_sample))}
    places = [cohort_id for cohort_id, learners in zip(cohorts, size.cohorts, strict=True) for _ in range(learners)]
    learners = [
        _learner(ids[email], place, email == SAMPLE_LEARNER_EMAIL, size, domains, rng)
        for (email, _, _), place in zip(names, places, strict=True)
    ]
    enrolled = [(one.id, one.cohort_id) for one in learners] + [(ids[SAMPLE_MANAGER_EMAIL], id_) for id_ in cohorts]
    session.execute(
        insert(Enrolment), [{"person_id": id_, "cohort_id": cohort_id, "since": began} for id_, cohort_id in enrolled]
    )
    return learners


def _add_cohorts(session: Session, size: Size, began: dt.datetime) -> list[int]:
    programme = Programme(name=LOADING, share_transcripts=True, shows_places=True, is_sample=True)
    session.add(programme)
    session.flush()
    names = [*COHORTS, *(f"Intake {number}" for number in range(len(COHORTS) + 1, len(size.cohorts) + 1))]
    cohorts = [
        Cohort(public_id=new_public_id(), programme_id=programme.id, name=name, starts_on=began.date(), is_sample=True)
        for name in names[: len(size.cohorts)]
    ]
    session.add_all(cohorts)
    session.flush()
    return [cohort.id for cohort in cohorts]


def _learner(id_: int, cohort_id: int, is_guide: bool, size: Size, domains: Sequence[str], rng: Random) -> Learner:
    stops = size.weeks if is_guide or rng.random() < 0.8 else rng.randrange(2, size.weeks - 2)
    growth = (0.12 if is_guide else max(-0.03, rng.gauss(0.07, 0.06))) * WEEKS / size.weeks
    chosen = tuple(rng.sample(domains, min(len(domains), 2)))
    return Learner(id_, cohort_id, rng.gauss(-0.2, 0.8), growth, stops, chosen, is_guide)
