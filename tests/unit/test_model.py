"""The rules of how an interview moves."""

import itertools

import pytest

from core.interview.model import TRANSITIONS, Event, IllegalEventError, Phase, advance


@pytest.mark.parametrize(("phase", "event"), sorted(set(itertools.product(Phase, Event)) - TRANSITIONS.keys()))
def test_an_event_that_no_rule_names_is_refused(phase: Phase, event: Event) -> None:
    with pytest.raises(IllegalEventError):
        advance(phase, event)


def test_nothing_leads_out_of_finished() -> None:
    assert not [phase for phase, _ in TRANSITIONS if phase is Phase.FINISHED]


def test_an_answer_makes_the_interviewer_speak_next() -> None:
    assert advance(Phase.ANSWERING, Event.ANSWERED) is Phase.ASKING
