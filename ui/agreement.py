"""For administrators: how machines' grades compare with people's, and whether replies keep to the policy card."""

import pandas as pd
import streamlit as st

from core.accounts.permissions import Viewer
from core.analytics.agreement import agreements, graded_twice, replies
from core.analytics.metrics import ENOUGH_PAIRS
from ui.services import services

KAPPA = (
    "1 is full agreement, 0 is chance, and distance counts squared. Two teachers who graded the same answers of a public "
    "data set reached 0.49. People see the machine's score when they grade, which brings theirs nearer to it."
)
ENGINES = {"offline": "Offline engine", "openai": "Model server", "sample": "Sample data"}
DIFFERENCE = "Above 0, people give more than the machine."


def draw_agreement(viewer: Viewer) -> None:
    """Both tables; sample people see the sample's."""
    with services().database.read() as session:
        compared = agreements(graded_twice(session, is_sample=viewer.is_sample))
        kept = replies(session)
    st.subheader("People's grades and the machine's", anchor=False)
    if compared.empty:
        st.info("Nobody has graded an answer beside a machine yet; that is done in a learner's report.")
    else:
        _draw_compared(compared)
    st.subheader("Replies that kept to the policy card", anchor=False)
    st.caption(
        "Before each reply, code says what its move and its skill may be. A reply that does otherwise still shows."
    )
    if kept.empty:
        st.info("No interviewer has replied yet.")
    else:
        _draw_kept(kept)


def _draw_compared(compared: pd.DataFrame) -> None:
    domains = services().domains.catalogue().domains
    enough = compared["n"] >= ENOUGH_PAIRS
    st.dataframe(
        {
            "Domain": [domains[key].name if key in domains else key for key in compared["domain"]],
            "Graded by": [ENGINES.get(source, source) for source in compared["source"]],
            "Model": compared["model"],
            "Prompt": compared["prompt_digest"].str[:12],
            "Answers": compared["n"],
            "Weighted kappa": _shown(compared["kappa"], enough, "{:.2f}", "all scores are the same"),
            "Person − machine": _shown(compared["difference"], enough, "{:+.2f}", ""),
        },
        hide_index=True,
        width="stretch",
        column_config={
            "Weighted kappa": st.column_config.TextColumn(help=KAPPA),
            "Person − machine": st.column_config.TextColumn(help=DIFFERENCE),
        },
        alt="How people's scores compare with the machine's, by domain and version of the prompt",
    )
    st.caption(f"From {ENOUGH_PAIRS} answers on that both have scored, by domain and version of the grader's prompt.")


def _draw_kept(kept: pd.DataFrame) -> None:
    st.dataframe(
        {
            "Engine": [ENGINES.get(engine, engine) for engine in kept["engine"]],
            "Model": kept["model"],
            "Prompt": kept["prompt_digest"].str[:12],
            "Replies": kept["n"],
            "Kept to the card": [f"{share:.1%}" for share in kept["kept"] / kept["n"]],
            "First week": kept["since"],
            "Last week": kept["until"],
        },
        hide_index=True,
        width="stretch",
        alt="Share of replies that kept to the policy card, by model and version of the prompt",
    )


def _shown(values: pd.Series, enough: pd.Series, form: str, undefined: str) -> list[str]:
    return [
        "not enough yet" if not known else undefined if pd.isna(value) else form.format(value)
        for value, known in zip(values, enough, strict=True)
    ]
