"""What becomes of a recording on the page: it is written down, waits to be, or stands in the box."""

from dataclasses import dataclass
from functools import partial
from typing import cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.accounts.permissions import Viewer
from core.bootstrap import Services
from core.engines.base import Fault
from core.interview.records import InterviewView, TurnView
from core.speech.recordings import HEARD, NEW, TAKEN, Recorded
from core.speech.transcription import Heard
from ui.answer_box import box_key, fill_box, store_draft
from ui.outcome import act
from ui.playback import draw_player, duration
from ui.safe import plain

SHUT_FOR = 10.0
"""Seconds for which the box waits for a transcript, unless the learner would rather type.

Then it opens, and what comes is offered: put in by itself, it would overwrite what is being typed.
"""
LOOK = 0.25
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Writing:
    """A recording that is being written down: `shut` while the box waits for it, `line` is where that is told."""

    recording_id: int
    line: DeltaGenerator
    shut: bool


def draw_spoken(services: Services, viewer: Viewer, view: InterviewView, turn: TurnView) -> Writing | None:
    """Puts what was heard into the box, and draws what still waits; must run above the box."""
    writing, in_hand = None, services.listener.in_hand()  # looked at first: what isn't in hand is as it is stored
    for row in services.recordings.of_turn(view.learner_id, view.public_id, turn.number):
        _draw_reason(row)
        if row.state == NEW and row.id in in_hand:
            shut = in_hand[row.id] < SHUT_FOR and row.id not in st.session_state.get("typing", ())
            _shut(view, turn, row.id if shut else None)
            writing = _draw_writing(row, shut)
            _tell(writing, in_hand[row.id])
        elif row.state == NEW:
            _draw_waiting(services, viewer, view, turn, row)
        elif row.state == HEARD and _box_is_untouched(view, turn, row):
            _put_in(services, view, turn, row)
        elif row.state == HEARD:
            _draw_heard(services, view, turn, row)
        elif row.state == TAKEN and row.id not in (known := _heard(view, turn)):
            known[row.id] = services.speech.understood(
                row.raw or "", view.domain, turn.message, turn.question_id
            )  # the box is new in this tab
    return writing


def follow(services: Services, writing: Writing) -> None:
    """Wait at the end of the page until the recording is written down, then draw the page anew.

    Safe to abandon at any moment: a click ends it, and the next run waits again.
    """
    while not services.listener.done(writing.recording_id, LOOK):
        seconds = services.listener.in_hand().get(writing.recording_id, 0.0)
        if writing.shut and seconds >= SHUT_FOR:
            break
        _tell(writing, seconds)
    st.rerun()


def write_down(
    services: Services,
    viewer: Viewer,
    view: InterviewView,
    turn: TurnView,
    row: Recorded,
    *,
    data: bytes | None = None,
    name: str = "The recording",
    force: bool = False,
) -> None:
    """Have a recording written down, in the background; `force` sends it even though nobody seems to speak in it."""
    data = data or services.recordings.files.read(row.name or "")
    if data is None:
        return  # the page then says that it isn't here
    hear = partial(
        services.speech.hear,
        data,
        name,
        domain=view.domain,
        question=turn.message,
        question_id=turn.question_id,
        skill=turn.skill,
        language=str(viewer.settings.get("language", "")),
        force=force,
    )
    _shut(view, turn, row.id)
    services.listener.begin(row.id, services.budgets.for_interview(view.id, hear))


def note_reason(recording_id: int, reason: str) -> None:
    """Remember why a recording could not be written to the disk."""
    if reason:
        st.session_state.setdefault("unwritten", {})[recording_id] = reason


def _draw_writing(row: Recorded, shut: bool) -> Writing:
    """The line that tells of it; what stood here before must give way, or it would stay while the page waits."""
    if not shut:
        writing = Writing(row.id, st.empty(), shut)
    else:
        with st.container(horizontal=True, vertical_alignment="center"):
            writing = Writing(row.id, st.empty(), shut)
            st.button("Type instead", key=f"type-{row.id}", type="tertiary", on_click=_open_box, args=(row.id,))
    st.empty()  # in the place of the buttons by which it was tried again
    return writing


