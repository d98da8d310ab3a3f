"""The answers of a report, one card each: question, answer with its evidence marked, grade and what can be done about it."""

from html import escape

import streamlit as st

from core.accounts.transcripts import Opened
from core.bootstrap import Services
from core.engines.base import Grade
from core.interview.model import TOPIC_MOVES, Phase
from core.interview.records import TurnView
from core.speech.changes import Change, changes
from core.speech.recordings import Recorded
from ui.again import draw_again
from ui.delivery import draw_delivery
from ui.flags import draw_dispute, draw_flag
from ui.marks import STYLE, answer_html
from ui.outcome import act
from ui.playback import draw_kept
from ui.safe import plain
from ui.second_grades import draw_second_grade
from ui.turns import LEARNER, LEVELS, draw_grade, draw_question, score_color

JUMPS_FROM = 5
"""Answers from which on a line of links leads to each."""

FOLDED_FROM, SHOWN = 3_000, 700
"""Letters from which on an answer is folded away, and how many of them then stay in sight."""

MOST_CHANGES = 12
TRY = "Try this question again"


def draw_turns(services: Services, opened: Opened) -> None:
    """All answered turns, with a line of links to them when they are many."""
    st.html(f"<style>{STYLE}</style>")
    answered = opened.view.answered
    kept = services.recordings.kept(opened.view.learner_id, opened.view.public_id)
    if len(answered) >= JUMPS_FROM:
        st.markdown("Go to answer " + " ".join(_jump(turn) for turn in answered))
    for turn in answered:
        with st.container(border=True):
            _draw_turn(services, opened, turn, kept.get(turn.number, []))


def draw_not_sent(opened: Opened) -> None:
    """What the learner had written under the open question when the interview ended: theirs alone, and no part of the scores."""
    view = opened.view
    turn = view.turns[-1] if view.turns and opened.own and view.phase is Phase.FINISHED else None
    if turn is None or turn.answer is not None or turn.skipped or not turn.draft.strip():
        return
    with st.container(border=True):
        draw_question(turn, view.question_of(turn))
        st.caption(
            "Not sent: this stood in the box when the interview ended. It is not graded, and nobody else sees it."
        )
        st.text(turn.draft)


def _jump(turn: TurnView) -> str:
    score = turn.grade.score if turn.grade else None
    color, says = (
        (score_color(score), f"{turn.number}: {score}") if score is not None else ("gray", f"{turn.number}: –")
    )
    return f"[:{color}-badge[{says}]](#answer-{turn.number})"


def _draw_turn(services: Services, opened: Opened, turn: TurnView, recorded: list[Recorded]) -> None:
    score = turn.grade.score if turn.grade else None
    reads = opened.reads(turn.number)
    with st.container(horizontal=True, vertical_alignment="center"):
        title = escape(f"{turn.number}. {turn.skill_name} · {LEVELS[turn.level]}")
        st.html(f'<h3 class="viva-turn" id="answer-{turn.number}">{title}</h3>', width="stretch")
        if turn.skipped:
            st.badge("Skipped", color="gray")
        elif score is not None and not reads:
            st.badge(f"{score} / 10", color=score_color(score))
    if not reads:
        return
    if opened.view.words_removed_at is not None:
        if not turn.skipped:
            draw_grade(turn)
        return
    draw_question(turn)
    if opened.own:
        draw_flag(services, opened.view, turn)
    again = opened.own and opened.view.phase is Phase.FINISHED and turn.move in TOPIC_MOVES
    if turn.skipped:
        if again:
            draw_again(services, opened.view, [turn.number], TRY, f"try-{turn.number}")
        return
    machine = turn.opinions.machine
    with st.chat_message("user", avatar=LEARNER):
        _draw_answer(turn.answer or "", machine.grade if machine else None, f"whole-{turn.number}")
        _draw_spoken(turn)
        draw_kept(recorded)
        if turn.sure is not None:
            who = "You were" if opened.own else "The learner was"
            st.caption(f"{who} {'sure' if turn.sure else 'unsure'}.")
    draw_grade(turn)
    draw_delivery(turn)
    if not opened.own:
        draw_second_grade(opened.view, turn)
        return
    with st.container(horizontal=True):
        if again:
            draw_again(services, opened.view, [turn.number], TRY, f"try-{turn.number}")
        if score is not None:
            draw_dispute(services, opened.view, turn)
    if turn.ungraded:
        regrade = (services.interviews.retry, opened.view.learner_id, opened.view.public_id, "grade", turn.number)
        st.button("Grade again", key=f"again-{turn.number}", on_click=act, args=regrade)


def _draw_answer(answer: str, grade: Grade | None, key: str) -> None:
    if len(answer) < FOLDED_FROM:
        st.html(answer_html(answer, grade))
        return
    st.html(answer_html(answer[:SHOWN].rsplit(maxsplit=1)[0] + " …", None))
    whole = st.expander(f"The whole answer: about {answer.count(' ') + 1:,} words", key=key, on_change="rerun")
    if whole.open:  # 25 answers of 100 KB are made, and sent, only when somebody reads them
        whole.html(answer_html(answer, grade))


def _draw_spoken(turn: TurnView) -> None:
    """How a spoken answer came to be what was sent: the terms put right, and what the learner changed."""
    if turn.input_mode != "voice":
        return
    if turn.heard is None:
        st.caption(":material/mic: Spoken.")
        return
    corrected, sent = turn.corrected if turn.corrected is not None else turn.heard, turn.answer or ""
    steps = ((turn.heard, corrected, "Terms put right by Viva"), (corrected, sent, "Changed before sending"))
    changed = [
        (label, changes(before, after))
        for before, after, label in steps
        if before != after and before.split() != after.split()
    ]
    if not changed:
        st.caption(":material/mic: Spoken, and sent as it was heard.")
        return
    st.caption(":material/mic: Spoken.")
    with st.expander("What was heard, and what became of it"):
        st.caption("Heard")
        st.text(turn.heard)
        for label, found in changed:
            st.caption(f"{label}: {_listed(found)}")


def _listed(found: list[Change] | None) -> str:
    if found is None:
        return "too long to compare word by word."
    shown = ", ".join(_told(change) for change in found[:MOST_CHANGES])
    return shown + (f" and {len(found) - MOST_CHANGES} more." if len(found) > MOST_CHANGES else ".")


def _told(change: Change) -> str:
    before, after = plain(change.before, 80), plain(change.after, 80)
    if not change.after:
        return f"“{before}” left out"
    return f"“{before}” → “{after}”" if change.before else f"“{after}” put in"
