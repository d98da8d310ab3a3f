"""How a learner speaks, interview by interview, from the counts that are stored with each spoken answer."""

import pandas as pd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.analytics.frames import frame_of
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
    about = (looked_at.c.public_id, looked_at.c.domain, looked_at.c.started_at)
    words, said, speech = (func.json_extract(Turn.delivery, f"$.{name}") for name in ("words", "fillers", "speech"))
    query = (
        select(*about, func.sum(words).label("words"), func.sum(said).label("said"), func.sum(speech).label("speech"),
               func.count().label("answers"))
        .join(Turn, Turn.interview_id == looked_at.c.id)
        .where(Turn.input_mode == "voice", speech > 0)
        .group_by(*about)
        .having(func.sum(speech) >= LEAST_SPEECH)
        .order_by(looked_at.c.started_at)
    )  # fmt: skip
    frame = frame_of(session, query, ["words", "said", "speech"], ["answers"])
    minutes = frame["speech"] / 60
    return frame.assign(
        pace=frame["words"] / minutes,
        fillers=frame["said"] / minutes,
        started_at=pd.to_datetime(frame["started_at"], utc=True),
    )[COLUMNS]
