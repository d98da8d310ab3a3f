"""Sure or unsure: how well a learner judges their own answers before they are graded."""

import pandas as pd
import streamlit as st
from sqlalchemy.orm import Session

from core.analytics import calibration, learner_charts
from core.analytics.calibration import Judged, Surprise
from core.analytics.metrics import FEW
from core.domains import Catalogue
from ui.charts import draw_chart
from ui.safe import plain

SHOWN = 4
"""Surprises that are listed, the newest ones."""


def draw_calibration(session: Session, learner_id: int, domain: str | None, source: str, catalogue: Catalogue) -> None:
    """The chart with its sentence, and the answers that came out otherwise than the learner felt."""
    rows = calibration.calibration(session, learner_id, domain=domain)
    sure, unsure = (calibration.judged(rows, source, sure=felt) for felt in (True, False))
    if not sure.n + unsure.n:
        st.subheader("Sure or unsure", anchor=False)
        st.caption(
            "Say under an answer how sure you are before you send it: here you then see how well you judge yourself."
        )
        return
    columns = {"Felt": "You were", "Result": "It was", "n": "Answers"}
    frame = _frame({"Sure": sure, "Unsure": unsure})
    draw_chart("Sure or unsure", frame, learner_charts.calibration(), _says(sure, unsure), columns,
               height=learner_charts.FELT.height(frame["Felt"].nunique()))  # fmt: skip
    found = calibration.surprises(session, learner_id, domain=domain, limit=SHOWN)
    if found:
        st.caption("Worth reading again:")
    for one in found:
        _draw_surprise(one, catalogue)


def _frame(felt: dict[str, Judged]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"Felt": name, "Result": result, "place": place, "n": n, "share": n / one.n}
            for name, one in felt.items()
            if one.n
            for place, (result, n) in enumerate(zip(learner_charts.RESULTS, one.results, strict=True))
        ]
    )


def _says(sure: Judged, unsure: Judged) -> str:
    parts = [
        f"You were {felt} of {one.n} answer{'' if one.n == 1 else 's'}: {one.right} right, {one.wrong} wrong."
        for felt, one in (("sure", sure), ("unsure", unsure))
        if one.n
    ]
    if sure.n + unsure.n < FEW:
        parts.append("That is too few to rely on.")
    return " ".join([*parts, "It is about your newest hundred interviews."])


def _draw_surprise(one: Surprise, catalogue: Catalogue) -> None:
    names = catalogue.domains[one.domain].skills if one.domain in catalogue.domains else {}
    skill = names.get(one.skill, one.skill.replace("_", " "))
    st.page_link(
        "pages/Review.py",
        label=f"{'Sure' if one.sure else 'Unsure'}, and {one.score} of 10: question {one.number}, {plain(skill)}",
        icon=":material/psychology_alt:",
        query_params={"interview": one.interview},
    )
