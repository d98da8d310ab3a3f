"""What an interview is for: the role, a job advertisement, a CV; all of it optional."""

from dataclasses import dataclass

import streamlit as st

from core.documents import read_document
from core.domains import Domain
from core.engines.base import ServiceError
from ui.safe import plain


@dataclass(frozen=True, slots=True)
class Given:
    """The texts that the learner gave; each may be empty."""

    role: str = ""
    job: str = ""
    cv: str = ""


def draw_context(domain: Domain, engine: str) -> Given:
    """Role, advertisement and CV, typed, pasted or uploaded."""
    with st.expander("For a particular job? (optional)", icon=":material/work:"):
        role = st.selectbox(
            "Role",
            domain.roles,
            None,
            format_func=plain,
            accept_new_options=True,
            placeholder="Choose one, or write your own",
            key=f"role-{domain.key}",
        )
        job = _draw_text("Job advertisement", "job")
        cv = _draw_text("CV", "cv")
        use = (
            "Your interviewer reads them to fit its questions to you; they are sent to the model with each question."
            if engine == "openai"
            else "Skills that the role and the advertisement name come up first; the offline engine makes no use of a CV."
        )
        st.caption(f"{use} They are kept with this interview only, and erased with it.")
    return Given(role or "", job, cv)


def _draw_text(label: str, key: str) -> str:
    """A box to paste into, filled from a file where one is uploaded."""
    box = f"given-{key}"
    upload = st.file_uploader(
        f"{label}: upload a PDF, Word or text file", ["pdf", "docx", "txt", "md"], key=f"{box}-file"
    )
    if upload is not None and st.session_state.get(f"{box}-read") != upload.file_id:
        st.session_state[f"{box}-read"] = upload.file_id
        try:
            st.session_state[box] = read_document(upload.getvalue())
        except ServiceError as error:
            st.session_state[f"{box}-fault"] = error.sentence
        else:
            st.session_state.pop(f"{box}-fault", None)
    if fault := st.session_state.get(f"{box}-fault"):
        st.error(fault)
    return st.text_area(f"{label}: or paste it here", key=box, height=110, max_chars=60_000)
