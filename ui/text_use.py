"""Putting a version to use: what it changes, what the rubric bench says of it, and then the step itself."""

from difflib import unified_diff
from functools import lru_cache

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.domain_checks import check
from core.domains import Domain
from core.quality.benches import Run
from core.quality.versions import Kind
from ui.bench import draw_run
from ui.outcome import perform
from ui.safe import plain
from ui.services import services
from ui.texts import Chosen, read_once

DIFFERENCE = 400  # lines


@lru_cache(maxsize=8)
def content_faults(name: str, text: str) -> list[str]:
    """What `prompts check` says of a domain in this text beyond its form."""
    domain = read_once(Kind.DOMAIN, name, text)
    assert isinstance(domain, Domain)  # noqa: S101  the kind says so
    return check(domain)


def draw_use(_: Viewer, chosen: Chosen) -> None:
    """Everything to know before the step; a draft with a model set up is seen on the bench first."""
    if chosen.is_used:
        st.info("This version is in use. Choose another one above to put that to use.", icon=":material/check:")
        return
    _draw_difference(chosen)
    if chosen.faults:
        return
    if isinstance(chosen.content, Domain) and (found := content_faults(chosen.name, chosen.text)):
        st.warning(
            "\n".join(["The questions could be better:", "", *(f"- {plain(fault, 300)}" for fault in found[:20])])
        )
    ready = _draw_evidence(chosen)
    st.button(_step(chosen), type="primary", disabled=not ready, on_click=_put, args=(chosen,))
    st.caption("Every interview goes on with it within seconds; grades that were given stay as they are.")


def _draw_difference(chosen: Chosen) -> None:
    versions, number = services().versions, chosen.in_use.number
    in_use = (
        versions.file(chosen.kind, chosen.name) if number is None else versions.text(chosen.kind, chosen.name, number)
    )
    names = ("the file" if number is None else f"version {number}", "this version")
    lines = list(unified_diff((in_use or "").splitlines(), chosen.text.splitlines(), *names, lineterm="", n=2))
    if not lines:
        st.caption("It says the same as what is in use.")
        return
    st.markdown(f"**What changes** from {names[0]}, which is in use")
    st.code(
        "\n".join(lines[:DIFFERENCE]), language="diff", wrap_lines=True, height=320 if len(lines) > 16 else "content"
    )
    if len(lines) > DIFFERENCE:
        st.caption(f"These are the first {DIFFERENCE} of {len(lines)} lines of difference.")


def _draw_evidence(chosen: Chosen) -> bool:
    """What the bench says of this version; whether that is enough to go on."""
    if chosen.immeasurable:
        st.caption(chosen.immeasurable)
        return True
    run = _latest(chosen)
    if run is not None:
        draw_run(run, accept=False)
    needed = chosen.is_draft and services().engines.grader_with is not None
    if run is None or run.report is None:
        if needed:
            st.info("See first what it does to scores: run the rubric bench on this draft.", icon=":material/speed:")
        return not needed
    if needed and run.compared_with is None:
        st.info("There is no drift to see: run the rubric bench on the version in use, and accept that run, to see it.",
                icon=":material/speed:")  # fmt: skip
    if needed and (run.report.faults() or run.compared_with is None):
        return st.checkbox("I have read this, and want it all the same", key=f"read-{chosen.key}-{chosen.number}")
    return True


def _latest(chosen: Chosen) -> Run | None:
    domain = chosen.content if isinstance(chosen.content, Domain) else None
    return services().benches.latest(chosen.grader(), domain, done=True)


def _step(chosen: Chosen) -> str:
    if chosen.number is None:
        return "Use the file again"
    return f"Put version {chosen.number} to use" if chosen.is_draft else f"Go back to version {chosen.number}"


def _put(chosen: Chosen) -> None:
    def work(viewer: Viewer) -> str:
        services().versions.put_to_use(viewer, chosen.kind, chosen.name, chosen.number)
        return f"{'The file' if chosen.number is None else f'Version {chosen.number}'} is in use now."

    perform(work, Role.ADMIN)
