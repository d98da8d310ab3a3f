"""The page for a steering meeting: what the cohort page says, on one page, and nobody's name."""

import dataclasses
import datetime as dt
import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from core.analytics.attention import Thresholds
from core.analytics.cohorts import Funnel
from core.analytics.scope import Scope
from core.bootstrap import Services
from core.reports.cohort_sheet import CohortSheet, Gap, Week, cohort_sheet
from core.reports.cohort_sheet_pdf import sheet_as_pdf
from core.sample import load_sample
from core.storage.count_tables import InterviewRollup
from core.storage.tables import Cohort, Person

MONDAY = dt.date(2026, 3, 2)


def words_of(sheet: CohortSheet) -> str:
    """The words of the PDF, which must have one page."""
    (page,) = PdfReader(io.BytesIO(sheet_as_pdf(sheet))).pages
    return " ".join(page.extract_text().split())


def empty() -> CohortSheet:
    return CohortSheet(
        title="Spring", made_on=MONDAY, period="since it began", source="sample data", is_sample=False,
        funnel=Funnel(0, 0, 0, 0, 0), responses=0, weeks=(), practice=(), change="", skills=(), points=(), calls=0,
    )  # fmt: skip


def test_the_page_says_what_the_counts_say_and_names_nobody(services: Services) -> None:
    load_sample(services.database, services.domains.catalogue(), responses=600, now=services.now())
    domains = services.domains.catalogue().domains
    with services.database.read() as session:
        cohort_id = session.scalars(select(Cohort.id).order_by(Cohort.id)).first() or 0
        rows = session.scalars(select(InterviewRollup).where(InterviewRollup.cohort_id == cohort_id)).all()
        scope = Scope((cohort_id,), source="sample")
        sheet = cohort_sheet(session, scope, domains, Thresholds(), services.now(), title="Spring", is_sample=True)
        names = session.scalars(select(Person.name)).all()
    graded = [row for row in rows if row.source == "sample"]
    assert sheet.responses == sum(row.n for row in graded)
    assert [week.monday for week in sheet.weeks] == sorted({row.week for row in graded if row.n})
    assert {gap.where for gap in sheet.skills} == {domains["tiny"].name}
    said = words_of(sheet)
    for part in ("Spring", "sample data", f"{sheet.responses:,} graded responses", sheet.skills[0].what, sheet.change):
        assert part in said
    assert not [name for name in names if name in said]


def test_an_empty_cohort_has_a_page_too() -> None:
    assert "Too few responses to name any." in words_of(empty())


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "<script>", "مرحبا بالعالم " * 20, "🫖" * 300, "x" * 3_000])
def test_whatever_things_are_called_and_however_many_there_are_it_stays_one_page(text: str) -> None:
    gaps = tuple(Gap(text, text, 0.5, 1_000_000) for _ in range(5))
    weeks = tuple(Week(MONDAY + dt.timedelta(weeks=n), n, 1 + n % 10, None, None) for n in range(120))
    practice = tuple((week.monday, week.n * 1_000) for week in weeks)
    full = dataclasses.replace(
        empty(), title=text, weeks=weeks, practice=practice, skills=gaps, points=gaps, calls=1, funnel=Funnel(*[99_999] * 5)
    )  # fmt: skip
    assert "1 learner may need a call" in words_of(full)
