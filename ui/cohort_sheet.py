"""The page for a steering meeting, to take along."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from core.accounts.permissions import Viewer
from core.analytics.attention import Thresholds
from core.bootstrap import Services
from core.domains import Domain
from ui.cohort_filters import Chosen


def draw_sheet(services: Services, viewer: Viewer, chosen: Chosen, domains: Mapping[str, Domain]) -> None:
    """The button; the page is made when it is pressed, under the filters of that moment, but of all skills and weeks."""
    cohort, scope = chosen.cohort, replace(chosen.course, skill=None)

    def made() -> bytes:
        from core.reports.cohort_sheet import cohort_sheet
        from core.reports.cohort_sheet_pdf import sheet_as_pdf  # the fonts take a moment to read

        title, thresholds = f"{cohort.programme} · {cohort.name}", Thresholds.of(viewer.settings)
        with services.database.read() as session:
            sheet = cohort_sheet(session, scope, domains, thresholds, services.now(), title=title, is_sample=cohort.is_sample)  # fmt: skip
        return sheet_as_pdf(sheet)

    st.download_button("One page for a meeting", made, f"cohort-{services.now():%Y-%m-%d}.pdf", "application/pdf",
                       key="sheet", on_click="ignore", icon=":material/picture_as_pdf:",
                       help="Numbers, courses and gaps of this cohort as a PDF, without anybody's name.")  # fmt: skip
