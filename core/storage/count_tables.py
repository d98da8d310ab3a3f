"""The counts that charts and lists read: all can be made anew from interviews, turns and grades."""

import datetime as dt

from sqlalchemy import BigInteger, Double, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base, Big, Tiny

ANY = ""
"""In `active_week`: whichever domain, source or mode; in `programme_cube`: whichever skill."""
POINT_LENGTH = 300


class Histogram:
    """Counts of scores: n graded, their total, and h1..h10; exact means and percentiles come from these."""

    n: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    h1: Mapped[int] = mapped_column(Integer, default=0)
    h2: Mapped[int] = mapped_column(Integer, default=0)
    h3: Mapped[int] = mapped_column(Integer, default=0)
    h4: Mapped[int] = mapped_column(Integer, default=0)
    h5: Mapped[int] = mapped_column(Integer, default=0)
    h6: Mapped[int] = mapped_column(Integer, default=0)
    h7: Mapped[int] = mapped_column(Integer, default=0)
    h8: Mapped[int] = mapped_column(Integer, default=0)
    h9: Mapped[int] = mapped_column(Integer, default=0)
    h10: Mapped[int] = mapped_column(Integer, default=0)


class InterviewRollup(Histogram, Base):
    """One row an interview: what dashboards read instead of turns. `source` is the engine that graded it.

    `level1`..`level5` are how many of its `n` scores are of answers at that level. `ability` is the difficulty-adjusted
    estimate in logits after the last grade, `ability_se` its standard error.
    """

    __tablename__ = "interview_rollup"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    learner_id: Mapped[int] = mapped_column(Big)
    domain: Mapped[str] = mapped_column(String(40))
    mode: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    finished: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[dt.datetime]
    answered: Mapped[int] = mapped_column(Integer, default=0)
    ungraded: Mapped[int] = mapped_column(Integer, default=0)
    hints: Mapped[int] = mapped_column(Integer, default=0)
    level_total: Mapped[int] = mapped_column(Integer, default=0)
    level1: Mapped[int] = mapped_column(Tiny, default=0, server_default="0")
    level2: Mapped[int] = mapped_column(Tiny, default=0, server_default="0")
    level3: Mapped[int] = mapped_column(Tiny, default=0, server_default="0")
    level4: Mapped[int] = mapped_column(Tiny, default=0, server_default="0")
    level5: Mapped[int] = mapped_column(Tiny, default=0, server_default="0")
    ability: Mapped[float | None]
    ability_se: Mapped[float | None]
    __table_args__ = (
        Index(None, "learner_id", "started_at"),
        # Begins with the domain, or MySQL would sort by it for a learner's last interview.
        Index(None, "domain", "learner_id", "started_at", "finished"),
        {"sqlite_with_rowid": False},
    )


class InterviewSkill(Base):
    """Graded scores of one interview by skill: what a learner's skill charts read."""

    __tablename__ = "interview_skill"
    learner_id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    interview_id: Mapped[int] = mapped_column(
        ForeignKey("interview.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)
    n: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    level_total: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ScoreCube(Histogram, Base):
    """Counts of current scores by everything a cohort chart groups by; rebuilt from the facts, checked for drift."""

    __tablename__ = "score_cube"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int] = mapped_column(Tiny, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class CubeWeek(Histogram, Base):
    """Interviews and scores of a cohort by week and domain: what the overview of many cohorts reads.

    Interviews are counted under the engine that they were begun with, scores under the one that gave them.
    """

    __tablename__ = "cube_week"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    started: Mapped[int] = mapped_column(Integer, default=0)
    finished: Mapped[int] = mapped_column(Integer, default=0)
    answered: Mapped[int] = mapped_column(Integer, default=0)
    ungraded: Mapped[int] = mapped_column(Integer, default=0)
    hints: Mapped[int] = mapped_column(Integer, default=0)
    level_total: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class LearnerCount(Base):
    """What a learner did in a cohort, by domain, engine and mode: what lists of learners read."""

    __tablename__ = "learner_count"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    learner_id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    started: Mapped[int] = mapped_column(Integer, default=0)
    finished: Mapped[int] = mapped_column(Integer, default=0)
    answered: Mapped[int] = mapped_column(Integer, default=0)
    ungraded: Mapped[int] = mapped_column(Integer, default=0)
    hints: Mapped[int] = mapped_column(Integer, default=0)
    n: Mapped[int] = mapped_column(Integer, default=0)
    total: Mapped[int] = mapped_column(Integer, default=0)
    level_total: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = (Index(None, "learner_id"), {"sqlite_with_rowid": False})


class LevelWeek(Histogram, Base):
    """Scores by level: the cube without its skills, a twelfth of its rows, for what looks at many cohorts or weeks."""

    __tablename__ = "level_week"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int] = mapped_column(Tiny, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ProgrammeCube(Histogram, Base):
    """Scores of all cohorts of a programme together, by skill and, under ANY, of whichever skill."""

    __tablename__ = "programme_cube"
    programme_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    level: Mapped[int] = mapped_column(Tiny, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    __table_args__ = ({"sqlite_with_rowid": False},)


class ActiveWeek(Base):
    """How many learners of a cohort began an interview in a week; ANY stands for whichever domain, source or mode.

    Persons can't be added up as answers can: who practised in two domains is one learner, so each choice has its own row.
    """

    __tablename__ = "active_week"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    mode: Mapped[str] = mapped_column(String(16), primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    learners: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class LearnerTrend(Base):
    """The sums from which the line through a learner's ability estimates in a domain is told.

    `sessions` interviews with an estimate, numbered from 0 in the order of time (x), each estimate (y, logits) weighted by
    its certainty: the weights' sum, and those of weight·x, weight·x², weight·y, weight·x·y and weight·y².
    """

    __tablename__ = "learner_trend"
    learner_id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    sessions: Mapped[int] = mapped_column(Integer, default=0)
    weight: Mapped[float] = mapped_column(Double, default=0.0)
    weight_x: Mapped[float] = mapped_column(Double, default=0.0)
    weight_xx: Mapped[float] = mapped_column(Double, default=0.0)
    weight_y: Mapped[float] = mapped_column(Double, default=0.0)
    weight_xy: Mapped[float] = mapped_column(Double, default=0.0)
    weight_yy: Mapped[float] = mapped_column(Double, default=0.0)
    __table_args__ = ({"sqlite_with_rowid": False},)


class PointText(Base):
    """A key point as it was put to graders; its number is a digest of domain, question and text."""

    __tablename__ = "point_text"
    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)
    domain: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str] = mapped_column(String(40))
    level: Mapped[int] = mapped_column(Tiny)
    question_id: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(String(POINT_LENGTH))


class PointCount(Base):
    """How many graded answers should have said a key point, and how many missed it, or said the contrary."""

    __tablename__ = "point_count"
    cohort_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    week: Mapped[dt.date] = mapped_column(primary_key=True)
    domain: Mapped[str] = mapped_column(String(40), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    point_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(Integer, default=0)
    missed: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = ({"sqlite_with_rowid": False},)