def _draw_reason(row: Recorded) -> None:
    if reason := st.session_state.get("unwritten", {}).get(row.id):
        st.caption(
            f":material/warning: The server could not store your recording ({plain(reason, 100)}); it holds it in memory "
            "until you send the answer."
        )


def _tell(writing: Writing, seconds: float) -> None:
    words = ":material/hourglass_top: Writing down what you said …"
    if not writing.shut:
        words += f" {seconds:.0f} s. You can type meanwhile; an answer sent before it is done goes without it."
    writing.line.caption(words)


def _open_box(recording_id: int) -> None:
    st.session_state.setdefault("typing", set()).add(recording_id)


def _shut(view: InterviewView, turn: TurnView, recording_id: int | None) -> None:
    st.session_state[f"shut-{view.public_id}-{turn.number}"] = recording_id


def _box_is_untouched(view: InterviewView, turn: TurnView, row: Recorded) -> bool:
    """Whether nobody can have typed since: the box was shut for this recording, or is new in this tab."""
    waited = st.session_state.get(f"shut-{view.public_id}-{turn.number}") == row.id
    return waited or box_key(view, turn) not in st.session_state


def _put_in(services: Services, view: InterviewView, turn: TurnView, row: Recorded) -> None:
    """Add what was heard to what stands in the box, once, however often the script is stopped on the way."""
    key, known = fill_box(view, turn), _heard(view, turn)
    if row.id not in known:
        heard = services.speech.understood(row.raw or "", view.domain, turn.message, turn.question_id)
        st.session_state[key] = f"{st.session_state[key]} {heard.text}".strip()
        known[row.id] = heard  # nothing can stop the script between these two
    store_draft(services.interviews, view, turn)
    act(services.recordings.take, view.learner_id, view.public_id, row.id)


def _heard(view: InterviewView, turn: TurnView) -> dict[int, Heard]:
    """What is in the box of the turn's recordings, for its changes to be undone and for sending."""
    return cast(dict[int, Heard], st.session_state.setdefault(f"heard-{view.public_id}-{turn.number}", {}))


def _draw_heard(services: Services, view: InterviewView, turn: TurnView, row: Recorded) -> None:
    text = row.corrected or row.raw or ""
    st.info(f"Your recording is written down: “{plain(text, SHOWN)}”", icon=":material/mic:")
    with st.container(horizontal=True):
        own = (services, view, turn, row)
        st.button("Put it into the box", key=f"put-{row.id}", type="primary", on_click=_put_in, args=own)
        _draw_discard(services, view, row)


def _draw_waiting(services: Services, viewer: Viewer, view: InterviewView, turn: TurnView, row: Recorded) -> None:
    """A recording that nobody is writing down: why, and what can be done with it."""
    still = f"Your recording{duration(row, ' of ')} is still here."
    if not row.here:
        still = "The recording itself is not on this server any more, so please record or type your answer again."
    if row.sentence:
        st.error(f"{row.sentence} {still}", icon=":material/mic_off:")
    else:
        st.info(still, icon=":material/mic:")
    with st.container(horizontal=True, vertical_alignment="center"):
        again = partial(write_down, services, viewer, view, turn, row)
        if not row.here:
            pass
        elif row.fault is Fault.SILENCE:
            st.button("Send it anyway", key=f"send-{row.id}", on_click=again, kwargs={"force": True})
        elif row.fault is not Fault.BAD_INPUT:
            label = "Try again" if row.fault else "Write it down"
            st.button(label, key=f"again-{row.id}", type="primary", on_click=again)
        _draw_discard(services, view, row)
        if row.here:
            draw_player(row)


def _draw_discard(services: Services, view: InterviewView, row: Recorded) -> None:
    own = (services.recordings.discard, view.learner_id, view.public_id, row.id)
    st.button("Discard", key=f"discard-{row.id}", icon=":material/delete:", on_click=act, args=own)
