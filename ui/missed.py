"""The key points that a cohort's answers missed most, and answers in which they were missed, as far as those may be read."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.analytics.missed import examples, missed_points
from core.analytics.scope import Scope
from core.storage.ids import week_of
from ui.downloads import draw_downloads
from ui.safe import model_text, plain

LATELY = dt.timedelta(weeks=1)
"""Examples are looked for in the week that runs, and as long before it."""


def draw_missed(session: Session, scope: Scope, skills: Mapping[str, str], now: dt.datetime) -> None:
    """The list, of one skill where the scope has one; a row opens examples from the last days."""
    of = f": {plain(skills.get(scope.skill, scope.skill))}" if scope.skill else ""
    st.subheader(f"Key points most often missed{of}", anchor=False)
    found = missed_points(session, scope)
    if found.empty:
        st.caption("No key point has been missed by three answers or more.")
        return
    table = pd.DataFrame(
        {
            "Missed by": (100 * found["share"]).round().astype("int64"),
            "Answers": found["n"],
            "Key point": found["text"],
            "Skill": [skills.get(skill, skill.replace("_", " ")) for skill in found["skill"]],
            "Level": found["level"],
        }
    )
    config = {"Missed by": st.column_config.NumberColumn(format="%d %%")}
    event = st.dataframe(table, hide_index=True, width="stretch", column_config=config, on_select="rerun",
                         selection_mode="single-row", key=f"missed-{scope.domain}-{scope.skill}",
                         alt="Key points most often missed, with how many answers missed them")  # fmt: skip
    draw_downloads(table, "Key points missed")
    if rows := event["selection"]["rows"]:
        _draw_examples(session, scope, int(found["point_id"].iloc[rows[0]]), now)
    else:
        st.caption("Choose a row for answers that missed the point. Answers count here in both modes.")


def _draw_examples(session: Session, scope: Scope, point_id: int, now: dt.datetime) -> None:
    said = examples(session, scope.cohort_ids, point_id, since=week_of(now - LATELY), until=week_of(now))
    for answer in said:
        with st.container(border=True):
            st.markdown(model_text(answer, 2_000))
    st.caption(
        "Answers of the last days, without names, of learners or programmes that share what is said." if said else
        "None of the last days' answers that missed it may be shown: their learners don't share what they say."
    )  # fmt: skip
