"""How a learner speaks, interview by interview, from the counts that are stored with each spoken answer."""

import pandas as pd
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.analytics.queries import NEWEST
from core.speech.delivery import LEAST_SPEECH
from core.storage.tables import Interview, Turn

COLUMNS = ["public_id", "domain", "started_at", "pace", "fillers", "answers"]


def spoken_interviews(
    session: Session, learner_id: int, domain: str | None = None, *, newest: int = NEWEST
) -> pd.DataFrame:
    """The learner's newest interviews in which enough was said aloud, oldest first: one row each.

    Columns: public_id, domain, started_at (UTC), pace (words a minute), fillers (a minute, at least), answers.
    """
    recent = select(Interview.id, Interview.public_id, Interview.domain, Interview.started_at)
    recent = recent.filter_by(learner_id=learner_id, **({"domain": domain} if domain else {}))
    looked_at = recent.order_by(Interview.started_at.desc()).limit(newest).subquery()
    query = select(looked_at.c.public_id, looked_at.c.domain, looked_at.c.started_at, Turn.delivery)
    query = query.join(Turn, Turn.interview_id == looked_at.c.id).where(Turn.input_mode == "voice")
    rows = [
        (public_id, domain_, started_at, told["words"], told["fillers"], told["speech"])
        for public_id, domain_, started_at, told in session.execute(query)
        if told and told.get("speech")
    ]
    frame = pd.DataFrame(rows, columns=["public_id", "domain", "started_at", "words", "said", "speech"])
    sums = frame.groupby(["public_id", "domain", "started_at"], as_index=False).agg(
        words=("words", "sum"), said=("said", "sum"), speech=("speech", "sum"), answers=("words", "size")
    )
    sums = sums[sums["speech"] >= LEAST_SPEECH]
    minutes = sums["speech"].astype("float64") / 60
    sums = sums.assign(
        pace=sums["words"] / minutes,
        fillers=sums["said"] / minutes,
        started_at=pd.to_datetime(sums["started_at"], utc=True),
    )
    return sums.sort_values("started_at")[COLUMNS].reset_index(drop=True)
