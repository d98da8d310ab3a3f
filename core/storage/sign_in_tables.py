"""The table of who is let in by an identity provider without having been invited, beside those of tables.py."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables import Base


class SignInRule(Base):
    """Whoever comes with a verified address at this domain becomes a learner in that cohort."""

    __tablename__ = "sign_in_rule"
    email_domain: Mapped[str] = mapped_column(String(253), primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
