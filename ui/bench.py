"""The rubric bench on the page of prompts: run it on the version at hand, follow it, read it, accept it."""

from functools import partial

import streamlit as st

from core.accounts.permissions import Role, Viewer
from core.domains import Domain
from core.grading.rubric_bench import DRIFT_AT_MOST, INJECTION_AT_MOST, STRONG_AT_LEAST, WEAK_AT_MOST, cases_of
from core.quality import benches
from core.quality.bench_table import HEAD, cells
from core.quality.benches import Run
from ui.access import require
from ui.outcome import perform
from ui.safe import plain
from ui.services import services
from ui.texts import Chosen, domain_name
from ui.when import ago, day

FEW = 12
"""Questions that are suggested where each costs calls of a model."""


def draw_bench(viewer: Viewer, chosen: Chosen) -> None:
    """The run of this version that there is, one that goes on, or the way to start one."""
    if chosen.immeasurable:
        st.info(chosen.immeasurable)
        return
    if (domain := chosen.domain()) is None:
        st.info("There is no domain to run it on.")
        return
    st.caption(f"The authored answers are graded: weak ones must get {WEAK_AT_MOST} or less, strong ones {STRONG_AT_LEAST} or "
               f"more, in order. A sentence that asks for marks may move a score by {INJECTION_AT_MOST}, and the mean of a band "
               f"may differ by {DRIFT_AT_MOST} from that of the last accepted run.")  # fmt: skip
    if running := services().benches.running():
        st.fragment(_follow, run_every=1.0)(running.public_id)
    else:
        _draw_start(chosen, domain)
    if run := services().benches.latest(chosen.grader(), domain):
        draw_run(run)


def draw_run(run: Run, *, accept: bool = True) -> None:
    """What a run came to, with the drift and everything that is missed."""
    if run.state == benches.RUNNING:
        return
    made_by = "the offline engine" if run.engine == "offline" else plain(run.model)
    name = plain(domain_name(run.domain))
    st.markdown(f"**{name}: {run.total} answers by {made_by}**, {ago(run.started_at, services().now())}")
    if (report := run.report) is None:
        how = "broken off by a fault of ours" if run.state == benches.FAILED else run.state
        st.warning(f"This run was {how} after {run.done} of {run.total} answers; nothing can be said from it.")
        return
    rows = [cells(band) for band in report.bands]
    columns = dict(zip((name or "answers" for name in HEAD), zip(*rows, strict=True), strict=True))
    st.dataframe(columns, hide_index=True, alt="Scores of the weak, mid and strong answers, and how far they drifted")
    drift = f"Drift is against the run accepted on {day(run.compared_with)}." if run.compared_with else (
        "No earlier run of this domain by this engine has been accepted, so there is no drift to show.")  # fmt: skip
    in_order = report.ordered - len(report.disordered)
    st.caption(f"{in_order} of {report.ordered} questions in order; {len(report.moved)} of {report.pairs} answers moved by "
               f"asking for marks. {drift}")  # fmt: skip
    for reason, n in report.reasons.items():
        st.caption(f"{n} not graded, because {plain(reason[:1].lower() + reason[1:], 300)}")
    faults = report.faults()
    if faults:
        st.warning("\n".join(f"- {plain(fault, 600)}" for fault in faults))
    elif report.ungraded:
        st.info(f"What was graded keeps all bounds; {report.ungraded} of {run.total} answers were not graded.")
    else:
        st.success("All bounds are kept.")
    if run.accepted_at:
        st.caption(f"Accepted {ago(run.accepted_at, services().now())}: later runs are compared with it.")
    elif accept and report.whole:
        st.button("Compare later runs with this one", on_click=_accept, args=(run.public_id,))


def _draw_start(chosen: Chosen, domain: Domain) -> None:
    most = len(cases_of(domain)) // 6
    if not most:
        st.info("No question of this domain has authored answers, so there is nothing to grade.")
        return
    has_model = services().engines.grader_with is not None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = min(FEW, most) if has_model else most
        limit = st.number_input("Questions", 1, most, wanted, key=f"bench-limit-{domain.key}", persist_state="session")
        st.button("Run the rubric bench", type="primary", icon=":material/play_arrow:",
                  on_click=_start, args=(chosen, domain, int(limit)))  # fmt: skip
    if has_model:
        st.caption(f"About {6 * limit} calls of {plain(chosen.grader().model)}; it goes on when you leave this page.")


def _start(chosen: Chosen, domain: Domain, limit: int) -> None:
    def work(viewer: Viewer) -> str:
        services().benches.start(viewer, domain, chosen.grader(), limit)
        return ""

    perform(work, Role.ADMIN)


def _accept(public_id: str) -> None:
    def work(viewer: Viewer) -> str:
        services().benches.accept(public_id, viewer)
        return "Later runs of this domain are compared with this one."

    perform(work, Role.ADMIN)


def _stop(public_id: str) -> None:
    def work(viewer: Viewer) -> str:
        services().benches.stop(viewer, public_id)
        return "The run is stopped."

    perform(work, Role.ADMIN)


def _follow(public_id: str) -> None:
    require(Role.ADMIN)  # a fragment reruns without its page
    run = services().benches.find(public_id)
    if run.state != benches.RUNNING:
        st.rerun()
    st.progress(run.done / run.total, f"{plain(domain_name(run.domain))}: {run.done} of {run.total} answers are graded")
    st.button("Stop it", on_click=partial(_stop, public_id))
