"""How far machines can be trusted, as data frames: their grades beside people's, and replies beside the policy card."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from core.analytics.metrics import agreement
from core.storage.feedback_tables import ReplyCount
from core.storage.grades import PERSON
from core.storage.tables import GradeRow, Interview, Turn

VERSION = ["domain", "source", "model", "prompt_digest"]
"""What tells one grader from another: field, engine, model, and the words that it was told."""


def graded_twice(session: Session, *, is_sample: bool) -> pd.DataFrame:
    """Every answer with a person's score in force, once for each version of a grader that scored it too.

    Columns: those of VERSION, person and machine (1–10): the version's last score. Sample interviews and real ones never
    together.
    """
    person, machine = aliased(GradeRow), aliased(GradeRow)
    query = (
        select(
            Interview.domain,
            machine.source,
            machine.model,
            machine.prompt_digest,
            machine.turn_id,
            person.score.label("person"),
            machine.score.label("machine"),
        )
        .select_from(person)
        .join(Turn, Turn.id == person.turn_id)
        .join(Interview, Interview.id == Turn.interview_id)
        .join(machine, machine.turn_id == person.turn_id)
        .where(person.source == PERSON, person.is_current, person.score.is_not(None))
        .where(machine.source != PERSON, machine.score.is_not(None), Interview.is_sample == is_sample)
        .order_by(machine.created_at, machine.id)
    )
    frame = pd.DataFrame(session.execute(query).all(), columns=[*VERSION, "turn_id", "person", "machine"])
    return frame.drop_duplicates([*VERSION, "turn_id"], keep="last").drop(columns="turn_id").reset_index(drop=True)


def agreements(pairs: pd.DataFrame) -> pd.DataFrame:
    """One row for each version in the rows of `graded_twice`, most pairs first: VERSION, n, kappa, difference."""
    rows = []
    for version, part in pairs.groupby(VERSION):
        found = agreement(part["person"], part["machine"])
        rows.append((*version, found.n, found.kappa, found.difference))
    frame = pd.DataFrame(rows, columns=[*VERSION, "n", "kappa", "difference"])
    frame = frame.astype({"kappa": "float64", "difference": "float64"})
    return frame.sort_values(["n", *VERSION], ascending=[False, *[True] * len(VERSION)], ignore_index=True)


def replies(session: Session) -> pd.DataFrame:
    """Interviewers' replies by engine, model and prompt_digest, newest first: since and until (weeks), n, kept."""
    count = ReplyCount
    keys = [count.engine, count.model, count.prompt_digest]
    until = func.max(count.week).label("until")
    n, kept = func.sum(count.n).label("n"), func.sum(count.kept).label("kept")
    query = (
        select(*keys, func.min(count.week).label("since"), until, n, kept).group_by(*keys).order_by(until.desc(), *keys)
    )
    result = session.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    return frame.astype({"n": "int64", "kept": "int64"})
