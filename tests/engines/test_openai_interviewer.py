"""The interviewer over a real socket: what is sent, and what is shown."""

from dataclasses import replace

import pytest

from core.engines.base import AskBrief, Exchange, Fault, Material, ServiceError
from core.engines.openai_client import OpenAIClient
from core.engines.openai_interviewer import OpenAIInterviewer, conversation
from core.interview.model import Band, Card, Move, Step
from tests.engines.wire import Wire, fault, spoken

HEADER = '{"band": "none", "move": "opening", "skill": "sql"}\n'
STEP = Step(Move.OPENING, "sql", 2, "q1")


def brief(*history: tuple[str, str]) -> AskBrief:
    return AskBrief(
        interview_id="interview-7",
        number=len(history) + 1,
        limit=10,
        mode="practice",
        domain_name="Data",
        system="You are Ada.",
        history=[Exchange(*pair) for pair in history],
        card_text="CARD",
        card=Card(dict.fromkeys(Band, STEP), len(history) + 1),
        materials=dict.fromkeys(Band, Material("What is a join?", "SQL")),
    )


def said(client: OpenAIClient) -> str:
    return "".join(OpenAIInterviewer(client, "m").ask(brief()))


def test_the_whole_history_goes_out_with_the_system_first_and_the_card_last(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken(HEADER, "Hello.")]
    history = [(f"question {n}", f"answer {n} ü 😀") for n in range(24)]
    list(OpenAIInterviewer(client, "gpt-x").ask(brief(*history)))
    turns = [
        {"role": role, "content": text}
        for pair in history
        for role, text in zip(("assistant", "user"), pair, strict=True)
    ]
    assert wire.seen[0].json["messages"] == [
        {"role": "system", "content": "You are Ada."},
        *turns,
        {"role": "user", "content": "CARD"},
    ]
    assert wire.seen[0].path == "/v1/chat/completions"


def test_what_the_candidate_gave_stands_between_the_system_and_the_history() -> None:
    given = replace(brief(("Hello.", "Hi.")), context="GIVEN")
    assert [message["content"] for message in conversation(given, 1000)] == [
        "You are Ada.", "GIVEN", "Hello.", "Hi.", "CARD",
    ]  # fmt: skip


def test_requests_of_one_interview_share_a_cache_key(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken(HEADER, "Hello.")]
    said(client)
    sent = wire.seen[0].json
    assert (sent["prompt_cache_key"], sent["model"], sent["stream"]) == ("interview-7", "m", True)


def test_a_server_without_cache_keys_is_asked_without(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [fault(400, param="prompt_cache_key"), spoken(HEADER, "Hello.")]
    assert said(client) == HEADER + "Hello."


def test_what_the_model_thinks_is_not_shown(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken("<th", "ink>The candi", "date is weak.</thi", "nk>\n", HEADER, "Hel", "lo.")]
    assert said(client).strip() == HEADER + "Hello."


@pytest.mark.parametrize("pieces", [(HEADER,), ("<think>Long thoughts",), ("  \n",), (HEADER, "  ")])
def test_a_reply_without_a_message_is_an_error(wire: Wire, client: OpenAIClient, pieces: tuple[str, ...]) -> None:
    wire.plays = [spoken(*pieces)]
    with pytest.raises(ServiceError) as caught:
        said(client)
    assert caught.value.kind is Fault.BAD_REPLY


def test_a_message_that_breaks_off_is_an_error_after_what_was_said(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken(HEADER, "Hel", finish=None)]
    pieces = OpenAIInterviewer(client, "m").ask(brief())
    assert [next(pieces), next(pieces)] == [HEADER, "Hel"]
    with pytest.raises(ServiceError, match="broke off"):
        next(pieces)


def test_over_the_budget_the_oldest_exchanges_go_and_the_system_stays() -> None:
    history = [(f"q{n}", "a" * 98) for n in range(5)]
    messages = conversation(brief(*history), history_bytes=250)
    assert [message["content"][:2] for message in messages] == ["Yo", "q3", "aa", "q4", "aa", "CA"]


def test_the_budget_counts_bytes() -> None:
    assert len(conversation(brief(("q", "é" * 60), ("q", "é" * 60)), history_bytes=200)) == 4


def test_the_last_exchange_goes_out_whatever_its_size() -> None:
    assert len(conversation(brief(("q", "a"), ("q", "a" * 500)), history_bytes=100)) == 4


def test_a_lone_surrogate_in_an_answer_does_no_harm(wire: Wire, client: OpenAIClient) -> None:
    wire.plays = [spoken(HEADER, "Hello.")]
    assert "".join(OpenAIInterviewer(client, "m").ask(brief(("q", "a \ud800 \x00 b")))) == HEADER + "Hello."
