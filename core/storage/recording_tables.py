"""The table of what learners recorded, beside those of tables.py; the sound itself lies in files."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Float, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big, Long, Tiny


class Recording(Base):
    """What was said to turn `number` of an interview, until its answer is sent; longer where the learner keeps recordings.

    `state` is new (not written down yet, or not successfully: then `fault` and `sentence` say why), heard (its text waits for
    the answer box), taken (its text is in the box) or kept. `name` is the file's, None where there is none any more;
    `digest` the SHA-256 of what was recorded. `raw` is the recogniser's text, `corrected` the same after term correction, `sound` how it was
    spoken (core.speech.delivery.Sound).
    """

    __tablename__ = "recording"
    id: Mapped[int] = mapped_column(Big, primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id", ondelete="CASCADE"), index=True)
    number: Mapped[int] = mapped_column(Tiny)
    state: Mapped[str] = mapped_column(String(8))
    name: Mapped[str | None] = mapped_column(String(32), unique=True)
    digest: Mapped[str] = mapped_column(String(64))
    media: Mapped[str] = mapped_column(String(40))
    seconds: Mapped[float | None] = mapped_column(Float)
    size: Mapped[int] = mapped_column(Integer)
    fault: Mapped[str | None] = mapped_column(String(24))
    sentence: Mapped[str | None] = mapped_column(String(500))
    raw: Mapped[str | None] = mapped_column(Long)
    corrected: Mapped[str | None] = mapped_column(Long)
    sound: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    made_at: Mapped[dt.datetime]
